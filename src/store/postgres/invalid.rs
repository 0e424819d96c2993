//! The rows that no other reading returns, counted by table.

use super::{
    failure::{Failure, Outcome},
    place::Place,
    statement,
};
use crate::store::{catalog::InvalidRows, sql::checks};

/// Counts the rows with names or texts that are not allowed.
pub(super) async fn invalid_rows(place: Place) -> Outcome<Vec<InvalidRows>> {
    let mut tx = place.reading().await?;
    let mut invalid = Vec::new();
    for (table, select, is_valid) in checks::<Failure>() {
        let mut count = 0;
        for row in statement::query(select).fetch_all(&mut *tx).await? {
            count += u64::from(!is_valid(&row)?);
        }
        if count > 0 {
            invalid.push(InvalidRows { table, rows: count });
        }
    }
    tx.end();
    Ok(invalid)
}
