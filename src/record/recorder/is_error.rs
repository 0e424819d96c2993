//! The closure that decides which requests count as errors.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
};

use crate::{
    event::{Exposure, Outcome},
    warn::warn,
};

/// Returns whether the request of an exposure counts as an error.
pub(in crate::record) type IsError = Arc<dyn Fn(&Exposure) -> bool + Send + Sync>;

/// Returns the closure, with the default for requests for which it panics. A panic in it must not
/// lose exposures, least of all those of one track.
pub(super) fn guarded(is_error: impl Fn(&Exposure) -> bool + Send + Sync + 'static) -> IsError {
    let said = AtomicBool::new(false);
    Arc::new(move |exposure| {
        let judged = catch_unwind(AssertUnwindSafe(|| is_error(exposure)));
        judged.unwrap_or_else(|_| {
            // The flag publishes no other memory, so that the weakest order is enough.
            if !said.swap(true, Relaxed) {
                warn(format_args!(
                    "the closure of `errors` panicked; each request for which it panics counts as \
                     an error or not by its outcome"
                ));
            }
            by_outcome(exposure)
        })
    })
}

/// Returns whether a request counts as an error by default.
pub(super) fn by_outcome(exposure: &Exposure) -> bool {
    match exposure.outcome() {
        Some(Outcome::Completed { status }) => status >= 500,
        Some(Outcome::Failed | Outcome::Panicked) => true,
        Some(Outcome::Cancelled) | None => false,
    }
}
