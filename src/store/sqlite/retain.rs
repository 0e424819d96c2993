//! Deleting phases that have ended, and the facts of units that are in no phase. The look-ups name
//! the phases and goals of their tables, because the primary keys begin with those.

use rusqlite::{Transaction, params};

use crate::store::{facts::PhaseName, renames::under_all_names, timestamp::Timestamp};

use super::{failure::Outcome, read::phases};

const ENDED: &str = "SELECT id, set_name, phase FROM phase WHERE NOT EXISTS \
    (SELECT 1 FROM exposure WHERE phase_id = phase.id AND first_at >= ?1)";

const CONVERSIONS: &str = "DELETE FROM conversion WHERE at < ?1 \
    AND NOT EXISTS (SELECT 1 FROM exposure \
        WHERE phase_id IN (SELECT id FROM phase) AND unit = conversion.unit) \
    AND NOT EXISTS (SELECT 1 FROM alias WHERE user = conversion.unit AND EXISTS \
        (SELECT 1 FROM exposure \
            WHERE phase_id IN (SELECT id FROM phase) AND unit = alias.visitor))";

const ALIASES: &str = "DELETE FROM alias WHERE first_at < ?1 \
    AND NOT EXISTS (SELECT 1 FROM exposure \
        WHERE phase_id IN (SELECT id FROM phase) AND unit = alias.visitor) \
    AND NOT EXISTS (SELECT 1 FROM exposure \
        WHERE phase_id IN (SELECT id FROM phase) AND unit = alias.user)";

const KEYS: &str = "DELETE FROM raw_unit WHERE NOT EXISTS (SELECT 1 FROM exposure \
        WHERE phase_id IN (SELECT id FROM phase) AND unit = raw_unit.unit) \
    AND NOT EXISTS (SELECT 1 FROM conversion \
        WHERE goal_id IN (SELECT id FROM goal) AND unit = raw_unit.unit) \
    AND NOT EXISTS (SELECT 1 FROM alias WHERE visitor = raw_unit.unit) \
    AND NOT EXISTS (SELECT 1 FROM alias WHERE user = raw_unit.unit)";

/// Deletes phases that ended before a time, and units in no other phase; returns the number of exposures
/// and conversions.
pub(super) fn retain(
    transaction: &Transaction<'_>,
    before: Timestamp,
    running: &[PhaseName],
) -> Outcome<u64> {
    let before = before.as_micros();
    let running = &under_all_names(running, phases(transaction)?);
    let mut forgotten = 0;
    // Exposures first: those that are left decide which conversions, aliases and keys stay.
    for phase in ended(transaction, before, running)? {
        forgotten += transaction.execute("DELETE FROM exposure WHERE phase_id = ?1", [phase])?;
        let sums = "DELETE FROM request_sum \
                    WHERE track_id IN (SELECT id FROM track WHERE phase_id = ?1)";
        transaction.execute(sums, [phase])?;
        let latencies = "DELETE FROM latency \
                         WHERE track_id IN (SELECT id FROM track WHERE phase_id = ?1)";
        transaction.execute(latencies, [phase])?;
    }
    forgotten += transaction.execute(CONVERSIONS, [before])?;
    transaction.execute(ALIASES, [before])?;
    transaction.execute(KEYS, [])?;
    Ok(forgotten as u64)
}

/// Returns the ids of the phases that ended before a time.
fn ended(transaction: &Transaction<'_>, before: i64, running: &[PhaseName]) -> Outcome<Vec<i64>> {
    // The running phases are few, and SQLite has no arrays to bind them to a statement.
    let is_running = |set: &str, number: i64| {
        let mut running = running.iter();
        running.any(|phase| *phase.set == *set && i64::from(phase.phase) == number)
    };
    let mut statement = transaction.prepare(ENDED)?;
    let mut rows = statement.query(params![before])?;
    let mut ended = Vec::new();
    while let Some(row) = rows.next()? {
        if !is_running(row.get_ref(1)?.as_str().unwrap_or_default(), row.get(2)?) {
            ended.push(row.get(0)?);
        }
    }
    Ok(ended)
}
