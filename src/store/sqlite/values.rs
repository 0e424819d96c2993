//! Our values as columns have them.

use std::{collections::HashMap, sync::Arc};

use rusqlite::{Error, Row, Rows, Transaction};

use crate::store::{
    error::{StoreError, StoreErrorKind},
    sql::{Columns, Name, Named},
    timestamp::Timestamp,
};

use super::failure::{Failure, Outcome};

impl Columns for Row<'_> {
    type Failure = Failure;

    fn utf8(&self, column: usize) -> Outcome<Option<&str>> {
        Ok(self.get_ref(column)?.as_str().ok())
    }

    fn id(&self, column: usize) -> Outcome<i64> {
        Ok(self.get(column)?)
    }

    fn optional_id(&self, column: usize) -> Outcome<Option<i64>> {
        Ok(self.get(column)?)
    }

    fn number(&self, column: usize) -> Outcome<i64> {
        Ok(self.get(column)?)
    }

    fn flag(&self, column: usize) -> Outcome<bool> {
        Ok(self.get(column)?)
    }

    fn optional_flag(&self, column: usize) -> Outcome<Option<bool>> {
        Ok(self.get(column)?)
    }

    fn uuid(&self, column: usize) -> Outcome<[u8; 16]> {
        Ok(self.get(column)?)
    }

    fn fingerprint(&self, column: usize) -> Outcome<[u8; 32]> {
        Ok(self.get(column)?)
    }

    fn blob(&self, column: usize) -> Outcome<Arc<[u8]>> {
        let bytes: Vec<u8> = self.get(column)?;
        Ok(bytes.into())
    }

    fn time(&self, column: usize) -> Outcome<Timestamp> {
        self.number(column).map(Timestamp::from_micros)
    }

    fn count(&self, column: usize) -> Outcome<u64> {
        let number = self.number(column)?;
        let error = |_| Error::IntegralValueOutOfRange(column, number);
        Ok(u64::try_from(number).map_err(error)?)
    }

    /// It is a blob of sixteen bytes, the highest first.
    fn wide(&self, column: usize) -> Outcome<u128> {
        self.uuid(column).map(u128::from_be_bytes)
    }

    fn bucket(&self, column: usize) -> Outcome<u16> {
        Ok(self.get(column)?)
    }
}

/// Reads rows, and leaves out those that have no valid name.
pub(super) fn valid<'r, T, C: Default + Extend<T>>(
    mut rows: Rows<'r>,
    read: impl Fn(&Row<'r>) -> Outcome<Option<T>>,
) -> Outcome<C> {
    let mut valid = C::default();
    while let Some(row) = rows.next()? {
        valid.extend(read(row)?);
    }
    Ok(valid)
}

/// Reads all names of one table.
pub(super) fn named<T: Name>(transaction: &Transaction<'_>) -> Outcome<Named<T>> {
    let mut statement = transaction.prepare(T::ALL)?;
    let rows = statement.query_and_then([], |row| Ok((row.id(0)?, T::read(row)?)))?;
    let by_id = rows.collect::<Outcome<HashMap<_, _>>>()?;
    Ok(Named::new(by_id, |table, id| {
        format!("a row refers to {table} {id}, which is not there")
    }))
}

/// A count as it is stored: 63 bits hold it, or it is the most that they do.
pub(super) fn stored(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// The error of a file with data that this crate did not write.
pub(super) fn foreign(what: impl Into<String>) -> StoreError {
    StoreError::new(StoreErrorKind::Corrupt, what)
}
