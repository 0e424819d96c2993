//! Sums by cohort. Only units that reached a goal are added to its sums one by one. The rest of a
//! cohort is added at the end by its number, because each of them adds the same.

use std::{collections::HashMap, sync::Arc};

use crate::store::error::StoreError;

use super::{
    answer::{AttributedGoal, Attribution, Cohort},
    cell::GoalCells,
    wanted::Wanted,
};

/// Sums by cohort while units are read. Cohorts are looked up once per unit, by numbers.
pub(super) struct Cohorts {
    /// The number of goals, and so of cells in each cohort.
    goals: usize,
    /// The number of different lengths of windows.
    windows: usize,
    /// The index in `sums` of each cohort.
    places: HashMap<CohortId, usize>,
    sums: Vec<Sums>,
}

/// A cohort by numbers: of the track, the day and so on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct CohortId {
    pub(super) track: u32,
    pub(super) definition: Option<u32>,
    pub(super) day: i32,
    pub(super) crossed_on: Option<i32>,
    pub(super) coin: Option<bool>,
}

/// The sums of a cohort.
pub(super) struct Sums {
    /// The number of units.
    units: u64,
    /// The units whose windows are over, by the length of the window.
    closed: Vec<u64>,
    /// The units that reached a goal, by goal. The others are added at the end.
    pub(super) goals: Vec<GoalCells>,
}

impl Cohorts {
    /// Returns no cohorts, with room for the goals and windows of a question.
    pub(super) fn new(wanted: &Wanted<'_>) -> Self {
        Self {
            goals: wanted.goals.len(),
            windows: wanted.windows.len(),
            places: HashMap::new(),
            sums: Vec::new(),
        }
    }

    /// Counts a unit, of which it is said whether its windows are over, and returns the sums of its
    /// cohort.
    pub(super) fn count(
        &mut self,
        cohort: CohortId,
        is_closed: impl Iterator<Item = bool>,
    ) -> &mut Sums {
        let next = self.sums.len();
        let place = *self.places.entry(cohort).or_insert(next);
        if place == next {
            self.sums.push(Sums {
                units: 0,
                closed: vec![0; self.windows],
                goals: vec![GoalCells::default(); self.goals],
            });
        }
        let sums = &mut self.sums[place];
        sums.units += 1;
        for (closed, is_closed) in sums.closed.iter_mut().zip(is_closed) {
            *closed += u64::from(is_closed);
        }
        sums
    }

    /// Moves the sums into an answer, by the names of tracks.
    pub(super) fn write(
        self,
        tracks: &[Arc<str>],
        wanted: &Wanted<'_>,
        answer: &mut Attribution,
    ) -> Result<(), StoreError> {
        for (id, place) in self.places {
            let Some(track) = tracks.get(id.track as usize) else {
                continue;
            };
            let cohort = id.named(Arc::clone(track));
            let sums = &self.sums[place];
            for (index, goal) in answer.goals.iter_mut().enumerate() {
                goal.cells.insert(cohort.clone(), sums.goal(index, wanted)?);
            }
            answer.units.insert(cohort, sums.units);
        }
        Ok(())
    }
}

impl Sums {
    /// Returns the cells of a goal, with the units that did not reach it.
    fn goal(&self, index: usize, wanted: &Wanted<'_>) -> Result<GoalCells, StoreError> {
        let (mut cells, goal) = (self.goals[index], &wanted.goals[index]);
        let closed = self.closed[goal.window];
        let rest = |all: u64, counted: u64| goal.nothing.times(all.saturating_sub(counted));
        let (of_closed, of_open) = (
            rest(closed, cells.closed.units)?,
            rest(self.units.saturating_sub(closed), cells.open.units)?,
        );
        cells.closed.add(&of_closed)?;
        cells.open.add(&of_open)?;
        Ok(cells)
    }
}

impl CohortId {
    /// Returns the cohort as an answer has it, with the name of the track.
    fn named(self, track: Arc<str>) -> Cohort {
        Cohort {
            track,
            coin: self.coin,
            day: self.day,
            definition: self.definition,
            crossed_on: self.crossed_on,
        }
    }
}

/// Returns goals without sums.
pub(super) fn goals(count: usize) -> Vec<AttributedGoal> {
    vec![AttributedGoal::default(); count]
}
