//! Deleting the facts of units. The erasure is written first, and then the rows that it covers are deleted.
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

use super::{
    aside::delete_aside, keys::delete_keys_of, literal, place::Place, row::Row,
    row_binary::Encoder, tombstones::Tombstones,
};

/// A table of facts.
struct Facts {
    table: &'static str,
    key: &'static str,
    /// The types of the columns of the key.
    types: &'static str,
    /// The columns that are units.
    units: &'static [&'static str],
    at: &'static str,
}

const TABLES: [Facts; 3] = [
    Facts {
        table: "exposure",
        key: "phase_id, unit, track_id",
        types: "ixi",
        units: &["unit"],
        at: "first.1",
    },
    Facts {
        table: "conversion",
        key: "goal_id, unit, idem",
        types: "ixx",
        units: &["unit"],
        at: "first.1",
    },
    Facts {
        table: "alias",
        key: "user, visitor",
        types: "xx",
        units: &["user", "visitor"],
        at: "first_at",
    },
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
    // What an earlier erasure covers is not of a later fact with the same key.
    let units: Vec<Unit> = latest.keys().copied().collect();
    delete_left(place, &Tombstones::of_units(&units, place)?)?;
    place.insert("erased (unit, at)", rows)?;
    let latest: Vec<_> = latest.into_iter().collect();
    let deleted = latest
        .chunks(literal::MOST)
        .map(|units| delete(place, units));
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
    for units in units.chunks(literal::MOST) {
        let erased = Erased::of(units);
        for facts in TABLES {
            delete_any(place, facts.table, &erased.cover(&facts, facts.at))?;
        }
        delete_others(place, units)?;
    }
    Ok(())
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

    /// Returns the condition that a row is of one of the units, and its time not later than the erasure.
    fn cover(&self, facts: &Facts, at: &str) -> String {
        let Self { list, until } = self;
        let cover = |unit: &&str| {
            format!(
                "({unit} IN ({list}) AND {at} <= {})",
                until.replace('%', unit)
            )
        };
        let conditions: Vec<String> = facts.units.iter().map(cover).collect();
        conditions.join(" OR ")
    }

    /// Returns the condition that a row is of one of the units.
    fn concern(&self, facts: &Facts) -> String {
        let is_one = |unit: &&str| format!("{unit} IN ({})", self.list);
        let conditions: Vec<String> = facts.units.iter().map(is_one).collect();
        conditions.join(" OR ")
    }
}

/// Deletes what is stored of units up to their times; returns the number of rows.
///
/// If a deletion fails, the others are made all the same: on a cluster, a replica that is down does them later.
fn delete(place: &Place, units: &[(Unit, Timestamp)]) -> Result<u64, StoreError> {
    let erased = Erased::of(units);
    let facts = TABLES.map(|facts| delete_facts(place, &facts, &erased));
    let others = delete_others(place, units);
    facts.into_iter().chain([others]).sum()
}

/// Deletes facts: each with all versions of its row, since the earliest one is the fact.
fn delete_facts(place: &Place, facts: &Facts, erased: &Erased) -> Result<u64, StoreError> {
    let Facts {
        table,
        key,
        types,
        at,
        ..
    } = *facts;
    let select = format!(
        "{key} FROM (SELECT {key}, min({at}) AS met FROM @{table} WHERE {} GROUP BY {key}) WHERE {}",
        erased.concern(facts),
        erased.cover(facts, "met")
    );
    delete_rows(place, table, (key, types), &select)
}

/// Deletes what is stored besides facts: events that were set aside, and keys of units.
fn delete_others(place: &Place, units: &[(Unit, Timestamp)]) -> Result<u64, StoreError> {
    let aside = delete_aside(place, units);
    let units: Vec<Unit> = units.iter().map(|(unit, _)| *unit).collect();
    let keys = delete_keys_of(place, &units);
    Ok(aside? + keys?)
}

/// Deletes the rows for which a condition holds. If there are none, it only reads, which costs less than a deletion.
fn delete_any(place: &Place, table: &str, condition: &str) -> Result<(), StoreError> {
    match place.scanned_number(&format!("count() FROM @{table} WHERE {condition}"))? {
        0 => Ok(()),
        _ => place.delete(table, condition),
    }
}

/// Deletes the rows with the keys that a select returns; returns the number of keys.
pub(super) fn delete_rows(
    place: &Place,
    table: &str,
    (columns, types): (&str, &str),
    select: &str,
) -> Result<u64, StoreError> {
    let mut rows = place.stream(select, |decoder| Row::read(types, decoder))?;
    let mut deleted = 0;
    loop {
        let keys = rows
            .by_ref()
            .take(literal::MOST)
            .map(|row| key(&row?, types));
        let keys = keys.collect::<Result<Vec<String>, StoreError>>()?;
        if keys.is_empty() {
            return Ok(deleted);
        }
        place.delete(table, &format!("({columns}) IN ({})", keys.join(", ")))?;
        deleted += keys.len() as u64;
    }
}

/// Returns a key as a literal.
fn key(row: &Row, types: &str) -> Result<String, StoreError> {
    let values = types.bytes().enumerate().map(|(column, kind)| match kind {
        b'i' => row.number(column).map(literal::number),
        _ => row.uuid(column).map(literal::bytes16),
    });
    let values = values.collect::<Result<Vec<_>, StoreError>>()?;
    Ok(format!("({})", values.join(", ")))
}
