//! Changes of a set that was renamed. A rename is a deploy, and changes survive it.

use proptest::prelude::*;
use tower_tracks::{
    MultiTrackSet, SimpleTrackSet,
    control::{Act, Appended, Change, ChangeLog, Code, Controls, Draft, MemoryLog, Mode, state},
    store::Timestamp,
};

use crate::{properties::config, support::layer};

fn delay() -> SimpleTrackSet<i32> {
    tracks(SimpleTrackSet::new("delay"))
}

fn wait() -> SimpleTrackSet<i32> {
    tracks(SimpleTrackSet::new("wait").formerly("delay"))
}

fn tracks(set: SimpleTrackSet<i32>) -> SimpleTrackSet<i32> {
    set.track("short", 500).track("long", 2000)
}

fn second(second: u64) -> Timestamp {
    Timestamp::from_micros(second as i64 * 1_000_000)
}

/// Changes of alice, one a second.
fn changes(acts: impl IntoIterator<Item = (&'static str, Act)>) -> Vec<Change> {
    let change = |(number, (set, act))| {
        Draft::new(set, 1, act, "alice", "a reason").numbered(number, second(number))
    };
    (1..).zip(acts).map(change).collect()
}

fn mode(sets: &MultiTrackSet, changes: &[Change]) -> Mode {
    state(Code::of(sets).next().unwrap(), changes, second(1000)).mode
}

#[test]
fn changes_of_all_names_are_one_sequence() {
    use Act::{Pause, Resume};
    let ship = || Act::Ship {
        track: "long".into(),
    };
    let (delay, wait) = (delay().build().unwrap(), wait().build().unwrap());
    for (acts, before, after) in [
        (vec![("delay", Pause)], Mode::Paused, Mode::Paused),
        (vec![("wait", Pause)], Mode::Code, Mode::Paused),
        (
            vec![("delay", Pause), ("wait", Resume)],
            Mode::Paused,
            Mode::Code,
        ),
        (
            vec![("wait", Resume), ("delay", Pause)],
            Mode::Paused,
            Mode::Paused,
        ),
        (vec![("delay", ship())], Mode::Shipped(2), Mode::Shipped(2)),
        (
            vec![("delay", ship()), ("wait", Pause)],
            Mode::Shipped(2),
            Mode::Paused,
        ),
        (vec![("banner", Pause)], Mode::Code, Mode::Code),
    ] {
        let changes = changes(acts.clone());
        assert_eq!(mode(&delay, &changes), before, "before: {acts:?}");
        assert_eq!(mode(&wait, &changes), after, "after: {acts:?}");
    }
}

proptest! {
    #![proptest_config(config(64))]

    /// A set that is renamed between two of its changes has the same state as one that is not.
    #[test]
    fn a_rename_in_between_changes_nothing(acts in proptest::collection::vec((0..6_usize, any::<bool>()), 0..12)) {
        let act = |index| match index {
            0 => Act::Pause,
            1 => Act::Resume,
            2 => Act::Share { share: 0.25, over: 1.0 },
            3 => Act::Ship { track: "long".into() },
            4 => Act::Close,
            _ => Act::Reset,
        };
        let as_made = acts.iter().map(|(index, renamed)| {
            (if *renamed { "wait" } else { "delay" }, act(*index))
        });
        let all_before = acts.iter().map(|(index, _)| ("delay", act(*index)));
        let (wait, delay) = (wait().build().unwrap(), delay().build().unwrap());
        let of = |sets: &MultiTrackSet, changes: &[Change]| {
            let mut state = state(Code::of(sets).next().unwrap(), changes, second(1000));
            // The number for the log is one of a name.
            state.last = 0;
            state
        };
        prop_assert_eq!(of(&wait, &changes(as_made)), of(&delay, &changes(all_before)));
    }
}

#[test]
fn a_pause_of_before_the_deploy_pauses_after_it() {
    let log = std::sync::Arc::new(MemoryLog::default());
    {
        let controls = Controls::builder(log.clone()).start().unwrap();
        let _layer = layer(delay().build().unwrap()).controls(&controls);
        let set = controls.set("delay").unwrap();
        set.pause("alice", "errors in checkout").unwrap();
    }
    let controls = Controls::builder(log.clone()).start().unwrap();
    let _layer = layer(wait().build().unwrap()).controls(&controls);
    let set = controls.set("wait").unwrap();
    assert_eq!(set.state().paused, Some(1));
    // The first change under the new name follows none under it.
    let resume = set.resume("alice", "mended").unwrap();
    assert_eq!((resume.number, &*resume.set), (2, "wait"));
    assert!(resume.effective_at > resume.at);
    // A change under the former name reaches the nodes of before, too.
    let by_former_name = controls.set("delay").unwrap().pause("bob", "again");
    let by_former_name = by_former_name.unwrap();
    assert_eq!((by_former_name.number, &*by_former_name.set), (3, "delay"));
    assert_eq!(set.state().paused, Some(3));
    // The node of before still writes under the former name, and two changes of one name exclude each other.
    let late = Draft::new("delay", 1, Act::Resume, "carol", "a node of before");
    assert!(
        matches!(log.append(&late, 0).unwrap(), Appended::Conflict(change) if change.number == 3)
    );
}
