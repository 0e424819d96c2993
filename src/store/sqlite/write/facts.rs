//! Writing the rows of the three large tables, in the order of their keys: neighbours in a table are
//! written together.
//!
//! A row is first inserted, which does nothing if its key is known. Then the known row is compared, in
//! SQL, and replaced if the new one is less.

use rusqlite::{Statement, Transaction};

use crate::store::{
    sql::{Fact, merged},
    written::Rows,
};

use crate::store::sqlite::failure::Outcome;

/// A row of a table that grows with the traffic.
pub(super) trait Stored: Fact {
    /// Adds a row, unless its key is known.
    const INSERT: &'static str;

    /// Replaces the known row if this one is less.
    const UPDATE: &'static str;

    /// Runs one of the statements with the columns; returns how many rows it changed.
    fn execute(&self, statement: &mut Statement<'_>) -> rusqlite::Result<usize>;
}

/// Writes the rows of units that were not erased after them; of each key the one that stays.
pub(super) fn write<R, F: Stored>(
    transaction: &Transaction<'_>,
    rows: &[R],
    mut is_erased: impl FnMut(&R) -> Outcome<bool>,
    fact: impl Fn(&R) -> Outcome<F>,
) -> Outcome<Rows> {
    let mut written = Rows::default();
    let mut facts = Vec::with_capacity(rows.len());
    for row in rows {
        match is_erased(row)? {
            true => written.erased += 1,
            false => facts.push(fact(row)?),
        }
    }
    let sent = facts.len() as u64;
    let mut insert = transaction.prepare(F::INSERT)?;
    let mut update = transaction.prepare(F::UPDATE)?;
    for fact in merged(facts) {
        match fact.execute(&mut insert)? {
            0 => drop(fact.execute(&mut update)?),
            _ => written.new += 1,
        }
    }
    written.known = sent - written.new;
    Ok(written)
}
