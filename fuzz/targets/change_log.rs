//! Any bytes as the file of a log of changes.

#[allow(clippy::duplicate_mod, reason = "each target is a program of its own")]
#[path = "changes/temporary.rs"]
mod temporary;

use tower_tracks::{
    MultiTrackSet, SimpleTrackSet,
    control::{
        Act, Appended, Change, ChangeLog, Changes, Code, Draft, JsonLog, Mode, State, state,
    },
    store::Timestamp,
};

use self::temporary::Temporary;

/// Each line is a change or is malformed, and none keeps anybody from pausing a set.
pub(crate) fn run(data: &[u8]) {
    let file = Temporary::new(data);
    let log = JsonLog::new(&file.0);
    let read = log.after(0).unwrap();
    check_numbers(&read, data);
    let half = read.last / 2;
    let later = log.after(half).unwrap();
    assert!(later.changes.iter().all(|change| change.number > half));
    assert!(read.changes.ends_with(&later.changes));
    read.changes.iter().for_each(check_json);
    for set in sets() {
        let known = log.after(0).unwrap();
        let code = Code::of(&set).next().unwrap();
        show(code, &known.changes);
        pause(&log, code, &known);
    }
}

/// Returns the changes that can be read.
#[allow(dead_code, reason = "only property tests count changes")]
pub(crate) fn changes(data: &[u8]) -> Changes {
    let file = Temporary::new(data);
    JsonLog::new(&file.0).after(0).unwrap()
}

/// Returns the sets that likely changes are about.
pub(crate) fn sets() -> [MultiTrackSet; 2] {
    ["delay", "banner"].map(|name| {
        let set = SimpleTrackSet::new(name).track("long", 2000);
        set.build().unwrap()
    })
}

/// Every line with an end has a number.
fn check_numbers(read: &Changes, data: &[u8]) {
    let lines = data.iter().filter(|byte| **byte == b'\n').count() as u64;
    assert_eq!(read.last, lines);
    let valid = read.changes.iter().map(|change| change.number);
    let malformed = read.malformed.iter().map(|line| line.number);
    let mut numbers: Vec<u64> = valid.chain(malformed).collect();
    numbers.sort_unstable();
    assert!(numbers.into_iter().eq(1..=lines));
}

/// What can be read is written as something that is read alike.
fn check_json(change: &Change) {
    let json = serde_json::to_string(change).unwrap();
    assert_eq!(serde_json::from_str::<Change>(&json).unwrap(), *change);
    assert!(!change.to_string().is_empty());
}

/// At any time, the share is one.
fn show(code: Code<'_>, changes: &[Change]) {
    let times = changes
        .iter()
        .flat_map(|change| [change.at, change.effective_at]);
    for now in times.take(8).chain([Timestamp::MIN, Timestamp::MAX]) {
        let State { share, next, .. } = state(code, changes, now);
        assert!((0.0..=1.0).contains(&share), "{share}");
        assert!(next.is_none_or(|next| next > now));
    }
}

fn pause(log: &JsonLog, code: Code<'_>, known: &Changes) {
    let last = state(code, &known.changes, known.now).last;
    let name = code.set().name();
    let draft = Draft::new(name, 1, Act::Pause, "alice", "errors");
    let Appended::Added(pause) = log.append(&draft, last).unwrap() else {
        panic!("another writer was faster");
    };
    assert!(pause.number > known.last);
    let read = log.after(0).unwrap();
    assert!(read.changes.starts_with(&known.changes));
    assert_eq!(read.changes.last(), Some(&pause));
    let now = read.now.max(pause.at);
    assert_eq!(state(code, &read.changes, now).mode, Mode::Paused);
}
