//! Two sorted streams as one. A goal has the conversions of units, and those of users once more for
//! their visitors; a renamed set has exposures under each of its names.
//!
//! Neither stream is held in memory.

use std::iter::from_fn;

use crate::{store::error::StoreError, unit::Unit};

use super::rows::ExposedUnit;

/// Makes one of two streams in the order of units.
pub(in crate::store) fn interleaved<R>(
    one: impl Iterator<Item = Result<R, StoreError>>,
    other: impl Iterator<Item = Result<R, StoreError>>,
    unit: impl Fn(&R) -> Unit,
) -> impl Iterator<Item = Result<R, StoreError>> {
    let (mut one, mut other) = (one.peekable(), other.peekable());
    from_fn(move || {
        let is_others = match (one.peek(), other.peek()) {
            // An error is passed on at once: the rows before it would not be used.
            (None, _) | (_, Some(Err(_))) => true,
            (Some(Ok(one)), Some(Ok(other))) => unit(other) < unit(one),
            _ => false,
        };
        match is_others {
            true => other.next(),
            false => one.next(),
        }
    })
}

/// Exposures in the order of units.
pub(in crate::store) type Exposures<'a> =
    Box<dyn Iterator<Item = Result<ExposedUnit, StoreError>> + 'a>;

/// Makes one of the exposures under all names of a set.
pub(in crate::store) fn all_interleaved<'a>(
    streams: impl Iterator<Item = Exposures<'a>>,
) -> Exposures<'a> {
    let both = |one, other| -> Exposures<'a> {
        Box::new(interleaved(one, other, |exposed: &ExposedUnit| {
            exposed.unit
        }))
    };
    let none = || -> Exposures<'a> { Box::new(std::iter::empty()) };
    streams.reduce(both).unwrap_or_else(none)
}
