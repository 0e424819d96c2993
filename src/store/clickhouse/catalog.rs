//! Phases with their tracks, definitions and plans; goals; read-outs; the size of the tables.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use crate::{
    event::Goal,
    store::{
        catalog::{Definition, Phase, PlanEntry, Readout},
        error::StoreError,
        facts::{PhaseName, TrackName},
        sql::{Columns, answers},
    },
    unit::Unit,
};

use super::{
    ids, literal, names::write_phases, place::Place, row::Row, row_binary::Encoder,
    tombstones::Tombstones, visible::conversion_times,
};

/// What phases have: with its id and the id of its phase.
pub(super) type OfPhases<T> = Vec<(i64, (i64, T))>;

/// Rows by the id in their first column. Those with a name that is not allowed are left out.
fn by_id<T>(
    rows: &[Row],
    read: impl Fn(&Row) -> Result<Option<T>, StoreError>,
) -> Result<Vec<(i64, T)>, StoreError> {
    let mut named = Vec::with_capacity(rows.len());
    for row in rows {
        if let Some(name) = read(row)? {
            named.push((row.id(0)?, name));
        }
    }
    Ok(named)
}

/// Returns all phases by id.
pub(super) fn phase_names(place: &Place) -> Result<HashMap<i64, PhaseName>, StoreError> {
    let rows = place.rows("isis", "id, set_name, phase, unit_kind FROM @phase FINAL")?;
    Ok(by_id(&rows, |row| row.phase(1))?.into_iter().collect())
}

/// Returns all tracks by id, with the ids of their phases.
pub(super) fn tracks(place: &Place) -> Result<OfPhases<TrackName>, StoreError> {
    let rows = place.rows(
        "iisissb",
        "track.id, phase_id, set_name, phase, unit_kind, name, control \
         FROM (SELECT * FROM @track FINAL) AS track INNER JOIN (SELECT * FROM @phase FINAL) AS phase \
         ON phase.id = phase_id",
    )?;
    by_id(&rows, |row| Ok(Some(row.id(1)?).zip(row.track(2)?)))
}

/// Returns the definitions with JSON by id, with the ids of their phases.
pub(super) fn definitions(place: &Place) -> Result<OfPhases<Definition>, StoreError> {
    let rows = place.rows(
        "iifsi",
        "id, phase_id, fingerprint, least.3, least.2 FROM (SELECT id, phase_id, fingerprint, \
         min(known) AS least FROM @definition GROUP BY id, phase_id, fingerprint) WHERE least.1 = 0",
    )?;
    by_id(&rows, |row| {
        Ok(Some(row.id(1)?).zip(answers::definition(row, 2)?))
    })
}

/// Returns all phases, sorted.
pub(super) fn phases(place: &Place) -> Result<Vec<Phase>, StoreError> {
    let names = phase_names(place)?;
    let mut phases: BTreeMap<i64, Phase> = BTreeMap::new();
    for (id, name) in names {
        phases.insert(id, Phase::new(name));
    }
    for (_, (phase, track)) in tracks(place)? {
        if let Some(phase) = phases.get_mut(&phase) {
            phase.tracks.push(track);
        }
    }
    for (_, (phase, definition)) in definitions(place)? {
        if let Some(phase) = phases.get_mut(&phase) {
            phase.definitions.push(definition);
        }
    }
    for row in place.rows("iis", "phase_id, first_at, json FROM @plan FINAL")? {
        if let (Some(phase), Some(json)) = (phases.get_mut(&row.id(0)?), row.json(2)?) {
            phase.plans.push(PlanEntry::new(row.time(1)?, json));
        }
    }
    let mut phases: Vec<Phase> = phases.into_values().collect();
    phases.iter_mut().for_each(sort);
    phases.sort_by(|one, other| {
        let key = |phase: &Phase| (Arc::clone(&phase.name.set), phase.name.phase);
        key(one).cmp(&key(other))
    });
    Ok(phases)
}

