//! Tests for implementations of [`ChangeLog`].
//!
//! [`change_log_conformance!`] writes one `#[test]` for each case. It takes an expression that opens an
//! empty log: a log, a pair of a log and a value that has to live as long, such as a directory, or an
//! `Option` of either. If it is `None`, nothing is tested.
//!
//! ```
//! use tower_tracks::control::{MemoryLog, conformance::change_log_conformance};
//!
//! mod memory {
//!     use super::*;
//!
//!     change_log_conformance!(MemoryLog::default());
//! }
//! # fn main() {}
//! ```

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a case is a test, which fails by a panic"
)]

use std::{
    collections::BTreeSet,
    sync::{
        Barrier,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
    thread,
    time::Duration,
};

use crate::store::Timestamp;

use super::{
    act::{Act, Step},
    change::{Change, Draft},
    log::{Appended, ChangeLog},
};

pub use crate::change_log_conformance;

/// Tests a log of changes; see the [module](self).
#[macro_export]
macro_rules! change_log_conformance {
    ($open:expr) => {
        $crate::change_log_conformance! { @each $open;
            an_empty_log_has_no_changes,
            changes_come_back_as_they_were_added,
            numbers_rise_and_later_changes_are_returned,
            a_change_of_an_old_state_conflicts,
            other_sets_and_phases_do_not_conflict,
            texts_of_any_kind_come_back,
            the_first_writers_may_have_read_the_empty_log,
            writers_at_once_lose_nothing,
            readers_miss_no_change,
        }
    };
    (@each $open:expr; $($case:ident),* $(,)?) => {
        $(
            #[test]
            fn $case() {
                $crate::control::conformance::run(|| $open, $crate::control::conformance::$case);
            }
        )*
    };
}

/// An empty log for one test, with everything that has to live as long.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no empty log for a test",
    note = "pass a `ChangeLog`, a pair `(ChangeLog, value)`, or an `Option` of either"
)]
pub trait OpenedLog {
    /// Returns the log; `None` if there can be none, so that nothing is tested.
    fn log(&self) -> Option<&dyn ChangeLog>;
}

impl<L: ChangeLog> OpenedLog for L {
    fn log(&self) -> Option<&dyn ChangeLog> {
        Some(self)
    }
}

impl<L: ChangeLog, T> OpenedLog for (L, T) {
    fn log(&self) -> Option<&dyn ChangeLog> {
        Some(&self.0)
    }
}

impl<O: OpenedLog> OpenedLog for Option<O> {
    fn log(&self) -> Option<&dyn ChangeLog> {
        self.as_ref()?.log()
    }
}

/// Runs a case on an empty log.
pub fn run<O: OpenedLog>(open: impl FnOnce() -> O, case: impl FnOnce(&dyn ChangeLog)) {
    let opened = open();
    if let Some(log) = opened.log() {
        case(log);
    }
}

/// A log without changes ends at number 0, and has a time.
pub fn an_empty_log_has_no_changes(log: &dyn ChangeLog) {
    let read = log.after(0).unwrap();
    assert_eq!(
        (read.changes, read.malformed, read.last),
        (Vec::new(), Vec::new(), 0)
    );
    let difference = read.now.as_micros().abs_diff(Timestamp::now().as_micros());
    assert!(difference < 600_000_000, "the time is {}", read.now);
}

/// Every act comes back with all its values, in the order of the appends.
pub fn changes_come_back_as_they_were_added(log: &dyn ChangeLog) {
    let mut previous = 0;
    let added: Vec<Change> = acts()
        .into_iter()
        .map(|act| {
            let mut draft = Draft::new("delay", 1, act, "alice", "a reason");
            draft.delay = Duration::from_micros(1_500_000);
            draft.needs_approval = previous % 2 == 1;
            let change = added(log.append(&draft, previous).unwrap());
            assert_eq!(change, draft.numbered(change.number, change.at));
            previous = change.number;
            change
        })
        .collect();
    assert_eq!(log.after(0).unwrap().changes, added);
}

/// A reader gets what comes after a number, and the highest number.
pub fn numbers_rise_and_later_changes_are_returned(log: &dyn ChangeLog) {
    let first = added(log.append(&pause("delay", 1), 0).unwrap());
    let second = added(log.append(&pause("banner", 1), 0).unwrap());
    assert!(0 < first.number && first.number < second.number);
    assert!(first.at <= second.at);
    let read = log.after(first.number).unwrap();
    assert_eq!(
        (read.changes, read.last),
        (vec![second.clone()], second.number)
    );
    let read = log.after(second.number).unwrap();
    assert_eq!((read.changes, read.last), (Vec::new(), second.number));
    assert!(read.now >= second.at);
}

/// A change whose author did not know of the last one is not added, and the answer has that one.
pub fn a_change_of_an_old_state_conflicts(log: &dyn ChangeLog) {
    let first = added(log.append(&pause("delay", 1), 0).unwrap());
    for previous in [0, first.number + 1, u64::MAX / 2] {
        let appended = log.append(&pause("delay", 1), previous).unwrap();
        assert_eq!(appended, Appended::Conflict(first.clone()));
    }
    assert_eq!(log.after(0).unwrap().changes.len(), 1);
    let second = added(log.append(&pause("delay", 1), first.number).unwrap());
    let appended = log.append(&pause("delay", 1), first.number).unwrap();
    assert_eq!(appended, Appended::Conflict(second));
}

