use std::{iter::Peekable, sync::Arc};

use crate::{
    event::Unit,
    record::{Definition, StoreError, Timestamp},
};

use super::{
    Attribution, Question, ServedDefinition,
    cohorts::{CohortId, Cohorts, add, goals},
    first::{FirstExposure, next_unit},
    in_force::InForce,
    rows::{ExposedUnit, ReachedGoal},
    tally::{UnitGoals, count_times},
};

/// What a store answers in the order of units.
pub(super) type Rows<'a, R> = Peekable<Box<dyn Iterator<Item = Result<R, StoreError>> + 'a>>;

/// Merges the exposures of a phase with the conversions of each goal of [`Question::streams`], all
/// of them in the order of units.
///
/// It holds one unit at a time. `tracks` are the names by the index that exposures have,
/// `definitions` those of the phase, the earliest first, then by fingerprint.
pub(in crate::record) fn fold<'a>(
    question: &Question,
    tracks: &[Arc<str>],
    definitions: &[Definition],
    exposures: Box<dyn Iterator<Item = Result<ExposedUnit, StoreError>> + 'a>,
    conversions: Vec<Box<dyn Iterator<Item = Result<ReachedGoal, StoreError>> + 'a>>,
) -> Result<Attribution, StoreError> {
    let mut exposures: Rows<'_, ExposedUnit> = exposures.peekable();
    let mut fold = Fold {
        question,
        goals: question.streams(),
        in_force: InForce::new(definitions),
        cohorts: Cohorts::new(question.goals.len()),
        exposed: None,
        served: vec![None; definitions.len()],
        times: vec![Times::default(); conversions.len()],
        reached: vec![Vec::new(); conversions.len()],
        conversions: conversions.into_iter().map(Iterator::peekable).collect(),
    };
    while let Some(first) = next_unit(&mut exposures, question, tracks)? {
        fold.count(&first)?;
    }
    Ok(fold.answer(tracks, definitions))
}

/// The earliest and the latest of some times.
type Span = (Timestamp, Timestamp);

struct Fold<'q, 'a> {
    question: &'q Question,
    goals: Vec<&'q crate::event::Goal>,
    in_force: InForce,
    cohorts: Cohorts,
    exposed: Option<Span>,
    served: Vec<Option<Span>>,
    conversions: Vec<Rows<'a, ReachedGoal>>,
    /// The conversions of the unit that is counted, by stream.
    reached: Vec<Vec<ReachedGoal>>,
    /// When conversions happened beside the first exposure, by stream.
    times: Vec<Times>,
}

/// How many conversions happened when, beside the first exposure of their unit.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Times {
    pub(super) matched: u64,
    pub(super) shortly_before: u64,
}

impl Fold<'_, '_> {
    fn count(&mut self, first: &FirstExposure) -> Result<(), StoreError> {
        for (rows, reached) in self.conversions.iter_mut().zip(&mut self.reached) {
            conversions_of(first.exposed.unit, rows, reached)?;
        }
        for (times, reached) in self.times.iter_mut().zip(&self.reached) {
            count_times(times, reached, first.exposed.first_at, self.question);
        }
        let definition = self.definition(&first.exposed);
        extend(&mut self.exposed, first.exposed.first_at);
        let calendar = &self.question.calendar;
        let cells = self.cohorts.count(CohortId {
            track: first.exposed.track as u32,
            definition,
            day: calendar.day(first.exposed.first_at),
            crossed_on: first.crossed_at.map(|at| calendar.day(at)),
            coin: first.exposed.coin,
        });
        let unit = UnitGoals {
            question: self.question,
            exposed: &first.exposed,
            streams: &self.reached,
            goals: &self.goals,
        };
        let asked = self.question.goals.iter();
        add(cells, asked.map(|asked| unit.total(asked)))
    }

    /// Returns the definition of a first exposure, and notes when it was served.
    fn definition(&mut self, exposed: &ExposedUnit) -> Option<u32> {
        let index = self.in_force.of(exposed)?;
        extend(self.served.get_mut(index)?, exposed.first_at);
        u32::try_from(index).ok()
    }

    fn answer(self, tracks: &[Arc<str>], definitions: &[Definition]) -> Attribution {
        let definitions = definitions.iter().zip(self.served);
        let mut answer = Attribution {
            definitions: definitions
                .map(|(definition, served)| ServedDefinition {
                    fingerprint: definition.fingerprint,
                    served,
                })
                .collect(),
            exposed: self.exposed,
            goals: goals(self.question.goals.len()),
            ..Attribution::default()
        };
        for (goal, asked) in answer.goals.iter_mut().zip(&self.question.goals) {
            let stream = self.goals.iter().position(|goal| **goal == asked.goal);
            let times = stream.and_then(|stream| self.times.get(stream));
            let times = times.copied().unwrap_or_default();
            (goal.matched, goal.shortly_before) = (times.matched, times.shortly_before);
        }
        self.cohorts.write(tracks, &mut answer);
        answer
    }
}

fn extend(span: &mut Option<Span>, at: Timestamp) {
    *span = Some(match *span {
        Some((first, last)) => (at.min(first), at.max(last)),
        None => (at, at),
    });
}

/// Reads the conversions of a unit, each once, and passes those of units before it.
fn conversions_of(
    unit: Unit,
    rows: &mut Rows<'_, ReachedGoal>,
    reached: &mut Vec<ReachedGoal>,
) -> Result<(), StoreError> {
    reached.clear();
    let is_due = |row: &Result<ReachedGoal, _>| match row {
        Ok(row) => row.unit <= unit,
        Err(_) => true,
    };
    while let Some(row) = rows.next_if(is_due) {
        let row = row?;
        if row.unit == unit {
            reached.push(row);
        }
    }
    // A visitor's own and an alias's conversion may be the same. The least stays.
    reached.sort_unstable();
    reached.dedup_by_key(|row| row.idem);
    Ok(())
}
