//! Changes that were made while the sets ran.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use tower_tracks::{
    control::{Act, Appended, Change, ChangeLog, Changes, Draft, Step},
    store::{StoreError, Timestamp},
};

/// A log in memory that begins in the past.
pub(crate) struct PastLog(Mutex<Vec<Change>>);

/// Returns a log of the last weeks: the set `pricing` was ramped up, and a track of `delay` was shipped.
pub(crate) fn log(now: Timestamp) -> PastLog {
    let ago = |hours: u64| now.minus(Duration::from_secs(3600 * hours));
    let step = |hours, share| Step {
        at: ago(hours),
        share,
    };
    let start = Act::Share {
        share: 0.1,
        over: 1.0,
    };
    let ramp = Act::Ramp {
        steps: vec![step(24 * 20, 0.5), step(24 * 18, 1.0)],
        over: 1.0,
    };
    let outage = Act::Exclude {
        from: ago(24 * 7),
        until: ago(24 * 7 - 5),
    };
    let ship = Act::Ship {
        track: "control".into(),
    };
    let changes = [
        ("pricing", start, 24 * 25, "a first look"),
        ("pricing", ramp, 24 * 21, "no errors at 10%"),
        ("pricing", Act::Pause, 24 * 12, "the checkout fails"),
        (
            "pricing",
            Act::Resume,
            24 * 12 - 9,
            "the checkout is repaired",
        ),
        ("pricing", outage, 24 * 6, "the payment provider was down"),
        ("delay", ship, 24 * 2, "visitors who wait leave"),
    ];
    let numbered = changes.into_iter().zip(1..);
    let numbered = numbered.map(|((set, act, hours, reason), number)| {
        Draft::new(set, 1, act, "Ann", reason).numbered(number, ago(hours))
    });
    PastLog(Mutex::new(numbered.collect()))
}

impl ChangeLog for PastLog {
    fn after(&self, number: u64) -> Result<Changes, StoreError> {
        let changes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let last = changes.last().map_or(0, |change| change.number);
        let later = changes.iter().filter(|change| change.number > number);
        Ok(Changes::new(
            later.cloned().collect(),
            last,
            Timestamp::now(),
        ))
    }

    fn append(&self, draft: &Draft, previous: u64) -> Result<Appended, StoreError> {
        let mut changes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_of_set = |change: &&Change| change.set == draft.set && change.phase == draft.phase;
        if let Some(faster) = changes.iter().rfind(is_of_set)
            && faster.number != previous
        {
            return Ok(Appended::Conflict(faster.clone()));
        }
        let last = changes.last().map_or(0, |change| change.number);
        let change = draft.numbered(last + 1, Timestamp::now());
        changes.push(change.clone());
        Ok(Appended::Added(change))
    }
}
