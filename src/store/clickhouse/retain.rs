//! Deleting phases that have ended, and the facts of units that are in no phase.

use crate::{
    store::{
        error::StoreError, facts::PhaseName, renames::under_all_names, sql::Columns,
        timestamp::Timestamp,
    },
    unit::Unit,
};

use super::{
    catalog::{phases, tracks},
    erase::{delete_left, delete_rows},
    ids,
    keys::delete_keys_of,
    literal,
    place::Place,
    tombstones::Tombstones,
};

/// The units with an exposure.
const EXPOSED: &str = "(SELECT unit FROM @exposure)";

/// The users with an alias to a visitor with an exposure.
const LINKED: &str = "(SELECT user FROM @alias WHERE visitor IN (SELECT unit FROM @exposure))";

pub(super) fn retain(
    place: &Place,
    before: Timestamp,
    running: &[PhaseName],
) -> Result<u64, StoreError> {
    // All that follows counts the rows of the tables.
    delete_left(place, &Tombstones::of_left(place)?)?;
    let before = literal::time(before);
    let ended = ended(place, &before, running)?;
    let list = |ids: &[i64]| literal::list(ids.iter().map(|id| literal::number(*id)));
    let mut deleted = 0;
    if !ended.is_empty() {
        let is_ended = format!("phase_id IN ({})", list(&ended));
        let count = format!("uniqExact(phase_id, unit, track_id) FROM @exposure WHERE {is_ended}");
        deleted += place.scanned_number(&count)?;
        place.delete("exposure", &is_ended)?;
        let tracks = tracks(place)?.into_iter();
        let tracks = tracks.filter(|(_, (phase, _))| ended.contains(phase));
        let tracks: Vec<i64> = tracks.map(|(track, _)| track).collect();
        if !tracks.is_empty() {
            let is_ended = format!("track_id IN ({})", list(&tracks));
            place.delete("request_sum", &is_ended)?;
            place.delete("latency", &is_ended)?;
        }
    }
    // Exposures first: those that are left decide which conversions, aliases and keys stay.
    deleted += delete(
        place,
        "conversion",
        ("goal_id, unit, idem", "ixx"),
        &format!("unit NOT IN {EXPOSED} AND unit NOT IN {LINKED}"),
        &format!("min(first.1) < {before}"),
    )?;
    delete(
        place,
        "alias",
        ("user, visitor", "xx"),
        &format!("visitor NOT IN {EXPOSED} AND user NOT IN {EXPOSED}"),
        &format!("min(first_at) < {before}"),
    )?;
    let is_unknown = format!(
        "unit NOT IN {EXPOSED} AND unit NOT IN (SELECT unit FROM @conversion) \
         AND unit NOT IN (SELECT user FROM @alias) AND unit NOT IN (SELECT visitor FROM @alias)"
    );
    match place.cluster {
        None => delete(place, "raw_unit", ("unit", "x"), &is_unknown, "1")?,
        Some(_) => delete_unknown(place, &is_unknown)?,
    };
    Ok(deleted)
}

/// Deletes keys, a few at a time. Their units may have facts by then.
fn delete_unknown(place: &Place, is_unknown: &str) -> Result<u64, StoreError> {
    let select = format!("unit FROM @raw_unit WHERE {is_unknown} GROUP BY unit");
    let mut units = place.stream(&select, |decoder| decoder.fixed().map(Unit::from_bytes))?;
    let mut deleted = 0;
    loop {
        let some = units
            .by_ref()
            .take(literal::MOST)
            .collect::<Result<Vec<_>, _>>()?;
        if some.is_empty() {
            return Ok(deleted);
        }
        deleted += delete_keys_of(place, &some)?;
    }
}

/// Returns the ids of phases that have ended.
fn ended(place: &Place, before: &str, running: &[PhaseName]) -> Result<Vec<i64>, StoreError> {
    let phases = phases(place)?;
    let names: Vec<PhaseName> = phases.iter().map(|phase| phase.name.clone()).collect();
    let running = under_all_names(running, phases);
    let running: Vec<i64> = running.iter().map(ids::phase).collect();
    let select = format!(
        "phase_id FROM (SELECT phase_id, min(first.1) AS met FROM @exposure \
         GROUP BY phase_id, unit, track_id) WHERE met >= {before} GROUP BY phase_id"
    );
    let rows = place.scanned("i", &select)?;
    let exposed = rows.iter().map(|row| row.id(0));
    let exposed = exposed.collect::<Result<Vec<i64>, StoreError>>()?;
    let ids = names.iter().map(ids::phase);
    Ok(ids
        .filter(|id| !running.contains(id) && !exposed.contains(id))
        .collect())
}

/// Deletes the keys of a table for which both conditions hold; returns their number.
fn delete(
    place: &Place,
    table: &str,
    (key, types): (&str, &str),
    condition: &str,
    having: &str,
) -> Result<u64, StoreError> {
    let select = format!("{key} FROM @{table} WHERE {condition} GROUP BY {key} HAVING {having}");
    // Each replica would run the select at a time of its own, and could delete other rows.
    if place.cluster.is_some() {
        return delete_rows(place, table, (key, types), &select);
    }
    let count = place.scanned_number(&format!("count() FROM (SELECT {select})"))?;
    if count > 0 {
        place.delete(table, &format!("({key}) IN (SELECT {select})"))?;
    }
    Ok(count)
}
