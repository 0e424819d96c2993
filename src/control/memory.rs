use std::sync::{Mutex, PoisonError};

use crate::store::{StoreError, Timestamp};

use super::{
    change::{Change, Draft},
    log::{Appended, ChangeLog, Changes},
};

/// A log in memory, for tests and for a program that runs once.
///
/// It ends with the program, so a pause does not survive a restart.
///
/// ```
/// use tower_tracks::control::{Act, Appended, ChangeLog, Draft, MemoryLog};
///
/// let log = MemoryLog::default();
/// let pause = Draft::new("delay", 1, Act::Pause, "alice", "errors in checkout");
/// assert!(matches!(log.append(&pause, 0)?, Appended::Added(_)));
/// // The second one did not know of the first.
/// assert!(matches!(log.append(&pause, 0)?, Appended::Conflict(_)));
/// assert_eq!(log.after(0)?.changes.len(), 1);
/// # Ok::<(), tower_tracks::store::StoreError>(())
/// ```
#[derive(Debug, Default)]
pub struct MemoryLog(Mutex<Vec<Change>>);

impl ChangeLog for MemoryLog {
    fn after(&self, number: u64) -> Result<Changes, StoreError> {
        let changes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(later(&changes, number))
    }

    fn append(&self, draft: &Draft, previous: u64) -> Result<Appended, StoreError> {
        let mut changes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(faster) = faster(&changes, draft, previous) {
            return Ok(Appended::Conflict(faster.clone()));
        }
        let change = draft.numbered(last(&changes) + 1, Timestamp::now());
        changes.push(change.clone());
        Ok(Appended::Added(change))
    }
}

/// Returns the changes after a number, of all in the order of their numbers.
pub(super) fn later(changes: &[Change], number: u64) -> Changes {
    let known = changes.partition_point(|change| change.number <= number);
    Changes::new(changes[known..].to_vec(), last(changes), Timestamp::now())
}

/// Returns the last change of the draft's set and phase, if it is not the previous one.
pub(super) fn faster<'a>(
    changes: &'a [Change],
    draft: &Draft,
    previous: u64,
) -> Option<&'a Change> {
    let last = changes.iter().rfind(|change| change.is_of_set_of(draft))?;
    (last.number != previous).then_some(last)
}

/// Returns the highest number.
pub(super) fn last(changes: &[Change]) -> u64 {
    changes.last().map_or(0, |change| change.number)
}
