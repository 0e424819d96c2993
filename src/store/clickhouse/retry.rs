//! Repeats of requests. All of them may be repeated: an insert is a union, and a deletion deletes what is left.

use std::{thread, time::Duration};

use crate::store::error::{StoreError, StoreErrorKind};

/// The pauses before a request is repeated.
const PAUSES: [Duration; 2] = [Duration::from_millis(50), Duration::from_millis(400)];

/// Calls a function, and again after a pause if it failed for a reason that may pass soon.
pub(super) fn retried<T>(mut call: impl FnMut() -> Result<T, StoreError>) -> Result<T, StoreError> {
    for pause in PAUSES {
        match call() {
            Err(error) if is_brief(&error) => thread::sleep(pause),
            result => return result,
        }
    }
    call()
}

/// Returns whether a request is repeated at once. A query that took too long would take as long again.
fn is_brief(error: &StoreError) -> bool {
    matches!(
        error.kind(),
        StoreErrorKind::Unavailable | StoreErrorKind::Busy
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attempts(kind: StoreErrorKind, failures: usize) -> (usize, bool) {
        let mut attempts = 0;
        let result = retried(|| {
            attempts += 1;
            match attempts > failures {
                true => Ok(()),
                false => Err(StoreError::new(kind, "no answer")),
            }
        });
        (attempts, result.is_ok())
    }

    #[test]
    fn a_request_is_sent_three_times_at_most() {
        assert_eq!(attempts(StoreErrorKind::Unavailable, 2), (3, true));
        assert_eq!(attempts(StoreErrorKind::Busy, 9), (3, false));
        assert_eq!(attempts(StoreErrorKind::TimedOut, 9), (1, false));
    }
}
