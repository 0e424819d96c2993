//! Sums and durations of requests, and lost events. Of each writer the largest number counts, and the writers are
//! added here, without overflow.

use std::collections::{BTreeMap, HashMap};

use crate::store::{
    catalog::{LatencyCounts, Loss, SumsByBucket},
    error::StoreError,
    facts::{PhaseName, RequestSums, TrackName},
    sql::Columns,
};

use super::{
    catalog::{goal_names, tracks},
    ids, literal,
    place::Place,
};

/// Returns the tracks of a phase by id.
pub(super) fn tracks_of(
    place: &Place,
    phase: &PhaseName,
) -> Result<HashMap<i64, TrackName>, StoreError> {
    let id = ids::phase(phase);
    let all = tracks(place)?.into_iter();
    let own = all.filter(|(_, (of, _))| *of == id);
    Ok(own.map(|(track, (_, name))| (track, name)).collect())
}

/// Returns the condition that a row is of one of the tracks.
pub(super) fn of_tracks(tracks: &HashMap<i64, TrackName>) -> String {
    let ids = literal::list(tracks.keys().map(|id| literal::number(*id)));
    match ids.is_empty() {
        true => "0".to_owned(),
        false => format!("track_id IN ({ids})"),
    }
}

pub(super) fn sums(place: &Place, phase: &PhaseName) -> Result<SumsByBucket, StoreError> {
    let tracks = tracks_of(place, phase)?;
    let select = format!(
        "track_id, toInt64(bucket), max(requests), max(errors), max(aborted), max(duration_us), \
         max(duration_us_sq) FROM @request_sum WHERE {} GROUP BY track_id, bucket, writer_id",
        of_tracks(&tracks)
    );
    let mut sums: BTreeMap<_, RequestSums> = BTreeMap::new();
    for row in place.rows("iiuuuuw", &select)? {
        if let Some(track) = tracks.get(&row.id(0)?) {
            let sum = sums.entry((track.clone(), row.bucket(1)?)).or_default();
            sum.add(&row.request_sums(2)?);
        }
    }
    Ok(sums)
}

pub(super) fn latencies(place: &Place, phase: &PhaseName) -> Result<LatencyCounts, StoreError> {
    let tracks = tracks_of(place, phase)?;
    let select = format!(
        "track_id, unit_group, bin, max(requests) AS most FROM @latency WHERE {} \
         GROUP BY track_id, unit_group, bin, writer_id HAVING most > 0",
        of_tracks(&tracks)
    );
    let mut counts = LatencyCounts::new();
    for row in place.rows("ibbu", &select)? {
        let place = row.place_of_latency(1)?;
        if let Some((track, (group, bin))) = tracks.get(&row.id(0)?).zip(place) {
            let sum: &mut u64 = counts.entry((track.clone(), group, bin)).or_default();
            *sum = sum.saturating_add(row.count(3)?);
        }
    }
    Ok(counts)
}

pub(super) fn losses(place: &Place) -> Result<Vec<Loss>, StoreError> {
    let tracks: HashMap<i64, (i64, TrackName)> = tracks(place)?.into_iter().collect();
    let goals = goal_names(place)?;
    let rows = place.rows(
        "iissu",
        "track_id, goal_id, sink, reason, max(n) FROM @loss \
         GROUP BY writer_id, track_id, goal_id, sink, reason",
    )?;
    let mut losses: BTreeMap<Loss, u64> = BTreeMap::new();
    for row in rows {
        let (track, goal) = (row.id(0)?, row.id(1)?);
        let Some((sink, reason)) = row.text(2)?.zip(row.text(3)?) else {
            continue;
        };
        let mut loss = Loss::new(sink, reason, 0);
        loss.track = tracks.get(&track).map(|(_, name)| name.clone());
        loss.goal = goals.get(&goal).cloned();
        // Those of a name that is not allowed are left out.
        if loss.track.is_some() == (track != 0) && loss.goal.is_some() == (goal != 0) {
            let sum = losses.entry(loss).or_default();
            *sum = sum.saturating_add(row.count(4)?);
        }
    }
    Ok(losses
        .into_iter()
        .map(|(loss, n)| Loss { n, ..loss })
        .collect())
}