/// The previous change is that of the same set and phase.
pub fn other_sets_and_phases_do_not_conflict(log: &dyn ChangeLog) {
    for (set, phase) in [
        ("delay", 1),
        ("banner", 1),
        ("delay", 2),
        ("delay", u32::MAX),
    ] {
        added(log.append(&pause(set, phase), 0).unwrap());
    }
    assert_eq!(log.after(0).unwrap().changes.len(), 4);
}

/// An author and a reason may have any text.
pub fn texts_of_any_kind_come_back(log: &dyn ChangeLog) {
    let mut previous = 0;
    for text in [
        "zwölf 🥥",
        "a\nb\r\n\"c\" \\ 'd'; --",
        "\u{0}",
        "\u{7f}\u{2028}",
        &"x".repeat(10_000),
    ] {
        let draft = Draft::new("delay", 1, Act::Pause, text, text);
        let change = added(log.append(&draft, previous).unwrap());
        let read = log.after(previous).unwrap();
        assert_eq!(
            (&*read.changes[0].author, &*read.changes[0].reason),
            (text, text)
        );
        previous = change.number;
    }
}

/// Eight nodes read the empty log, and then append at once: what they remember of it does not make one fail.
pub fn the_first_writers_may_have_read_the_empty_log(log: &dyn ChangeLog) {
    const NODES: u32 = 8;
    let all = Barrier::new(NODES as usize);
    let node = |phase: u32| {
        all.wait();
        let read = log.after(0);
        all.wait();
        assert_eq!(read.unwrap().last, 0);
        added(log.append(&pause("delay", phase), 0).unwrap());
    };
    thread::scope(|scope| (1..=NODES).for_each(|phase| drop(scope.spawn(move || node(phase)))));
    assert_eq!(log.after(0).unwrap().changes.len(), NODES as usize);
}

/// Eight writers append to one set at once: each change is in the log once, and follows the one that its
/// author knew.
pub fn writers_at_once_lose_nothing(log: &dyn ChangeLog) {
    const EACH: usize = 12;
    let write = |author: usize| {
        let mut previous = 0;
        for index in 0..EACH {
            let reason = index.to_string();
            let draft = Draft::new("delay", 1, Act::Close, author.to_string(), reason);
            loop {
                match log.append(&draft, previous).unwrap() {
                    Appended::Added(change) => break previous = change.number,
                    Appended::Conflict(change) => previous = change.number,
                }
            }
        }
    };
    thread::scope(|scope| (0..8).for_each(|author| drop(scope.spawn(move || write(author)))));
    let changes = log.after(0).unwrap().changes;
    assert!(changes.is_sorted_by(|one, next| one.number < next.number && one.at <= next.at));
    let names = changes
        .iter()
        .map(|change| (&*change.author, &*change.reason));
    assert_eq!(names.collect::<BTreeSet<_>>().len(), 8 * EACH);
    assert_eq!(changes.len(), 8 * EACH);
}

/// A reader that asks for what comes after the last number gets every change once, in order, while four
/// writers append to sets of their own.
pub fn readers_miss_no_change(log: &dyn ChangeLog) {
    const EACH: u32 = 15;
    let done = AtomicBool::new(false);
    let write = |set: &str| {
        for phase in 1..=EACH {
            added(log.append(&pause(set, phase), 0).unwrap());
        }
    };
    let read = || {
        let (mut seen, mut last) = (Vec::new(), 0);
        loop {
            let is_done = done.load(Relaxed);
            let read = log.after(last).unwrap();
            last = read.last;
            seen.extend(read.changes);
            if is_done {
                break seen;
            }
        }
    };
    let seen = thread::scope(|scope| {
        let reader = scope.spawn(read);
        let writers = ["a", "b", "c", "d"].map(|set| scope.spawn(move || write(set)));
        // The reader ends also if a writer failed, so that the case fails instead of waiting for good.
        let ended = writers.map(|writer| writer.join());
        done.store(true, Relaxed);
        ended.into_iter().for_each(|ended| ended.unwrap());
        reader.join().unwrap()
    });
    assert_eq!(seen, log.after(0).unwrap().changes);
    assert_eq!(seen.len(), 4 * EACH as usize);
}

fn acts() -> Vec<Act> {
    let step = |at, share| Step {
        at: Timestamp::from_micros(at),
        share,
    };
    vec![
        Act::Pause,
        Act::Resume,
        Act::Share {
            share: 0.1 + 0.2,
            over: 1.0 / 3.0,
        },
        Act::Share {
            share: f64::MIN_POSITIVE,
            over: 1.0,
        },
        Act::Ramp {
            steps: vec![step(-1, 0.05), step(i64::MAX, 1.0)],
            over: 0.01,
        },
        Act::Close,
        Act::Ship {
            track: "10-off".into(),
        },
        Act::Exclude {
            from: Timestamp::from_micros(5),
            until: Timestamp::from_micros(i64::MAX),
        },
        Act::Reset,
        Act::Approve { change: 3 },
    ]
}

fn pause(set: &str, phase: u32) -> Draft {
    Draft::new(set, phase, Act::Pause, "alice", "errors in checkout")
}

fn added(appended: Appended) -> Change {
    match appended {
        Appended::Added(change) => change,
        Appended::Conflict(change) => {
            panic!("{change} was faster, although this is the only writer")
        }
    }
}
