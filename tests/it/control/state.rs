//! From changes to what is in force: a table of cases, and properties of all sequences.

use proptest::prelude::*;
use tower_tracks::{
    MultiTrackSet, SimpleTrackSet,
    control::{Act, Change, Code, Draft, Mode, State, Step, Void, state},
    store::Timestamp,
};

use super::any;

/// A set with a share of one half in code.
fn delay() -> MultiTrackSet {
    let delay = SimpleTrackSet::new("delay")
        .track("short", 500)
        .track("long", 2000);
    delay.share(0.5).build().unwrap()
}

fn second(second: i64) -> Timestamp {
    Timestamp::from_micros(second * 1_000_000)
}

fn share(share: f64) -> Act {
    Act::Share { share, over: 0.5 }
}

fn ramp(steps: &[(i64, f64)]) -> Act {
    let step = |(at, share): &(i64, f64)| Step {
        at: second(*at),
        share: *share,
    };
    Act::Ramp {
        steps: steps.iter().map(step).collect(),
        over: 0.5,
    }
}

fn ship(track: &'static str) -> Act {
    Act::Ship {
        track: track.into(),
    }
}

/// Changes of alice, one a second.
fn changes(acts: impl IntoIterator<Item = Act>) -> Vec<Change> {
    let change = |(number, act)| {
        Draft::new("delay", 1, act, "alice", "a reason").numbered(number, second(number as i64))
    };
    (1..).zip(acts).map(change).collect()
}

fn at(changes: &[Change], now: i64) -> State {
    in_force(changes, second(now))
}

fn in_force(changes: &[Change], now: Timestamp) -> State {
    let sets = delay();
    state(Code::of(&sets).next().unwrap(), changes, now)
}

fn mode(acts: impl IntoIterator<Item = Act>) -> Mode {
    at(&changes(acts), 1000).mode
}

#[test]
fn of_several_changes_the_stronger_and_then_the_later_is_in_force() {
    use Act::{Close, Pause, Reset, Resume};
    let (half, all) = (share(0.25), share(1.0));
    let long = Mode::Shipped(2);
    for (acts, expected) in [
        (vec![], Mode::Code),
        (vec![Pause], Mode::Paused),
        (vec![Pause, Resume], Mode::Code),
        (vec![Resume], Mode::Code),
        (vec![half.clone()], Mode::Share(0.25)),
        (vec![half.clone(), all.clone()], Mode::Share(1.0)),
        (vec![all, ramp(&[(900, 0.25)])], Mode::Share(0.25)),
        (
            vec![ramp(&[(900, 0.6), (950, 0.7), (1001, 0.8)])],
            Mode::Share(0.7),
        ),
        (vec![ramp(&[(1001, 0.6)])], Mode::Code),
        (vec![half.clone(), ramp(&[(1001, 0.6)])], Mode::Share(0.25)),
        (vec![ramp(&[(900, 0.6)]), half.clone()], Mode::Share(0.25)),
        (vec![ship("long")], long),
        (vec![ship("short"), ship("long")], long),
        (vec![ship("long"), half.clone()], long),
        (vec![ship("long"), Pause], Mode::Paused),
        (vec![Pause, ship("long"), Resume], long),
        (vec![Pause, half.clone(), Resume], Mode::Share(0.25)),
        (vec![Close], Mode::Code),
        (vec![Pause, ship("long"), half.clone(), Reset], Mode::Code),
        (vec![Pause, Reset, half], Mode::Share(0.25)),
    ] {
        assert_eq!(mode(acts.clone()), expected, "{acts:?}");
    }
}

