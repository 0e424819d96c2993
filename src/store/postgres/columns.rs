//! The columns of a row of PostgreSQL, in the types of its driver.

use std::sync::Arc;

use sqlx::{Row, postgres::PgRow};

use super::{
    failure::{Failure, Outcome},
    moment::Moment,
    uuid::Uuid,
};
use crate::store::{
    error::{StoreError, StoreErrorKind},
    sql::Columns,
    timestamp::Timestamp,
};

impl Columns for PgRow {
    type Failure = Failure;

    fn utf8(&self, column: usize) -> Outcome<Option<&str>> {
        Ok(Some(self.try_get(column)?))
    }

    fn id(&self, column: usize) -> Outcome<i64> {
        Ok(self.try_get::<i32, _>(column)?.into())
    }

    fn optional_id(&self, column: usize) -> Outcome<Option<i64>> {
        let id: Option<i32> = self.try_get(column)?;
        Ok(id.map(i64::from))
    }

    fn number(&self, column: usize) -> Outcome<i64> {
        Ok(self.try_get(column)?)
    }

    fn flag(&self, column: usize) -> Outcome<bool> {
        Ok(self.try_get(column)?)
    }

    fn optional_flag(&self, column: usize) -> Outcome<Option<bool>> {
        Ok(self.try_get(column)?)
    }

    fn uuid(&self, column: usize) -> Outcome<[u8; 16]> {
        let Uuid(bytes) = self.try_get(column)?;
        Ok(bytes)
    }

    fn fingerprint(&self, column: usize) -> Outcome<[u8; 32]> {
        let bytes: &[u8] = self.try_get(column)?;
        Ok(bytes.try_into().map_err(corrupt)?)
    }

    fn blob(&self, column: usize) -> Outcome<Arc<[u8]>> {
        let bytes: &[u8] = self.try_get(column)?;
        Ok(bytes.into())
    }

    fn time(&self, column: usize) -> Outcome<Timestamp> {
        let moment: Moment = self.try_get(column)?;
        Ok(moment.time())
    }

    fn count(&self, column: usize) -> Outcome<u64> {
        // Only others than this crate write negative numbers. One such row must not end a whole dump.
        Ok(u64::try_from(self.number(column)?).unwrap_or(u64::MAX))
    }

    /// It is read as text: 128 bits have no type in PostgreSQL, and a sum of `bigint` has more bits
    /// than that. It is the largest there is where it is larger.
    fn wide(&self, column: usize) -> Outcome<u128> {
        let digits: &str = self.try_get(column)?;
        Ok(digits.parse().unwrap_or(u128::MAX))
    }

    fn bucket(&self, column: usize) -> Outcome<u16> {
        Ok(u16::try_from(self.id(column)?).unwrap_or(u16::MAX))
    }
}

/// Reads a sum of counts as text, in 64 bits.
pub(super) fn narrow(row: &PgRow, column: usize) -> Outcome<u64> {
    Ok(u64::try_from(row.wide(column)?).unwrap_or(u64::MAX))
}

/// Returns a number for a column of the type `bigint`, the largest there is where it is larger.
pub(super) fn bigint(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

/// Returns the error of a value with a wrong form.
fn corrupt(source: impl std::error::Error + Send + Sync + 'static) -> StoreError {
    let message = "a value in PostgreSQL is not one that this crate wrote";
    StoreError::new(StoreErrorKind::Corrupt, message).caused_by(source)
}
