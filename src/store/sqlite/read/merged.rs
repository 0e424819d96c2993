//! Two sorted streams as one. A goal has the conversions of units, and those of users once more for
//! their visitors.
//!
//! Neither stream is held in memory.

use std::iter::from_fn;

use crate::store::{attribution::ReachedGoal, error::StoreError};

type Row = Result<ReachedGoal, StoreError>;

/// Makes one of two streams in the order of units.
pub(super) fn merged(
    one: impl Iterator<Item = Row>,
    other: impl Iterator<Item = Row>,
) -> impl Iterator<Item = Row> {
    let (mut one, mut other) = (one.peekable(), other.peekable());
    from_fn(move || {
        let is_others = match (one.peek(), other.peek()) {
            // An error is passed on at once: the rows before it would not be used.
            (None, _) | (_, Some(Err(_))) => true,
            (Some(Ok(one)), Some(Ok(other))) => other.unit < one.unit,
            _ => false,
        };
        match is_others {
            true => other.next(),
            false => one.next(),
        }
    })
}
