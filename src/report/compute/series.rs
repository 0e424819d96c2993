//! The series of the primary goal, for a chart.

use std::collections::BTreeSet;

use crate::{
    report::{Day, Limits, SeriesDay, SeriesPoint},
    stats::{self, Comparison, Counted, GoalReadout, Look, Test},
    store::{Cell, Cohort, GoalCells, StoreError},
};

use super::{
    Lineup, Looked, Measured,
    cells::cell,
    goals::{Asked, value},
    judged::read_of,
};

/// The maximum number of days of a series: a quarter of a year.
const MOST: usize = 92;

/// Returns the series of a goal that is valid at every look, by the day of the first exposure. If there are
/// very many days, it has only some of them, including the last.
pub(super) fn by_day(
    asked: Asked<'_>,
    lineup: &Lineup,
    test: &Test,
) -> Result<Vec<SeriesDay>, StoreError> {
    let cells = asked.cells.cells.iter();
    let cells = cells.filter(|(cohort, cells)| !cohort.is_crossed() && cells.closed.units > 0);
    let cells: Vec<(&Cohort, &GoalCells)> = cells.collect();
    let days: BTreeSet<i32> = cells.iter().map(|(cohort, _)| cohort.day).collect();
    let mut sums = vec![Cell::default(); lineup.tracks.len()];
    let mut series = Vec::new();
    for (day, is_kept) in kept(days.iter()) {
        for (sum, track) in sums.iter_mut().zip(&lineup.tracks) {
            let of_day = |cohort: &Cohort| cohort.day == *day && *cohort.track == *track.name;
            for (_, cells) in cells.iter().filter(|(cohort, _)| of_day(cohort)) {
                // Points are cumulative, so the units of a day that is not shown are added, too.
                sum.add(&cells.closed)?;
            }
        }
        if is_kept {
            let kind = asked.metric.kind();
            let tracks: Vec<Counted> = sums.iter().map(|sum| cell(sum, kind).counted).collect();
            series.push(SeriesDay {
                day: Day(*day),
                tracks: points(&tracks, test),
            });
        }
    }
    Ok(series)
}

/// Returns each day or look, and whether it is shown: every n-th, counted back from the last.
fn kept<T>(days: impl ExactSizeIterator<Item = T>) -> impl Iterator<Item = (T, bool)> {
    let (count, step) = (days.len(), days.len().div_ceil(MOST).max(1));
    let days = days.enumerate();
    days.map(move |(index, day)| (day, (count - 1 - index).is_multiple_of(step)))
}

/// Returns the points of all tracks on one day, each compared with control.
fn points(tracks: &[Counted], test: &Test) -> Vec<SeriesPoint> {
    let control = tracks.first();
    let point = |(index, track): (usize, &Counted)| {
        let compared = control.filter(|_| index > 0);
        let compared = compared.and_then(|control| track.compare(control, test).ok());
        point(track, compared.as_ref())
    };
    tracks.iter().enumerate().map(point).collect()
}

/// Returns the point of a track.
fn point(track: &Counted, compared: Option<&Comparison>) -> SeriesPoint {
    let band = compared.and_then(|compared| compared.lift_interval.ok());
    SeriesPoint {
        units: track.units(),
        value: value(track).ok(),
        lift: compared.and_then(|compared| compared.lift.ok()),
        band: band.map(Limits::from),
    }
}

/// Returns the looks of a plan, each by the last day of first exposures that it is of.
pub(super) fn by_look(measured: &Measured, readout: &GoalReadout) -> Vec<SeriesDay> {
    let plan = measured.counts.plan.as_deref().unwrap_or_default();
    let read = readout.tracks.iter().map(|track| track.looks.len()).max();
    let looks = plan.iter().zip(&measured.looked).enumerate();
    let looks = looks.take(read.unwrap_or_default());
    let look = |(index, (look, looked)): (usize, (&Look, &Looked))| {
        let point = |(track, cell): (usize, &stats::TrackCounts)| {
            let read = read_of(readout, track);
            let compared = read.and_then(|read| read.looks.get(index)?.as_ref().ok());
            point(&cell.counted, compared)
        };
        SeriesDay {
            day: Day(looked.midnight.closed),
            tracks: look.cells.iter().enumerate().map(point).collect(),
        }
    };
    let shown = kept(looks).filter(|(_, is_kept)| *is_kept);
    shown.map(|(shown, _)| look(shown)).collect()
}
