//! The rows of the large tables on their way into a database: by its ids, sorted as their table, and
//! of each key the one that stays.

use crate::{
    store::{
        error::StoreError,
        facts::{AliasRow, ConversionRow, ExposureRow, Rank, Ranks},
        timestamp::Timestamp,
    },
    unit::Unit,
};

use super::listed::Listed;

/// A row of a table that grows with the traffic. The order is that of the table, and of rows with
/// one key the least stays.
pub(in crate::store) trait Fact: Ord + Sized {
    /// The primary key of the table.
    type Key: PartialEq;

    /// Returns the primary key.
    fn key(&self) -> Self::Key;
}

// The order of the fields is that of the comparison: first the key, then what decides which of several
// rows stays, then the rest.

/// An exposure by its ids.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::store) struct Exposure<I> {
    /// Phase, unit and track.
    pub(in crate::store) key: (I, Unit, I),
    pub(in crate::store) rank: Rank,
    pub(in crate::store) writer: I,
    pub(in crate::store) definition: Option<I>,
    pub(in crate::store) segment: Option<I>,
}

/// A conversion by its ids.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::store) struct Conversion<I> {
    /// Goal, unit and id.
    pub(in crate::store) key: (I, Unit, [u8; 16]),
    pub(in crate::store) at: Timestamp,
    pub(in crate::store) value: i64,
    pub(in crate::store) writer: I,
}

impl<I: Copy> Exposure<I> {
    /// Returns a row by the ids of its names, with its rank within the batch.
    pub(in crate::store) fn new(
        row: &ExposureRow,
        listed: &Listed<I>,
        ranks: &Ranks,
    ) -> Result<Self, StoreError> {
        let (phase, track) = listed.track(row.track)?;
        let definition = row.definition.map(|index| listed.definition(index));
        let segment = row.segment.map(|index| listed.segment(index));
        Ok(Self {
            key: (phase, row.unit, track),
            rank: ranks.rank(row),
            writer: listed.writer(row.writer)?,
            definition: definition.transpose()?,
            segment: segment.transpose()?,
        })
    }
}

impl<I: Copy> Conversion<I> {
    /// Returns a row by the ids of its names.
    pub(in crate::store) fn new(
        row: &ConversionRow,
        listed: &Listed<I>,
    ) -> Result<Self, StoreError> {
        Ok(Self {
            key: (listed.goal(row.goal)?, row.unit, row.idem),
            at: row.at,
            value: row.value,
            writer: listed.writer(row.writer)?,
        })
    }
}

impl<I: Copy + Ord> Fact for Exposure<I> {
    type Key = (I, Unit, I);

    fn key(&self) -> Self::Key {
        self.key
    }
}

impl<I: Copy + Ord> Fact for Conversion<I> {
    type Key = (I, Unit, [u8; 16]);

    fn key(&self) -> Self::Key {
        self.key
    }
}

impl Fact for AliasRow {
    type Key = (Unit, Unit);

    fn key(&self) -> Self::Key {
        (self.visitor, self.user)
    }
}

/// Sorts rows as their table, and keeps of each key the one that stays.
pub(in crate::store) fn merged<F: Fact>(mut facts: Vec<F>) -> Vec<F> {
    // Rows that are equal in this order are equal in all columns, so it need not be stable.
    facts.sort_unstable();
    facts.dedup_by_key(|fact| fact.key());
    facts
}
