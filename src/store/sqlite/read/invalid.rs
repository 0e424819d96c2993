//! The rows that no other reading returns, counted by table.

use rusqlite::Transaction;

use crate::store::{catalog::InvalidRows, sql::checks};

use crate::store::sqlite::failure::{Failure, Outcome};

/// Counts the rows with names or texts that are not allowed.
pub(in crate::store::sqlite) fn invalid_rows(
    transaction: &Transaction<'_>,
) -> Outcome<Vec<InvalidRows>> {
    let mut invalid = Vec::new();
    for (table, select, is_valid) in checks::<Failure>() {
        let mut statement = transaction.prepare(select)?;
        let mut rows = statement.query([])?;
        let mut count = 0;
        while let Some(row) = rows.next()? {
            count += u64::from(!is_valid(row)?);
        }
        if count > 0 {
            invalid.push(InvalidRows { table, rows: count });
        }
    }
    Ok(invalid)
}
