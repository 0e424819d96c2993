//! Goals over parts of the units of a phase.

use crate::{
    report::{Answer, GoalRole, PartGoalTrack, TrackReport},
    stats::{Comparison, Missing, NoAnswer, TrackCounts},
    store::{Cohort, StoreError},
};

use super::{
    Draft, Midnight,
    cells::{TrackSums, cell, sums},
    goals::{Asked, value},
    judged::compared,
};

/// A goal over some of the units.
pub(super) struct Part {
    sums: Vec<TrackSums>,
    cells: Vec<TrackCounts>,
    /// One for each track but the first.
    pub(super) comparisons: Vec<Result<Comparison, NoAnswer>>,
}

impl Part {
    /// Compares the tracks over the units of the wanted cohorts, whose windows have ended. After the decision of a
    /// plan, these are the units that it read.
    pub(super) fn of(
        asked: Asked<'_>,
        draft: &Draft<'_>,
        is_wanted: impl Fn(&Cohort) -> bool,
    ) -> Result<Self, StoreError> {
        let decided = draft
            .reading
            .decided
            .filter(|_| asked.role != GoalRole::Guardrail);
        let decided = decided.and_then(|day| Midnight::at(day, asked.window, draft.calendar()));
        let sums = match decided {
            Some(midnight) => {
                let is_wanted = |cohort: &Cohort| is_wanted(cohort) && midnight.has(cohort);
                sums(asked, &draft.lineup, is_wanted, |_| false)?
            }
            None => sums(asked, &draft.lineup, is_wanted, Cohort::is_crossed)?,
        };
        let cells = sums
            .iter()
            .map(|sums| cell(&sums.closed, asked.metric.kind()));
        let cells: Vec<TrackCounts> = cells.collect();
        let is_off = |track: &TrackReport| track.weight == Some(0);
        let compare = |(cell, track): (&TrackCounts, &TrackReport)| {
            let control = &cells[0];
            match Missing::of(control, cell) {
                // Control went on, so it has units of other days.
                _ if is_off(track) => Err(NoAnswer::SwitchedOff),
                _ if is_off(&draft.lineup.tracks[0]) => Err(NoAnswer::NothingToCompare),
                Some(_) => Err(NoAnswer::TooEarly),
                None => cell.counted.compare(&control.counted, &draft.test),
            }
        };
        let tracks = cells.iter().zip(&draft.lineup.tracks);
        Ok(Self {
            comparisons: tracks.skip(1).map(compare).collect(),
            sums,
            cells,
        })
    }

    /// Takes the adjusted p-values of its comparisons that have one.
    pub(super) fn tracks(&self, adjusted: &mut impl Iterator<Item = f64>) -> Vec<PartGoalTrack> {
        let tracks = self.sums.iter().zip(&self.cells).enumerate();
        let track = |(index, (sums, cell)): (usize, (&TrackSums, &TrackCounts))| {
            let comparison = index.checked_sub(1).map(|index| &self.comparisons[index]);
            PartGoalTrack {
                units: sums.closed.units,
                converters: sums.closed.converters,
                value: Answer::from(value(&cell.counted)),
                compared: comparison.map(|comparison| {
                    let adjusted = comparison.ok().and_then(|_| adjusted.next());
                    compared(comparison, adjusted)
                }),
            }
        };
        tracks.map(track).collect()
    }
}
