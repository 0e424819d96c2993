use std::{collections::HashMap, sync::Arc};

use crate::record::StoreError;

use super::{AttributedGoal, Attribution, Cohort, GoalCells, cell::UnitTotal};

/// Sums by cohort while units are read. Cohorts are looked up once per unit, by numbers.
pub(super) struct Cohorts {
    goals: usize,
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

struct Sums {
    units: u64,
    goals: Vec<GoalCells>,
}

impl Cohorts {
    pub(super) fn new(goals: usize) -> Self {
        Self {
            goals,
            places: HashMap::new(),
            sums: Vec::new(),
        }
    }

    /// Counts a unit, and returns the cells of its goals.
    pub(super) fn count(&mut self, cohort: CohortId) -> &mut [GoalCells] {
        let next = self.sums.len();
        let place = *self.places.entry(cohort).or_insert(next);
        if place == next {
            self.sums.push(Sums {
                units: 0,
                goals: vec![GoalCells::default(); self.goals],
            });
        }
        let sums = &mut self.sums[place];
        sums.units += 1;
        &mut sums.goals
    }

    /// Moves the sums into an answer, by the names of tracks.
    pub(super) fn write(self, tracks: &[Arc<str>], answer: &mut Attribution) {
        for (id, place) in self.places {
            let Some(track) = tracks.get(id.track as usize) else {
                continue;
            };
            let cohort = id.named(Arc::clone(track));
            let sums = &self.sums[place];
            for (goal, cells) in answer.goals.iter_mut().zip(&sums.goals) {
                goal.cells.insert(cohort.clone(), *cells);
            }
            answer.units.insert(cohort, sums.units);
        }
    }
}

impl CohortId {
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

/// Adds a unit's totals to the cells of its goals.
pub(super) fn add(
    cells: &mut [GoalCells],
    totals: impl Iterator<Item = Result<UnitTotal, StoreError>>,
) -> Result<(), StoreError> {
    for (cell, total) in cells.iter_mut().zip(totals) {
        cell.add_unit(total?)?;
    }
    Ok(())
}

/// Returns goals without sums.
pub(super) fn goals(count: usize) -> Vec<AttributedGoal> {
    vec![AttributedGoal::default(); count]
}
