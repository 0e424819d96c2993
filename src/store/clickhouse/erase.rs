//! Deleting the facts of units. The erasure is written first, and then the rows that it covers are deleted.
//!
//! Deleted rows are invisible at once. Their bytes leave the disk with the next merge.

use std::collections::{BTreeMap, HashSet};

use crate::{
    store::{
        error::StoreError,
        facts::{Batch, ErasedRow},
        sql::Columns,
        timestamp::Timestamp,
    },
    unit::Unit,
};

use super::{
    literal, place::Place, row_binary::Encoder, tombstones::Tombstones, visible::units as visible,
};

/// The most units, or keys, of one statement.
const FEW: usize = 1_000;

/// The most units whose events set aside are found by one statement.
const NAMED: usize = 200;

/// The tables of facts with a unit: their name, their key, and the types of its columns.
const TABLES: [(&str, &str, &str); 2] = [
    ("exposure", "phase_id, unit, track_id", "ixi"),
    ("conversion", "goal_id, unit, idem", "ixx"),
];

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
    let Tombstones(mut after) = Tombstones::of(batch, place)?;
    after.retain(|unit, at| before.0.get(unit) != Some(at));
    delete_left(place, &Tombstones(after))
}

/// Deletes what erasures cover, but a writer or an erasure left that failed or was killed. Such facts would hide later
/// facts with the same keys, and later facts would show the key of the unit again.
///
/// Later rows with the key of such a fact stay, unless they were merged with it.
pub(super) fn delete_left(place: &Place, erased: &Tombstones) -> Result<(), StoreError> {
    let units: Vec<_> = erased.0.iter().map(|(unit, at)| (*unit, *at)).collect();
    for units in units.chunks(FEW) {
        let erased = Erased::of(units);
        let [user, visitor] = ["user", "visitor"].map(|unit| erased.cover(unit, "first_at"));
        delete_any(place, "exposure", &erased.cover("unit", "first.1"))?;
        delete_any(place, "conversion", &erased.cover("unit", "first.1"))?;
        delete_any(place, "alias", &format!("{user} OR {visitor}"))?;
        delete_others(place, units)?;
    }
    Ok(())
}

/// Returns which of these units have visible facts.
pub(super) fn known(
    place: &Place,
    units: impl Iterator<Item = Unit>,
) -> Result<HashSet<Unit>, StoreError> {
    let units: Vec<Unit> = units.collect();
    let mut known = HashSet::new();
    for units in units.chunks(FEW) {
        let is_one = format!(
            "% IN ({})",
            literal::list(units.iter().copied().map(literal::unit))
        );
        let select = format!(
            "unit FROM {} WHERE {} GROUP BY unit",
            visible(&is_one),
            is_one.replace('%', "unit")
        );
        for row in place.scanned("x", &select)? {
            known.insert(row.unit(0)?);
        }
    }
    Ok(known)
}

/// Some erased units, as parts of statements.
struct Erased {
    list: String,
    until: String,
}

impl Erased {
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

/// Deletes what is stored of units up to their times; returns the number of rows.
fn delete(place: &Place, units: &[(Unit, Timestamp)]) -> Result<u64, StoreError> {
    Ok(delete_facts(place, units)? + delete_others(place, units)?)
}

/// Deletes facts: each with all versions of its row, since the earliest one is the fact.
fn delete_facts(place: &Place, units: &[(Unit, Timestamp)]) -> Result<u64, StoreError> {
    let erased = Erased::of(units);
    let list = &erased.list;
    let mut deleted = 0;
    for (table, key, types) in TABLES {
        let select = format!(
            "{key} FROM (SELECT {key}, min(first.1) AS met FROM @{table} WHERE unit IN ({list}) \
             GROUP BY {key}) WHERE {}",
            erased.cover("unit", "met")
        );
        deleted += delete_keys(place, table, (key, types), &select)?;
    }
    let [user, visitor] = ["user", "visitor"].map(|unit| erased.cover(unit, "met"));
    let select = format!(
        "user, visitor FROM (SELECT user, visitor, min(first_at) AS met FROM @alias \
         WHERE user IN ({list}) OR visitor IN ({list}) GROUP BY user, visitor) WHERE {user} OR {visitor}"
    );
    Ok(deleted + delete_keys(place, "alias", ("user, visitor", "xx"), &select)?)
}

/// Deletes what is stored besides facts: events that were set aside, and keys of units.
fn delete_others(place: &Place, units: &[(Unit, Timestamp)]) -> Result<u64, StoreError> {
    let mut deleted = 0;
    if place.number("count() FROM @aside")? > 0 {
        for units in units.chunks(NAMED) {
            let is_named = naming(units);
            deleted += place.count(&format!("count() FROM @aside FINAL WHERE {is_named}"))?;
            delete_any(place, "aside", &is_named)?;
        }
    }
    Ok(deleted + delete_raw(place, units)?)
}

/// Returns the condition that an event that was set aside names one of the units, and is not later than its erasure.
/// The event is not parsed, because it may not be valid.
fn naming(units: &[(Unit, Timestamp)]) -> String {
    let one = |(unit, at): &(Unit, Timestamp)| {
        let at = literal::time(*at);
        format!("(at <= {at} AND position(payload, '{unit}') > 0)")
    };
    units.iter().map(one).collect::<Vec<_>>().join(" OR ")
}

/// Deletes the keys of those units that have no facts.
fn delete_raw(place: &Place, units: &[(Unit, Timestamp)]) -> Result<u64, StoreError> {
    let list = literal::list(units.iter().map(|(unit, _)| literal::unit(*unit)));
    let select = format!("unit FROM @raw_unit WHERE unit IN ({list}) GROUP BY unit");
    let rows = place.rows("x", &select)?;
    let kept = rows.iter().map(|row| row.unit(0));
    let kept = kept.collect::<Result<Vec<Unit>, StoreError>>()?;
    if kept.is_empty() {
        return Ok(0);
    }
    let known = known(place, kept.iter().copied())?;
    let without = kept.into_iter().filter(|unit| !known.contains(unit));
    let without: Vec<String> = without.map(literal::unit).collect();
    if !without.is_empty() {
        let condition = format!("unit IN ({})", literal::list(without.iter().cloned()));
        place.delete("raw_unit", &condition)?;
    }
    Ok(without.len() as u64)
}

/// Deletes the rows for which a condition holds. If there are none, it only reads, which costs less than a deletion.
fn delete_any(place: &Place, table: &str, condition: &str) -> Result<(), StoreError> {
    match place.count(&format!("count() FROM @{table} WHERE {condition}"))? {
        0 => Ok(()),
        _ => place.delete(table, condition),
    }
}

/// Deletes the rows with the keys that a select returns; returns the number of keys.
pub(super) fn delete_keys(
    place: &Place,
    table: &str,
    (columns, types): (&str, &str),
    select: &str,
) -> Result<u64, StoreError> {
    let rows = place.scanned(types, select)?;
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
