//! The looks of a plan: the midnights at which the windows of a day's units have ended.
//!
//! A look reads the units whose windows were over then, in the tracks that they had then. Facts
//! that are recorded later change a look only if they happened before it.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use crate::{
    assign::MetricKind,
    report::total::total,
    stats::Look,
    store::{Calendar, Cell, Cohort, GoalCells, StoreError, Timestamp},
};

use super::{
    AllServed, Lineup,
    cells::{TrackSums, cell},
};

/// The minimum part of a plan between two looks. Closer looks repeat each other, and their
/// boundaries take long to compute.
const LEAST: f64 = 0.001;

/// The same for the look at which the plan is reached.
const LAST: f64 = 1e-6;

/// A look of a plan, with the units that it read.
pub(super) struct Looked {
    pub(super) midnight: Midnight,
    /// The sums of the closed units, by track.
    pub(super) sums: Vec<Cell>,
}

/// A look of a plan: the midnight at which a day begins.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Midnight {
    /// The day that begins.
    pub(super) day: i32,
    /// When it begins.
    pub(super) time: Timestamp,
    /// The last day whose first exposures are closed at that time.
    pub(super) closed: i32,
}

impl Midnight {
    /// Returns the midnight at which the windows of a day's units are over, if it is one. Windows
    /// have as many hours as ever, whatever the days have: it may be one night later than without a
    /// clock that was set forward.
    pub(super) fn closing(day: i32, window: Duration, calendar: &Calendar) -> Option<Self> {
        let end = calendar.start_of(day.checked_add(1)?).plus(window);
        if end == Timestamp::MAX {
            return None;
        }
        let last = calendar.day(end.minus(Duration::from_micros(1)));
        Self::at(last.checked_add(1)?, window, calendar)
    }

    /// Returns the midnight of a day, for units of such a window.
    pub(super) fn at(day: i32, window: Duration, calendar: &Calendar) -> Option<Self> {
        let time = calendar.start_of(day);
        Some(Self {
            // A day that the zone skipped begins with the next.
            day: calendar.day(time),
            time,
            closed: calendar.day(time.minus(window)).checked_sub(1)?,
        })
    }

    /// Returns whether the units of a cohort are among those that a look is of. Units that were
    /// exposed to another track later are: the look knew nothing of that.
    fn has(&self, cohort: &Cohort) -> bool {
        cohort.day <= self.closed && cohort.crossed_on.is_none_or(|day| day >= self.day)
    }

    /// Returns the sums of the units that a look is of, by track.
    pub(super) fn sums(
        &self,
        cells: &BTreeMap<Cohort, GoalCells>,
        lineup: &Lineup,
    ) -> Result<Vec<TrackSums>, StoreError> {
        let tracks = lineup.tracks.iter();
        tracks
            .map(|track| self.sums_of(cells, &track.name))
            .collect()
    }

    /// Returns the sums of a track's units at the look.
    fn sums_of(
        &self,
        cells: &BTreeMap<Cohort, GoalCells>,
        track: &str,
    ) -> Result<TrackSums, StoreError> {
        let seen = cells.iter().filter(|(cohort, _)| self.has(cohort));
        // As of the look, none of them was crossed.
        let mut sums = TrackSums::default();
        for (cohort, cells) in seen.filter(|(cohort, _)| *cohort.track == *track) {
            sums.add_single(cohort, cells)?;
        }
        Ok(sums)
    }
}

/// Returns the looks of a plan up to a time, with what they are of.
pub(super) fn looks(
    cells: &BTreeMap<Cohort, GoalCells>,
    (kind, window): (&MetricKind, Duration),
    (lineup, served): (&Lineup, &AllServed),
    (planned, until, calendar): (u64, Timestamp, &Calendar),
) -> Result<Vec<(Looked, Look)>, StoreError> {
    let days: BTreeSet<i32> = cells.keys().map(|cohort| cohort.day).collect();
    let mut looks: Vec<(Looked, Look)> = Vec::new();
    for midnight in days
        .into_iter()
        .filter_map(|day| Midnight::closing(day, window, calendar))
    {
        if midnight.time > until {
            break;
        }
        let sums = midnight.sums(cells, lineup)?;
        let sums: Vec<Cell> = sums.iter().map(|sums| sums.closed).collect();
        let units = total(sums.iter().map(|sums| sums.units));
        let information = units as f64 / planned as f64;
        let before = looks.last().map_or(0.0, |(_, last)| last.information);
        let least = if information < 1.0 { LEAST } else { LAST };
        // A look with hardly a new unit is none.
        if information - before >= least {
            let look = Look {
                information,
                cells: sums.iter().map(|sums| cell(sums, kind)).collect(),
                live: lineup.live_at(midnight.day, served),
                sharing: lineup.compared_before(midnight.day, served),
            };
            looks.push((Looked { midnight, sums }, look));
        }
    }
    Ok(looks)
}
