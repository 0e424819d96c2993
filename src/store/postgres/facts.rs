//! Writing the rows of the three large tables: sorted by key, as arrays, 10,000 rows in a
//! statement. A second statement updates known rows, only those that become smaller.

use sqlx::{Postgres, postgres::PgArguments, query::Query};

use super::{failure::Outcome, place::Tx, statement};
use crate::store::{
    sql::{Fact, merged},
    written::Rows,
};

/// How many rows go in one statement. More make it no faster.
const ROWS: usize = 10_000;

/// A row of a table that grows with the traffic.
pub(super) trait Stored: Fact {
    /// Adds those whose key is new, in their order.
    const INSERT: &'static str;

    /// Replaces known rows by smaller ones, in the order of their keys.
    const UPDATE: &'static str;

    /// Binds the columns as arrays.
    fn bind<'q>(query: Sql<'q>, rows: &[Self]) -> Sql<'q>;
}

/// A statement with its arguments.
pub(super) type Sql<'q> = Query<'q, Postgres, PgArguments>;

/// Adds rows, and counts what became of them.
///
/// All transactions lock rows in one order, that of their keys, and new rows before known ones. So two
/// transactions with the same rows cannot deadlock.
pub(super) async fn add<F: Stored>(facts: Vec<F>, tx: &mut Tx) -> Outcome<Rows> {
    let sent = facts.len() as u64;
    let facts = merged(facts);
    let mut new = 0;
    let mut with_known = Vec::new();
    for rows in facts.chunks(ROWS) {
        let query = F::bind(statement::query(F::INSERT), rows);
        let added = query.execute(&mut **tx).await?.rows_affected();
        new += added;
        // Where all keys were new there is nothing to compare, and the second statement is spared.
        if added < rows.len() as u64 {
            with_known.push(rows);
        }
    }
    for rows in with_known {
        let query = F::bind(statement::query(F::UPDATE), rows);
        query.execute(&mut **tx).await?;
    }
    Ok(Rows {
        new,
        known: sent - new,
        erased: 0,
    })
}