#[test]
fn a_ramp_has_its_coming_steps() {
    let rising = ramp(&[(900, 0.6), (1001, 0.7), (1002, 0.8)]);
    let coming = |acts: Vec<Act>| {
        let ramp = at(&changes(acts), 1000).ramp?;
        let shares = ramp.steps.iter().map(|step| step.share);
        Some((shares.collect::<Vec<f64>>(), ramp.by))
    };
    let later = ramp(&[(1001, 0.9)]);
    for (acts, expected) in [
        (vec![rising.clone()], Some((vec![0.7, 0.8], 1))),
        // Before its first step, too.
        (vec![share(0.25), later], Some((vec![0.9], 2))),
        (vec![rising.clone(), share(0.25)], None),
        (vec![rising, Act::Reset], None),
        (vec![ramp(&[(900, 0.6)])], None),
    ] {
        assert_eq!(coming(acts.clone()), expected, "{acts:?}");
    }
}

#[test]
fn void_changes_have_no_effect_and_the_others_count() {
    let other_share = Act::Share {
        share: 0.9,
        over: 0.4,
    };
    let falling = ramp(&[(10, 0.9), (20, 0.8)]);
    let back = ramp(&[(20, 0.8), (10, 0.9)]);
    let span = Act::Exclude {
        from: second(2),
        until: second(2),
    };
    for (act, void) in [
        (other_share, Void::OtherShare),
        (share(1.1), Void::NoShare),
        (share(-0.1), Void::NoShare),
        (share(f64::NAN), Void::NoShare),
        (falling, Void::NotRising),
        (back, Void::NotRising),
        (ramp(&[]), Void::NotRising),
        (ship("longest"), Void::NoTrack),
        (span, Void::NoSpan),
        (Act::Approve { change: 1 }, Void::NothingToApprove),
    ] {
        let state = at(&changes([share(0.25), act.clone()]), 1000);
        assert_eq!(state.mode, Mode::Share(0.25), "{act:?}");
        assert_eq!(state.void, [(2, void)], "{act:?}");
        assert_eq!(state.last, 2);
    }
}

#[test]
fn a_change_without_author_or_reason_is_void() {
    for (author, reason) in [
        ("", "a reason"),
        (" \n", "a reason"),
        ("alice", ""),
        ("alice", "\t"),
    ] {
        let change = Draft::new("delay", 1, Act::Pause, author, reason).numbered(1, second(1));
        let state = at(&[change], 1000);
        assert_eq!(
            (state.mode, state.void),
            (Mode::Code, vec![(1, Void::Unsigned)])
        );
    }
}

#[test]
fn a_deploy_with_another_share_ends_a_share_but_neither_a_pause_nor_a_shipped_track_nor_a_close() {
    let build = |share| {
        let delay = SimpleTrackSet::new("delay")
            .track("short", 500)
            .track("long", 2000);
        delay.share(share).build().unwrap()
    };
    let (old, new) = (build(0.5), build(0.6));
    let at = |sets: &MultiTrackSet, acts: &[Act]| {
        let code = Code::of(sets).next().unwrap();
        state(code, &changes(acts.iter().cloned()), second(1000))
    };
    let shared = [share(0.75)];
    assert_eq!(at(&old, &shared).mode, Mode::Share(0.75));
    assert_eq!(at(&new, &shared).mode, Mode::Code);
    assert_eq!(at(&new, &[ramp(&[(5, 0.9)])]).mode, Mode::Code);
    assert_eq!(at(&new, &[Act::Pause]).mode, Mode::Paused);
    assert_eq!(at(&new, &[ship("short")]).mode, Mode::Shipped(1));
    assert_eq!(at(&new, &[Act::Close]).closed_at, Some(second(1)));
}

#[test]
fn other_phases_and_sets_are_ignored() {
    let change = |set: &str, phase| Draft::new(set, phase, Act::Pause, "alice", "errors");
    let changes = [
        change("delay", 2).numbered(1, second(1)),
        change("banner", 1).numbered(2, second(2)),
    ];
    let state = at(&changes, 1000);
    assert_eq!((state.mode, state.last), (Mode::Code, 0));
}

