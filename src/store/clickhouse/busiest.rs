//! The second with the most first exposures to one track, which is grouped in the database.

use crate::store::{
    catalog::BusiestSecond, error::StoreError, facts::PhaseName, sql::Columns, timestamp::Timestamp,
};

use super::{
    literal,
    overlap::{floored, is_of},
    place::Place,
    sums::{of_tracks, tracks_of},
    visible::exposure_times,
};

/// Returns the second, of several the earliest, then the one whose track has the smallest name.
pub(super) fn busiest_second(
    place: &Place,
    phase: &PhaseName,
    as_of: Timestamp,
) -> Result<Option<BusiestSecond>, StoreError> {
    let tracks = tracks_of(place, phase)?;
    // Tracks with invalid names are left out here, since the seconds of others are not returned.
    let select = format!(
        "toInt64({}) AS second, track_id, count() AS units FROM {} WHERE at < {} AND {} \
         GROUP BY second, track_id ORDER BY units DESC, second LIMIT 1 WITH TIES",
        floored("at", 1_000_000),
        exposure_times(&is_of(phase)),
        literal::time(as_of),
        of_tracks(&tracks)
    );
    let mut found: Option<BusiestSecond> = None;
    for row in place.scanned("iiu", &select)? {
        let at = Timestamp::from_micros(row.number(0)?.saturating_mul(1_000_000));
        if let Some(track) = tracks.get(&row.id(1)?) {
            let other = BusiestSecond::new(at, track.clone(), row.count(2)?);
            let is_first = found.as_ref().is_none_or(|found| other.track < found.track);
            found = if is_first { Some(other) } else { found };
        }
    }
    Ok(found)
}
