//! All rows, table by table, as batches. Each batch lists the names that its rows refer to.
//!
//! Erasures come first, so that the reader refuses facts that it should not have; keys of units come after the
//! facts. ClickHouse has no snapshot of several statements: facts that are written during a dump may be in it.

use std::{collections::HashMap, mem};

use crate::store::{
    error::{StoreError, StoreErrorKind},
    facts::Batch,
    sql::{Columns, Dump, Name, Named, Names, UnitRange, tables},
};

use super::{
    aside::is_erased,
    literal,
    place::Place,
    row::Row,
    tombstones::Tombstones,
    visible::{aliases, conversions, exposures, units},
};

/// The rows of a batch.
const ROWS: usize = 10_000;

/// About how many rows of a table one request reads.
const RANGE: u64 = 500_000;

/// The erased units.
const ERASED: &str = "(SELECT unit FROM @erased)";

type Each<'a> = &'a mut dyn FnMut(Batch) -> Result<(), StoreError>;

/// What a table is read by.
struct Reading {
    /// The types of the columns.
    types: &'static str,
    /// May have a `%` for a condition.
    select: String,
    /// Where there may be many rows: the table, and the column of the units in whose ranges it is read.
    many: Option<(&'static str, &'static str)>,
}

impl Reading {
    fn of(types: &'static str, select: String) -> Self {
        Self {
            types,
            select,
            many: None,
        }
    }

    fn by(self, table: &'static str, unit: &'static str) -> Self {
        Self {
            many: Some((table, unit)),
            ..self
        }
    }

    /// Returns the selects of its ranges. The limit of a scan holds for each, and the reader of a dump may be slow.
    fn selects(&self, place: &Place) -> Result<Vec<String>, StoreError> {
        let Some((table, unit)) = self.many else {
            return Ok(vec![self.select.clone()]);
        };
        let rows = place.scanned_number(&format!("count() FROM @{table}"))?;
        let ranges = UnitRange::split(2 + (rows / RANGE) as usize);
        let select = |range| self.select.replace('%', &literal::is_in(unit, range));
        Ok(ranges.into_iter().map(select).collect())
    }
}

/// Returns what each table is read by, in the order of the dumps of all databases.
fn readings() -> [Reading; 11] {
    let owned = str::to_owned;
    let definition =
        "if(print = 18446744073709551615, NULL, bitXor(phase_id, reinterpretAsInt64(print)))";
    let segment =
        "if(segment = unhex('ff'), NULL, reinterpretAsInt64(substring(SHA256(segment), 1, 8)))";
    [
        Reading::of("xi", owned("unit, max(at) FROM @erased GROUP BY unit")),
        Reading::of(
            "ifsi",
            owned(
                "phase_id, fingerprint, least.3, least.2 FROM (SELECT phase_id, fingerprint, \
                 min(known) AS least FROM @definition GROUP BY id, phase_id, fingerprint) WHERE least.1 = 0",
            ),
        ),
        Reading::of("iis", owned("phase_id, first_at, json FROM @plan FINAL")),
        Reading::of(
            "ixibinn",
            format!(
                "track_id, unit, at, coin, writer_id, {definition}, {segment} FROM {}",
                exposures("%")
            ),
        )
        .by("exposure", "unit"),
        Reading::of(
            "ixxiii",
            format!(
                "goal_id, unit, idem, at, value, writer_id FROM {}",
                conversions("%")
            ),
        )
        .by("conversion", "unit"),
        Reading::of("xxi", format!("visitor, user, since FROM {}", aliases("%"))).by("alias", "user"),
        Reading::of(
            "iiiuuuuw",
            owned(
                "track_id, toInt64(bucket), writer_id, max(requests), max(errors), max(aborted), \
                 max(duration_us), max(duration_us_sq) FROM @request_sum GROUP BY track_id, bucket, writer_id",
            ),
        ),
        Reading::of(
            "ibbiu",
            owned(
                "track_id, unit_group, bin, writer_id, max(requests) FROM @latency \
                 GROUP BY track_id, unit_group, bin, writer_id",
            ),
        ),
        Reading::of(
            "innssu",
            owned(
                "writer_id, nullIf(track_id, 0), nullIf(goal_id, 0), sink, reason, max(n) FROM @loss \
                 GROUP BY writer_id, track_id, goal_id, sink, reason",
            ),
        ),
        Reading::of(
            "xss",
            format!(
                "unit, kind, key FROM @raw_unit FINAL WHERE (unit NOT IN {ERASED} OR unit IN {}) AND %",
                units(&format!("% IN {ERASED}"))
            ),
        )
        .by("raw_unit", "unit"),
        Reading::of("iss", owned("at, reason, payload FROM @aside FINAL")),
    ]
}

pub(super) fn dump(place: &Place, each: Each<'_>) -> Result<(), StoreError> {
    let mut dump = Dump::new(names(place)?);
    let tombstones = Tombstones::all(place)?;
    each(mem::take(&mut dump.batch))?;
    for ((_, add), reading) in tables::<StoreError>("").into_iter().zip(readings()) {
        for select in reading.selects(place)? {
            for row in place.stream(&select, |decoder| Row::read(reading.types, decoder))? {
                let row = row?;
                add(&mut dump, &row).or_else(|error| match error.kind() {
                    // The name may have come after the names were read.
                    StoreErrorKind::Corrupt => {
                        dump.renew(names(place)?);
                        add(&mut dump, &row)
                    }
                    _ => Err(error),
                })?;
                if dump.batch.rows() >= ROWS {
                    pass(&mut dump, &tombstones, each)?;
                }
            }
        }
        pass(&mut dump, &tombstones, each)?;
    }
    Ok(())
}

/// Passes the rows on, without the events that an erasure covers.
fn pass(dump: &mut Dump, tombstones: &Tombstones, each: Each<'_>) -> Result<(), StoreError> {
    let mut batch = mem::take(&mut dump.batch);
    batch.aside.retain(|row| !is_erased(row, tombstones));
    each(batch)
}

/// Returns all names of the store.
fn names(place: &Place) -> Result<Names, StoreError> {
    Ok(Names {
        writers: named(
            place,
            "ixsi",
            "id, uuid, node, started_at FROM @writer FINAL",
        )?,
        phases: named(
            place,
            "isis",
            "id, set_name, phase, unit_kind FROM @phase FINAL",
        )?,
        tracks: named(
            place,
            "isissb",
            "track.id, set_name, phase, unit_kind, name, control FROM (SELECT * FROM @track FINAL) AS track \
             INNER JOIN (SELECT * FROM @phase FINAL) AS phase ON phase.id = phase_id",
        )?,
        goals: named(place, "is", "id, name FROM @goal FINAL")?,
        definitions: named(
            place,
            "isisf",
            "definition.id, set_name, phase, unit_kind, fingerprint \
             FROM (SELECT DISTINCT id, phase_id, fingerprint FROM @definition) AS definition \
             INNER JOIN (SELECT * FROM @phase FINAL) AS phase ON phase.id = phase_id",
        )?,
        segments: named(place, "is", "id, name FROM @segment FINAL")?,
    })
}

/// Returns the names of a table by id.
fn named<T: Name>(place: &Place, types: &str, select: &str) -> Result<Named<T>, StoreError> {
    let rows = place.rows(types, select)?;
    let by_id = rows.iter().map(|row| Ok((row.id(0)?, T::read(row)?)));
    let by_id = by_id.collect::<Result<HashMap<_, _>, StoreError>>()?;
    Ok(Named::new(by_id, |_, id| {
        format!("a row in ClickHouse refers to the id {id}, which nothing has")
    }))
}
