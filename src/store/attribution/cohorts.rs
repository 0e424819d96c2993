//! Sums by cohort. Only units that reached a goal are added to its sums. The rest of a cohort is counted
//! at the end, because its sums are 0.

use std::{
    collections::HashMap,
    hash::{Hash, Hasher},
};

use super::{
    answer::{Attribution, Cohort},
    cell::GoalCells,
    rows::Listed,
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
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct CohortId {
    pub(super) track: u32,
    pub(super) definition: Option<u32>,
    pub(super) day: i32,
    pub(super) crossed_on: Option<i32>,
    pub(super) coin: Option<bool>,
    pub(super) segment: Option<u32>,
}

impl Hash for CohortId {
    /// Hashes all fields as one number, since this happens for each unit. A derived hash takes each field by itself.
    fn hash<H: Hasher>(&self, state: &mut H) {
        let number = |index: Option<u32>| index.map_or(0, |index| index.wrapping_add(1));
        let crossed_on = number(self.crossed_on.map(i32::cast_unsigned));
        let coin = self.coin.map_or(0, |coin| 1 + u32::from(coin));
        let fields = [
            self.track,
            self.day.cast_unsigned(),
            number(self.segment) ^ (coin << 30),
            number(self.definition) ^ crossed_on.rotate_left(16),
        ];
        let joined = |sum, field| (sum << 32) | u128::from(field);
        state.write_u128(fields.into_iter().fold(0, joined));
    }
}

/// The sums of a cohort.
pub(super) struct Sums {
    /// The number of units.
    units: u64,
    /// The units whose windows are over, by the length of the window.
    closed: Vec<u64>,
    /// The units that reached a goal, by goal. The others are counted at the end.
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
    pub(super) fn write(self, listed: Listed<'_>, wanted: &Wanted<'_>, answer: &mut Attribution) {
        for (id, place) in self.places {
            let Some(track) = listed.tracks.get(id.track as usize) else {
                continue;
            };
            let cohort = Cohort {
                track: track.clone(),
                coin: id.coin,
                day: id.day,
                definition: id.definition,
                crossed_on: id.crossed_on,
                segment: id
                    .segment
                    .and_then(|index| listed.segments.get(index as usize))
                    .cloned(),
            };
            let sums = &self.sums[place];
            for (index, goal) in answer.goals.iter_mut().enumerate() {
                let window = wanted.goals[index].window;
                goal.cells.insert(cohort.clone(), sums.goal(index, window));
            }
            answer.units.insert(cohort, sums.units);
        }
    }
}

impl Sums {
    /// Returns the cells of a goal, with the units that did not reach it.
    fn goal(&self, index: usize, window: usize) -> GoalCells {
        let (mut cells, closed) = (self.goals[index], self.closed[window]);
        // All sums of such a unit are 0, so that nothing but the units has to be completed.
        cells.closed.units = closed;
        cells.open.units = self.units.saturating_sub(closed);
        cells
    }
}