#[test]
fn a_set_that_shares_its_group_cannot_be_shipped() {
    let delay = SimpleTrackSet::new("delay")
        .track("short", 500)
        .track("long", 2000)
        .share(0.5);
    let banner = SimpleTrackSet::new("banner").track("blue", 1);
    let sets = MultiTrackSet::builder()
        .add(delay)
        .add(banner)
        .build()
        .unwrap();
    let code = Code::of(&sets)
        .find(|code| code.set().name() == "delay")
        .unwrap();
    let state = state(code, &changes([ship("long"), Act::Pause]), second(1000));
    assert_eq!(
        (state.mode, state.void),
        (Mode::Paused, vec![(1, Void::NotAlone)])
    );
}

#[test]
fn the_scheme_of_python_has_no_shares() {
    use tower_tracks::assign::Bucketing;
    let delay = SimpleTrackSet::new("delay").track("short", 500);
    let sets = MultiTrackSet::builder()
        .bucketing(Bucketing::Python)
        .add(delay)
        .build()
        .unwrap();
    let code = Code::of(&sets).next().unwrap();
    let over = |act| state(code, &changes([act]), second(1000));
    let state = over(Act::Share {
        share: 0.5,
        over: 1.0,
    });
    assert_eq!(
        (state.mode, state.void),
        (Mode::Code, vec![(1, Void::Scheme)])
    );
    assert_eq!(over(Act::Pause).mode, Mode::Paused);
    assert_eq!(over(ship("short")).mode, Mode::Shipped(1));
}

#[test]
fn a_close_keeps_its_first_time() {
    let closed = changes([Act::Close, Act::Pause, Act::Close]);
    assert_eq!(at(&closed, 1000).closed_at, Some(second(1)));
    assert_eq!(at(&closed, 0).closed_at, None);
    let reset = changes([Act::Close, Act::Reset, Act::Close]);
    assert_eq!(at(&reset, 1000).closed_at, Some(second(3)));
}

#[test]
fn spans_add_up_until_a_reset() {
    let span = |from, until| Act::Exclude {
        from: second(from),
        until: second(until),
    };
    let state = at(&changes([span(1, 5), Act::Pause, span(9, 10)]), 1000);
    let spans: Vec<_> = state
        .excluded
        .iter()
        .map(|span| (span.from, span.until, span.by))
        .collect();
    assert_eq!(
        spans,
        [(second(1), second(5), 1), (second(9), second(10), 3)]
    );
    assert!(
        at(&changes([span(1, 5), Act::Reset]), 1000)
            .excluded
            .is_empty()
    );
}

#[test]
fn a_delayed_change_waits_and_a_later_pause_beats_it() {
    let delayed = |number, act, delay| {
        let mut draft = Draft::new("delay", 1, act, "alice", "a reason");
        draft.delay = std::time::Duration::from_secs(delay);
        draft.numbered(number, second(number as i64))
    };
    let changes = [
        delayed(1, Act::Pause, 0),
        delayed(2, Act::Resume, 5),
        delayed(3, Act::Pause, 0),
    ];
    // The resume comes into force at 7, but the pause was made after it.
    assert_eq!(at(&changes[..2], 6).mode, Mode::Paused);
    assert_eq!(at(&changes[..2], 6).next, Some(second(7)));
    assert_eq!(at(&changes[..2], 7).mode, Mode::Code);
    assert_eq!(at(&changes[..2], 7).next, None);
    assert_eq!(at(&changes, 7).mode, Mode::Paused);
}

/// A person who replaces a ramp does not expect its later steps.
#[test]
fn a_ramp_ends_the_former_ramp_before_its_own_first_step() {
    let delayed = |number, act| {
        let mut draft = Draft::new("delay", 1, act, "alice", "a reason");
        draft.delay = std::time::Duration::from_secs(5);
        draft.numbered(number, second(10 * number as i64))
    };
    let changes = [
        delayed(1, ramp(&[(20, 0.6), (24, 0.7), (30, 0.8)])),
        delayed(2, ramp(&[(50, 0.9)])),
    ];
    for (now, share, share_by, next) in [
        (15, 0.5, None, Some(20)),
        (20, 0.6, Some(1), Some(24)),
        // The second ramp is in force, and none of its steps has begun.
        (25, 0.7, Some(1), Some(50)),
        (40, 0.7, Some(1), Some(50)),
        (50, 0.9, Some(2), None),
    ] {
        let state = at(&changes, now);
        assert_eq!((state.share, state.share_by), (share, share_by), "{now}");
        assert_eq!(state.next, next.map(second), "{now}");
    }
}

