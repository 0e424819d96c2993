//! Deleting the facts of units. The erasure is written first, and then the rows that it covers are deleted. A row
//! is found by its key, and deleted with all versions of it: the earliest one is the fact.
//!
//! Deleted rows are invisible at once. Their bytes leave the disk with the next merge.

use std::collections::BTreeMap;

use crate::{
    store::{
        error::StoreError,
        facts::{Batch, ErasedRow},
        sql::Columns,
        timestamp::Timestamp,
    },
    unit::Unit,
};

use super::{literal, place::Place, row_binary::Encoder, tombstones::Tombstones};

/// The most units, or keys, of one statement.
const FEW: usize = 1_000;

/// Erases units, and returns the number of rows that are gone.
pub(super) fn erase(place: &Place, erased: &[ErasedRow]) -> Result<u64, StoreError> {
    if erased.is_empty() {
        return Ok(0);
    }
    let mut latest: BTreeMap<Unit, Timestamp> = BTreeMap::new();
    let mut rows = Encoder::default();
    for row in erased {
        let known = latest.entry(row.unit).or_insert(row.at);
        *known = row.at.max(*known);
    }
    for (unit, at) in &latest {
        rows.fixed(&unit.to_bytes()).int(at.as_micros());
    }
    place.insert("erased (unit, at)", rows)?;
    let latest: Vec<_> = latest.into_iter().collect();
    let deleted = latest.chunks(FEW).map(|units| delete(place, units));
    deleted.sum()
}

/// Deletes the facts of a batch that were erased while it was written.
pub(super) fn erase_again(
    place: &Place,
    batch: &Batch,
    before: &Tombstones,
) -> Result<(), StoreError> {
    let Tombstones(after) = Tombstones::of(batch, place)?;
    let is_new = |(unit, at): &(Unit, Timestamp)| before.0.get(unit) != Some(at);
    let new: Vec<_> = after.into_iter().filter(is_new).collect();
    new.chunks(FEW)
        .try_for_each(|units| delete(place, units).map(drop))
}

/// Whether there are facts of a unit.
pub(super) fn is_known(place: &Place, unit: Unit) -> Result<bool, StoreError> {
    let unit = literal::unit(unit);
    let facts = place.count(&format!(
        "count() FROM (SELECT 1 FROM @exposure WHERE unit = {unit} LIMIT 1 UNION ALL \
         SELECT 1 FROM @conversion WHERE unit = {unit} LIMIT 1 UNION ALL \
         SELECT 1 FROM @alias WHERE user = {unit} OR visitor = {unit} LIMIT 1)"
    ))?;
    Ok(facts > 0)
}

/// Some units, as parts of statements.
struct Units {
    list: String,
    until: String,
}

impl Units {
    fn of(units: &[(Unit, Timestamp)]) -> Self {
        let list = literal::list(units.iter().map(|(unit, _)| literal::unit(*unit)));
        let times = literal::list(units.iter().map(|(_, at)| literal::time(*at)));
        let until = format!(
            "transform(%, [{list}], [{times}], {})",
            literal::time(Timestamp::MIN)
        );
        Self { list, until }
    }

    /// Returns the condition that a row is of one of the units, and not later than its erasure.
    fn cover(&self, unit: &str, at: &str) -> String {
        let Self { list, .. } = self;
        format!(
            "({unit} IN ({list}) AND {at} <= {})",
            self.until.replace('%', unit)
        )
    }
}

/// Deletes the facts of units up to their times.
fn delete(place: &Place, units: &[(Unit, Timestamp)]) -> Result<u64, StoreError> {
    let parts = Units::of(units);
    let list = &parts.list;
    let mut deleted = 0;
    for (table, key, types) in [
        ("exposure", "phase_id, unit, track_id", "ixi"),
        ("conversion", "goal_id, unit, idem", "ixx"),
    ] {
        let select = format!(
            "{key} FROM (SELECT {key}, min(first.1) AS met FROM @{table} WHERE unit IN ({list}) \
             GROUP BY {key}) WHERE {}",
            parts.cover("unit", "met")
        );
        deleted += delete_keys(place, table, (key, types), &select)?;
    }
    let (user, visitor) = (parts.cover("user", "met"), parts.cover("visitor", "met"));
    let select = format!(
        "user, visitor FROM (SELECT user, visitor, min(first_at) AS met FROM @alias \
         WHERE user IN ({list}) OR visitor IN ({list}) GROUP BY user, visitor) WHERE {user} OR {visitor}"
    );
    deleted += delete_keys(place, "alias", ("user, visitor", "xx"), &select)?;
    for (unit, at) in units {
        // Without parsing it, because an event that was set aside may not be valid.
        let is_named = format!(
            "at <= {} AND position(payload, '{unit}') > 0",
            literal::time(*at)
        );
        let count = place.count(&format!("count() FROM @aside FINAL WHERE {is_named}"))?;
        if count > 0 {
            place.delete("aside", &is_named)?;
        }
        deleted += count;
    }
    Ok(deleted + delete_raw(place, list)?)
}

/// Deletes the keys of those units that have no facts.
fn delete_raw(place: &Place, list: &str) -> Result<u64, StoreError> {
    let rows = place.rows(
        "x",
        &format!("unit FROM @raw_unit WHERE unit IN ({list}) GROUP BY unit"),
    )?;
    let mut without = Vec::new();
    for row in rows {
        let unit = row.unit(0)?;
        if !is_known(place, unit)? {
            without.push(literal::unit(unit));
        }
    }
    if !without.is_empty() {
        let condition = format!("unit IN ({})", literal::list(without.iter().cloned()));
        place.delete("raw_unit", &condition)?;
    }
    Ok(without.len() as u64)
}

/// Deletes the rows with the keys that a select returns; returns the number of keys.
fn delete_keys(
    place: &Place,
    table: &str,
    (columns, types): (&str, &str),
    select: &str,
) -> Result<u64, StoreError> {
    let rows = place.rows(types, select)?;
    for keys in rows.chunks(FEW) {
        let mut literals = Vec::with_capacity(keys.len());
        for key in keys {
            let values = types.bytes().enumerate().map(|(column, kind)| match kind {
                b'i' => key.number(column).map(literal::number),
                _ => key.uuid(column).map(literal::bytes16),
            });
            let values = values.collect::<Result<Vec<_>, StoreError>>()?;
            literals.push(format!("({})", values.join(", ")));
        }
        place.delete(table, &format!("({columns}) IN ({})", literals.join(", ")))?;
    }
    Ok(rows.len() as u64)
}
