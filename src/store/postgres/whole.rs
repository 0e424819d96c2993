//! Natural numbers in columns. `bigint` has a sign, and sums may exceed it.

use sqlx::{Row, postgres::PgRow};

use super::failure::Outcome;

/// Returns a number for a column of the type `bigint`, the largest there is where it is larger.
pub(super) fn bigint(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

/// Returns a sum of natural numbers, which is read as text: 128 bits have no type in PostgreSQL.
/// It is the largest there is where it is larger.
pub(super) fn wide(row: &PgRow, column: usize) -> Outcome<u128> {
    let digits: &str = row.try_get(column)?;
    Ok(digits.parse().unwrap_or(u128::MAX))
}

/// Returns such a sum in 64 bits.
pub(super) fn narrow(row: &PgRow, column: usize) -> Outcome<u64> {
    Ok(u64::try_from(wide(row, column)?).unwrap_or(u64::MAX))
}
