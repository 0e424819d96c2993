//! Ranges of units, which are read side by side: units are uniform bytes, and both tables are in their order.

use std::{num::NonZero, panic::resume_unwind, thread};

use crate::{
    store::error::{StoreError, StoreErrorKind},
    unit::Unit,
};

/// The most ranges that are read at once by default.
const MOST: usize = 8;

/// The units from one to another, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::store) struct UnitRange {
    pub(in crate::store) first: Unit,
    pub(in crate::store) last: Unit,
}

impl UnitRange {
    /// All units.
    #[cfg(feature = "sqlite")]
    pub(in crate::store) const ALL: Self = Self {
        first: Unit::from_bytes([0; 16]),
        last: Unit::from_bytes([u8::MAX; 16]),
    };

    /// Returns whether a unit is in the range.
    #[cfg(feature = "sqlite")]
    pub(in crate::store) fn has(&self, unit: Unit) -> bool {
        (self.first..=self.last).contains(&unit)
    }

    /// Returns the first and the last unit, as SQLite has them.
    #[cfg(feature = "sqlite")]
    pub(in crate::store) fn bytes(&self) -> ([u8; 16], [u8; 16]) {
        (self.first.to_bytes(), self.last.to_bytes())
    }

    /// Returns ranges of equal size that together have all units, in their order; at least one.
    pub(in crate::store) fn split(parts: usize) -> Vec<Self> {
        let parts = parts.max(1) as u128;
        let width = u128::MAX / parts;
        let unit = |number: u128| Unit::from_bytes(number.to_be_bytes());
        let range = |part| Self {
            first: unit(part * width + u128::from(part > 0)),
            last: unit(if part + 1 == parts {
                u128::MAX
            } else {
                (part + 1) * width
            }),
        };
        (0..parts).map(range).collect()
    }
}

/// Returns the default number of ranges that are read at once: one per core, at most eight.
pub(in crate::store) fn default_parallelism() -> usize {
    thread::available_parallelism()
        .map_or(1, NonZero::get)
        .min(MOST)
}

/// Calls a function with each item, all at the same time: the first one in this thread, each other one in a
/// thread of its own.
pub(in crate::store) fn side_by_side<I: Send, T: Send, E: Send + From<StoreError>>(
    items: impl IntoIterator<Item = I>,
    call: impl Fn(I) -> Result<T, E> + Sync,
) -> Vec<Result<T, E>> {
    let (mut items, call) = (items.into_iter(), &call);
    let first = items.next();
    thread::scope(|scope| {
        let others = items.map(|item| {
            let thread = thread::Builder::new().name("tracks-range".into());
            thread.spawn_scoped(scope, move || call(item))
        });
        // All begin before the first one is called.
        let others: Vec<_> = others.collect();
        let first = first.into_iter().map(call);
        let joined = others.into_iter().map(|thread| {
            let thread = thread.map_err(|error| {
                let message = "there is no thread left to read a range of units";
                StoreError::new(StoreErrorKind::Unavailable, message).caused_by(error)
            })?;
            thread.join().unwrap_or_else(|panic| resume_unwind(panic))
        });
        first.chain(joined).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_have_every_unit_once() {
        for parts in 1..=20 {
            let ranges = UnitRange::split(parts);
            assert_eq!(ranges.len(), parts);
            assert_eq!(ranges[0].first.to_bytes(), [0; 16]);
            assert_eq!(ranges[parts - 1].last.to_bytes(), [255; 16]);
            for pair in ranges.windows(2) {
                let [last, next] = [pair[0].last, pair[1].first];
                let number = |unit: Unit| u128::from_be_bytes(unit.to_bytes());
                assert_eq!(number(last) + 1, number(next));
            }
        }
    }
}
