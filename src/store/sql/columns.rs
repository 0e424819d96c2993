//! The columns of a row, in the types that all databases have.
//!
//! A name or a text that this crate would not write is `None`, because another program may have
//! written it. The rules are those of all other reading, and not in SQL.

use std::sync::Arc;

use crate::{
    event::Goal,
    latency_bins::{BINS, GROUPS},
    store::{
        error::StoreError,
        facts::{PhaseName, RequestSums, TrackName, grammar},
        timestamp::Timestamp,
    },
    unit::Unit,
};

/// A row of one of the databases.
pub(in crate::store) trait Columns {
    /// What goes wrong with the database.
    type Failure: From<StoreError>;

    /// Reads a text; `None` where a file has one that is not UTF-8.
    fn utf8(&self, column: usize) -> Result<Option<&str>, Self::Failure>;

    /// Reads the id of a row.
    fn id(&self, column: usize) -> Result<i64, Self::Failure>;

    /// Reads the id of a row that may be missing.
    fn optional_id(&self, column: usize) -> Result<Option<i64>, Self::Failure>;

    /// Reads a number of 64 bits.
    fn number(&self, column: usize) -> Result<i64, Self::Failure>;

    /// Reads a boolean.
    fn flag(&self, column: usize) -> Result<bool, Self::Failure>;

    /// Reads a boolean that may be missing.
    fn optional_flag(&self, column: usize) -> Result<Option<bool>, Self::Failure>;

    /// Reads sixteen bytes.
    fn uuid(&self, column: usize) -> Result<[u8; 16], Self::Failure>;

    /// Reads the 32 bytes of a fingerprint.
    fn fingerprint(&self, column: usize) -> Result<[u8; 32], Self::Failure>;

    /// Reads bytes of any length.
    fn blob(&self, column: usize) -> Result<Arc<[u8]>, Self::Failure>;

    /// Reads a time.
    fn time(&self, column: usize) -> Result<Timestamp, Self::Failure>;

    /// Reads a count, which is never negative in a store of ours.
    fn count(&self, column: usize) -> Result<u64, Self::Failure>;

    /// Reads a sum of 128 bits.
    fn wide(&self, column: usize) -> Result<u128, Self::Failure>;

    /// Reads the number of a bucket.
    fn bucket(&self, column: usize) -> Result<u16, Self::Failure>;

    /// Reads a unit.
    fn unit(&self, column: usize) -> Result<Unit, Self::Failure> {
        self.uuid(column).map(Unit::from_bytes)
    }

    /// Reads a text that may be kept and shown; `None` for any other.
    fn text(&self, column: usize) -> Result<Option<Arc<str>>, Self::Failure> {
        Ok(self.utf8(column)?.and_then(grammar::text))
    }

    /// Reads a text that is JSON; `None` for any other.
    fn json(&self, column: usize) -> Result<Option<Arc<str>>, Self::Failure> {
        Ok(self.utf8(column)?.and_then(grammar::json))
    }

    /// Reads the name of a goal.
    fn goal(&self, column: usize) -> Result<Option<Goal>, Self::Failure> {
        let name = self.utf8(column)?;
        Ok(name.and_then(|name| Goal::new(name).ok()))
    }

    /// Reads a phase from its set, number and kind.
    fn phase(&self, first: usize) -> Result<Option<PhaseName>, Self::Failure> {
        let parts = self.utf8(first)?.zip(self.utf8(first + 2)?);
        let number = self.number(first + 1)?;
        Ok(parts.and_then(|(set, kind)| PhaseName::checked(set, number, kind)))
    }

    /// Reads a track from those of its phase, its name and whether it is control.
    fn track(&self, first: usize) -> Result<Option<TrackName>, Self::Failure> {
        let parts = self.phase(first)?.zip(self.utf8(first + 3)?);
        let control = self.flag(first + 4)?;
        Ok(parts.and_then(|(phase, track)| TrackName::checked(&phase, track, control)))
    }

    /// Reads the group and the bin of a duration; `None` where there is no such one.
    fn place_of_latency(&self, first: usize) -> Result<Option<(u8, u8)>, Self::Failure> {
        let (group, bin) = (self.id(first)?, self.id(first + 1)?);
        let part = |part: i64, most: u8| u8::try_from(part).ok().filter(|part| *part < most);
        Ok(part(group, GROUPS).zip(part(bin, BINS)))
    }

    /// Reads the five numbers of a sum over requests.
    fn request_sums(&self, first: usize) -> Result<RequestSums, Self::Failure> {
        Ok(RequestSums {
            requests: self.count(first)?,
            errors: self.count(first + 1)?,
            aborted: self.count(first + 2)?,
            duration_us: self.count(first + 3)?,
            duration_us_sq: self.wide(first + 4)?,
        })
    }
}