/// Sorts what a phase has.
fn sort(phase: &mut Phase) {
    phase
        .tracks
        .sort_by_key(|track| (!track.control, Arc::clone(&track.track)));
    phase
        .definitions
        .sort_by_key(|known| (known.first_at, known.fingerprint));
    phase.plans.sort();
}

/// Returns the names of goals by id.
pub(super) fn goal_names(place: &Place) -> Result<HashMap<i64, Goal>, StoreError> {
    let rows = place.rows("is", "id, name FROM @goal FINAL")?;
    Ok(by_id(&rows, |row| row.goal(1))?.into_iter().collect())
}

/// Returns the goals with conversions or losses.
pub(super) fn goals(place: &Place) -> Result<Vec<Goal>, StoreError> {
    let names = goal_names(place)?;
    // Of a goal without erased units, any row is enough.
    let rows = match place.number("count() FROM @erased")? {
        0 => place.scanned("i", "goal_id FROM @conversion GROUP BY goal_id")?,
        _ => place.scanned(
            "i",
            &format!("goal_id FROM {} GROUP BY goal_id", conversion_times("1")),
        )?,
    };
    let lost = place.rows(
        "i",
        "goal_id FROM @loss WHERE goal_id != 0 GROUP BY goal_id",
    )?;
    let mut goals = Vec::new();
    for row in rows.iter().chain(&lost) {
        goals.extend(names.get(&row.id(0)?).cloned());
    }
    goals.sort();
    goals.dedup();
    Ok(goals)
}

pub(super) fn put_readout(place: &Place, readout: &Readout) -> Result<(), StoreError> {
    write_phases(std::slice::from_ref(&readout.phase), place)?;
    let mut row = Encoder::default();
    row.int(ids::phase(&readout.phase))
        .text(readout.kind.as_bytes());
    row.int(readout.as_of.as_micros())
        .text(readout.json.as_bytes());
    place.insert("readout (phase_id, kind, as_of, json)", row)
}

pub(super) fn readouts(place: &Place, kind: &str) -> Result<Vec<Readout>, StoreError> {
    let select = format!(
        "set_name, phase, unit_kind, kind, as_of, json FROM (SELECT * FROM @readout FINAL) AS readout \
         INNER JOIN (SELECT * FROM @phase FINAL) AS phase ON phase.id = phase_id WHERE kind = {}",
        literal::text(kind)
    );
    let rows = place.rows("sissis", &select)?;
    let readouts = rows
        .iter()
        .filter_map(|row| answers::readout(row).transpose());
    let mut readouts = readouts.collect::<Result<Vec<_>, _>>()?;
    readouts.sort_by(|one, other| {
        let key = |readout: &Readout| (Arc::clone(&readout.phase.set), readout.phase.phase);
        key(one).cmp(&key(other))
    });
    Ok(readouts)
}

/// Returns whether a unit has an exposure that no erasure covers. A recorder with a ceiling asks this often, and most
/// units have none, so that one simple query is enough.
pub(super) fn is_exposed(place: &Place, unit: Unit) -> Result<bool, StoreError> {
    let select = format!(
        "min(first.1) FROM @exposure WHERE unit = {} GROUP BY phase_id, track_id",
        literal::unit(unit)
    );
    let rows = place.rows("i", &select)?;
    let times = rows.iter().map(|row| row.time(0));
    let times = times.collect::<Result<Vec<_>, _>>()?;
    let Some(latest) = times.into_iter().max() else {
        return Ok(false);
    };
    let tombstones = Tombstones::of_units(&[unit], place)?;
    Ok(!tombstones.cover(unit, latest))
}

/// Returns the bytes on disk, of all parts that are in use.
pub(super) fn bytes(place: &Place) -> Result<u64, StoreError> {
    let parts = match &place.cluster {
        None => "system.parts".to_owned(),
        Some(cluster) => format!("cluster('{cluster}', system.parts)"),
    };
    let database = literal::text(&place.database);
    place.number(&format!(
        "toUInt64(sum(bytes_on_disk)) FROM {parts} WHERE active AND database = {database}"
    ))
}