#[test]
fn the_next_step_of_a_ramp_is_announced() {
    let changes = changes([ramp(&[(10, 0.6), (20, 0.7)])]);
    assert_eq!(at(&changes, 5).next, Some(second(10)));
    assert_eq!(at(&changes, 10).next, Some(second(20)));
    assert_eq!(at(&changes, 20).next, None);
}

#[test]
fn a_change_that_needs_approval_waits_for_another_person() {
    let asked = |number, act, author: &str, needs_approval| {
        let mut draft = Draft::new("delay", 1, act, author, "a reason");
        draft.needs_approval = needs_approval;
        draft.numbered(number, second(number as i64))
    };
    let approve = |number, author: &str| asked(number, Act::Approve { change: 1 }, author, false);
    let raise = asked(1, share(1.0), "alice", true);

    let state = at(std::slice::from_ref(&raise), 1000);
    assert_eq!((state.mode, &*state.pending), (Mode::Code, &[1][..]));
    for myself in ["alice", " Alice ", "ALICE"] {
        let state = at(&[raise.clone(), approve(2, myself)], 1000);
        assert_eq!(
            (state.mode, state.void),
            (Mode::Code, vec![(2, Void::SameAuthor)])
        );
    }
    let state = at(&[raise.clone(), approve(2, "bob")], 1000);
    assert_eq!((state.mode, state.share_by), (Mode::Share(1.0), Some(1)));
    assert!(state.pending.is_empty());
    // It counts from its approval on, and once.
    let changes = [
        raise,
        asked(2, share(0.25), "carol", false),
        approve(3, "bob"),
        approve(4, "dave"),
    ];
    let state = at(&changes, 1000);
    assert_eq!(
        (state.mode, state.void),
        (Mode::Share(1.0), vec![(4, Void::NothingToApprove)])
    );
}

fn any_changes() -> impl Strategy<Value = Vec<Change>> {
    any::any_changes(vec![("delay", 0.5)])
}

fn at_tick(changes: &[Change], now: i64) -> State {
    in_force(changes, any::tick(now))
}

proptest! {
    /// A log that is read in another order, or twice, gives the same state.
    #[test]
    fn the_state_depends_on_the_set_of_changes_alone(
        changes in any_changes(),
        now in -10_i64..100,
        split in 0_usize..12,
    ) {
        let expected = at_tick(&changes, now);
        let split = split.min(changes.len());
        let (known, rest) = changes.split_at(split);
        let again: Vec<Change> =
            rest.iter().chain(known).chain(rest).chain(changes.first()).cloned().collect();
        prop_assert_eq!(at_tick(&again, now), expected);
    }

    /// The time that is announced is the next at which anything changes.
    #[test]
    fn nothing_changes_before_the_time_that_is_announced(changes in any_changes(), now in 0_i64..80) {
        let first = at_tick(&changes, now);
        let until = first.next.map_or(now + 20, any::ticks);
        for later in now + 1..until {
            let state = at_tick(&changes, later);
            prop_assert_eq!(&state, &first);
        }
    }

    /// A share is that of the code, or one from 0 to 1 that a change has set.
    #[test]
    fn a_share_is_always_one(changes in any_changes(), now in -10_i64..100) {
        let state = at_tick(&changes, now);
        prop_assert!((0.0..=1.0).contains(&state.share));
        prop_assert!(state.share_by.is_some() || state.share == 0.5);
        if let Mode::Shipped(track) = state.mode {
            prop_assert!(track < 3);
        }
    }
}
