use std::collections::{BTreeMap, BTreeSet};

use crate::{
    assign::MetricKind,
    record::{Cell, CellKey, StoreError},
    report::{Day, Limits, SeriesDay, SeriesPoint},
    stats::{Comparison, Counted, Test},
};

use super::{Lineup, cells::counted, goals::value};

/// The most days that are told.
const MOST: usize = 92;

/// Returns what was known of a goal by the day of the first exposure. Of very many days only some
/// are told, the last among them.
pub(super) fn series(
    cells: &BTreeMap<CellKey, Cell>,
    kind: &MetricKind,
    lineup: &Lineup,
    test: &Test,
) -> Result<Vec<SeriesDay>, StoreError> {
    let days: BTreeSet<i32> = cells.keys().map(|key| key.day).collect();
    let step = days.len().div_ceil(MOST).max(1);
    let mut sums = vec![Cell::default(); lineup.tracks.len()];
    let mut series = Vec::new();
    for (index, day) in days.iter().enumerate() {
        add(&mut sums, lineup, cells, *day)?;
        if (days.len() - 1 - index).is_multiple_of(step) {
            let tracks: Vec<Counted> = sums.iter().map(|cell| counted(cell, kind)).collect();
            series.push(SeriesDay {
                day: Day(*day),
                tracks: points(&tracks, test),
            });
        }
    }
    Ok(series)
}

/// Adds those who were first exposed on a day.
fn add(
    sums: &mut [Cell],
    lineup: &Lineup,
    cells: &BTreeMap<CellKey, Cell>,
    day: i32,
) -> Result<(), StoreError> {
    for (sum, track) in sums.iter_mut().zip(&lineup.tracks) {
        let of_day = |key: &CellKey| key.day == day && *key.track == *track.name;
        for (_, cell) in cells.iter().filter(|(key, _)| of_day(key)) {
            sum.add(cell)?;
        }
    }
    Ok(())
}

fn points(tracks: &[Counted], test: &Test) -> Vec<SeriesPoint> {
    let control = tracks.first();
    let point = |(index, track): (usize, &Counted)| {
        let compared = control.filter(|_| index > 0);
        point(
            track,
            compared.and_then(|control| track.compare(control, test).ok()),
        )
    };
    tracks.iter().enumerate().map(point).collect()
}

fn point(track: &Counted, compared: Option<Comparison>) -> SeriesPoint {
    let lift = compared.as_ref().and_then(|compared| compared.lift.ok());
    let band = compared.and_then(|compared| compared.lift_interval.ok());
    SeriesPoint {
        units: track.units(),
        value: value(track).ok(),
        lift,
        band: band.map(Limits::from),
    }
}
