//! Statements without a name.
//!
//! `sqlx` names every statement that it may repeat, and the name belongs to one connection of the
//! server. A pooler between transactions gives the next transaction another connection, on which the
//! name is missing or is that of another statement. An unnamed statement needs its transaction alone,
//! and is prepared again for each: a batch takes about ten of them, whatever its size.

use sqlx::{
    FromRow, Postgres,
    postgres::{PgArguments, PgRow},
    query::{Query, QueryScalar},
};

/// Returns a statement.
pub(super) fn query<'q>(sql: &'static str) -> Query<'q, Postgres, PgArguments> {
    sqlx::query(sql).persistent(false)
}

/// Returns a statement whose rows have one column.
pub(super) fn scalar<'q, T>(sql: &'static str) -> QueryScalar<'q, Postgres, T, PgArguments>
where
    (T,): for<'r> FromRow<'r, PgRow>,
{
    sqlx::query_scalar(sql).persistent(false)
}
