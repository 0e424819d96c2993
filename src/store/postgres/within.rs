//! The time limit of work with PostgreSQL, on the side of the program.

use std::time::Duration;

use tokio::time::timeout;

use super::failure::Outcome;
use crate::store::error::{StoreError, StoreErrorKind};

/// Waits for work with PostgreSQL until a limit.
///
/// Nothing waits for PostgreSQL without one: a connection may die without a sign. What takes longer
/// is dropped, and with it a transaction under way, which closes its connection.
pub(super) async fn within<T>(
    limit: Duration,
    work: impl Future<Output = Outcome<T>>,
) -> Outcome<T> {
    match timeout(limit, work).await {
        Ok(outcome) => outcome,
        Err(_) => Err(late(limit).into()),
    }
}

/// Returns the error of work that took too long.
fn late(limit: Duration) -> StoreError {
    let message = format!("PostgreSQL did not answer within {limit:?}");
    StoreError::new(StoreErrorKind::Unavailable, message)
}
