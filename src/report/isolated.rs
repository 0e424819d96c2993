//! A panic in the report of one phase does not end the reports of the others.

use std::{
    any::Any,
    panic::{AssertUnwindSafe, catch_unwind},
};

use crate::store::{StoreError, StoreErrorKind};

/// Does the work on one phase. A panic is an error of that phase, so that the others are reported.
pub(super) fn isolated<R>(work: impl FnOnce() -> Result<R, StoreError>) -> Result<R, StoreError> {
    // Of what the work has begun, nothing is used again but the store, which may be shared.
    let worked = catch_unwind(AssertUnwindSafe(work));
    worked.unwrap_or_else(|panic| Err(panicked(&*panic)))
}

/// Returns the error of a panic, with its message if that is text.
fn panicked(panic: &(dyn Any + Send)) -> StoreError {
    let owned = || panic.downcast_ref::<String>().map(String::as_str);
    let text = panic.downcast_ref::<&str>().copied().or_else(owned);
    let message = format!(
        "its report panicked, which is a defect of this crate or of the store: {}",
        text.unwrap_or("no message")
    );
    StoreError::new(StoreErrorKind::Corrupt, message)
}
