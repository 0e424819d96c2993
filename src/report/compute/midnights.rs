//! The looks of a plan: the midnights at which the windows of a day's units have ended.
//!
//! A look reads the units whose windows were over then, in the tracks that they had then. Facts
//! that are recorded later change a look only if they happened before it.

use std::{collections::BTreeSet, time::Duration};

use crate::{
    report::total::total,
    stats::Look,
    store::{Calendar, Cell, Cohort, StoreError, Timestamp},
};

use super::{
    Draft, Lineup,
    cells::{TrackSums, cell, sums},
    goals::Asked,
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
        // A window without an end saturates here: its units are never closed.
        if end == Timestamp::MAX {
            return None;
        }
        // A window that ends at the very midnight is over then, and not a day later.
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
    pub(super) fn has(&self, cohort: &Cohort) -> bool {
        cohort.day <= self.closed && cohort.crossed_on.is_none_or(|day| day >= self.day)
    }

    /// Returns the sums of the units that a look is of, by track.
    pub(super) fn sums(
        &self,
        asked: Asked<'_>,
        lineup: &Lineup,
    ) -> Result<Vec<TrackSums>, StoreError> {
        // As of the look, none of them was crossed.
        sums(asked, lineup, |cohort| self.has(cohort), |_| false)
    }
}

/// Returns the looks of a plan with so many units, and what they are of, up to the time at which the
/// plan changed or the report is of.
pub(super) fn looks(
    draft: &Draft<'_>,
    asked: Asked<'_>,
    planned: u64,
) -> Result<Vec<(Looked, Look)>, StoreError> {
    let (lineup, served, calendar) = (&draft.lineup, &draft.served, draft.calendar());
    let until = draft.reading.until.min(draft.facts.as_of);
    let days: BTreeSet<i32> = asked.cells.cells.keys().map(|cohort| cohort.day).collect();
    let midnights = days.into_iter();
    let midnights = midnights.filter_map(|day| Midnight::closing(day, asked.window, calendar));
    let mut looks: Vec<(Looked, Look)> = Vec::new();
    // The days are sorted, and a later day is not closed earlier.
    for midnight in midnights.take_while(|midnight| midnight.time <= until) {
        let sums = midnight.sums(asked, lineup)?;
        let sums: Vec<Cell> = sums.iter().map(|sums| sums.closed).collect();
        let units = total(sums.iter().map(|sums| sums.units));
        let information = units as f64 / planned as f64;
        let before = looks.last().map_or(0.0, |(_, last)| last.information);
        let least = if information < 1.0 { LEAST } else { LAST };
        // A look with hardly a new unit is none.
        if information - before >= least {
            let look = Look {
                information,
                cells: sums
                    .iter()
                    .map(|sums| cell(sums, asked.metric.kind()))
                    .collect(),
                // As the tracks were then: what is switched off later must not change a look that
                // was read.
                live: lineup.live_at(midnight.day, served),
                sharing: lineup.compared_before(midnight.day, served),
            };
            looks.push((Looked { midnight, sums }, look));
        }
    }
    Ok(looks)
}
