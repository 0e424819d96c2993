//! Aliases: of each pair of visitor and user, the earliest time stays.

use rusqlite::{Transaction, params};

use crate::store::{facts::AliasRow, written::Rows};

use crate::store::sqlite::{failure::Outcome, tombstones::Tombstones};

const INSERT: &str = "INSERT INTO alias (visitor, user, first_at) VALUES (?1, ?2, ?3) \
    ON CONFLICT DO NOTHING";

const UPDATE: &str = "UPDATE alias SET first_at = ?3 \
    WHERE visitor = ?1 AND user = ?2 AND ?3 < first_at";

/// Writes aliases in the order of their table, of each pair the earliest.
pub(super) fn write(
    transaction: &Transaction<'_>,
    erased: &mut Tombstones<'_>,
    rows: &[AliasRow],
) -> Outcome<Rows> {
    let mut written = Rows::default();
    let mut sorted = Vec::with_capacity(rows.len());
    for row in rows {
        match erased.has(row.visitor, row.first_at)? || erased.has(row.user, row.first_at)? {
            true => written.erased += 1,
            false => sorted.push(*row),
        }
    }
    sorted.sort_unstable();
    let all = sorted.len() as u64;
    sorted.dedup_by_key(|row| (row.visitor, row.user));
    let mut insert = transaction.prepare(INSERT)?;
    let mut update = transaction.prepare(UPDATE)?;
    for row in &sorted {
        let (visitor, user) = (row.visitor.to_bytes(), row.user.to_bytes());
        let values = params![visitor, user, row.first_at.as_micros()];
        match insert.execute(values)? {
            0 => drop(update.execute(values)?),
            _ => written.new += 1,
        }
    }
    written.known = all - written.new;
    Ok(written)
}
