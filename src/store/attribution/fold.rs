//! The one computation of attributions. Every store sorts its rows by unit and calls this fold, so
//! that the rules of attribution exist once. Memory use is that of one unit and of the cohorts.
//!
//! The steps for a unit:
//!
//! 1. Its first exposure decides its cohort: track, day, definition, coin and segment. An exposure to
//!    another track makes it crossed.
//! 2. The streams move to the unit, and give its conversions of each goal, each id once.
//! 3. For each goal that it reached, the conversions in its window are summed, capped, and added to
//!    the cohort's cell. So are those before its exposure, if the question asks for them.
//! 4. Units that reached nothing are only counted; their cells are added at the end.
//!
//! A unit without an exposure is skipped, with its conversions.

use std::iter::Peekable;

use crate::store::{catalog::Definition, error::StoreError, timestamp::Timestamp};

use super::{
    answer::{AttributedGoal, Attribution, ServedDefinition},
    cohorts::{CohortId, Cohorts},
    first::{FirstExposure, next_unit},
    question::Question,
    rows::{ExposedUnit, Listed, ReachedGoal},
    sizes::Sizes,
    streams::Streams,
    tally::{UnitGoals, count_times},
    wanted::Wanted,
};

/// Rows in the order of units, with one row of look-ahead.
pub(super) type Rows<'a, R> = Peekable<Box<dyn Iterator<Item = Result<R, StoreError>> + 'a>>;

/// Merges the exposures of a phase with the conversions of each goal of [`Question::streams`], all
/// of them in the order of units.
///
/// It holds one unit at a time. `listed` is what the indices of exposures refer to.
pub(crate) fn fold<'a>(
    question: &Question,
    listed: Listed<'_>,
    exposures: Box<dyn Iterator<Item = Result<ExposedUnit, StoreError>> + 'a>,
    conversions: Vec<Box<dyn Iterator<Item = Result<ReachedGoal, StoreError>> + 'a>>,
) -> Result<Attribution, StoreError> {
    let mut exposures: Rows<'_, ExposedUnit> = exposures.peekable();
    let streams = question.streams();
    let wanted = Wanted::of(question, &streams);
    let mut fold = Fold {
        question,
        listed,
        cohorts: Cohorts::new(&wanted),
        wanted,
        exposed: None,
        served: vec![None; listed.definitions.len()],
        times: vec![Times::default(); conversions.len()],
        streams: Streams::new(conversions)?,
        reached: Vec::new(),
        after_close: 0,
        excluded: 0,
        sizes: vec![Sizes::default(); question.goals.len()],
    };
    while let Some(first) = next_unit(&mut exposures, question, listed.tracks)? {
        let first_at = first.exposed.first_at;
        // The time of exposure decides, and nothing that a track could change: so all tracks lose alike.
        if !question.beside.is_empty() {
            // The units of two phases were chosen by the exposures in each of them.
            fold.count(&first)?;
        } else if question.is_excluded(first_at) {
            fold.excluded += 1;
        } else if !question.is_enrolled(first_at) {
            fold.after_close += 1;
        } else {
            fold.count(&first)?;
        }
    }
    Ok(fold.answer())
}

/// The earliest and the latest of some times.
type Span = (Timestamp, Timestamp);

/// The state of the fold between two units.
struct Fold<'q, 'a> {
    question: &'q Question,
    wanted: Wanted<'q>,
    listed: Listed<'q>,
    cohorts: Cohorts,
    exposed: Option<Span>,
    served: Vec<Option<Span>>,
    streams: Streams<'a>,
    /// The goals that the unit that is counted reached.
    reached: Vec<usize>,
    /// When conversions happened beside the first exposure, by stream.
    times: Vec<Times>,
    /// The units that are left out.
    after_close: u64,
    excluded: u64,
    /// The units by the size of their total, by goal.
    sizes: Vec<Sizes>,
}

/// How many conversions happened when, beside the first exposure of their unit.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Times {
    pub(super) matched: u64,
    pub(super) shortly_before: u64,
}

impl Fold<'_, '_> {
    /// Counts one unit: its cohort, its windows, and the goals that it reached.
    fn count(&mut self, first: &FirstExposure) -> Result<(), StoreError> {
        let first_at = first.exposed.first_at;
        self.streams.go_to(first.exposed.unit)?;
        // Before the windows are looked at: these counts are of all conversions, and hint at clocks
        // that differ.
        for stream in self.streams.with_some() {
            let reached = self.streams.reached(*stream);
            count_times(&mut self.times[*stream], reached, first_at, self.question);
        }
        extend(&mut self.exposed, first_at);
        let cohort = self.cohort(first);
        let as_of = self.question.as_of;
        let windows = self.wanted.windows.iter();
        // By length and not by goal, since most goals have the same window.
        let is_closed = windows.map(|window| first_at.plus(*window) <= as_of);
        let sums = self.cohorts.count(cohort, is_closed);
        let unit = UnitGoals {
            question: self.question,
            first_at,
            streams: &self.streams,
        };
        let streams = self.streams.with_some();
        self.wanted.of_streams(streams, &mut self.reached);
        for goal in &self.reached {
            let Some((is_closed, total)) = unit.total(&self.wanted.goals[*goal]) else {
                continue;
            };
            if self.wanted.goals[*goal].asked.sizes && is_closed && first.crossed_at.is_none() {
                self.sizes[*goal].add_total(total.sum);
            }
            sums.goals[*goal].add_unit(is_closed, &total)?;
        }
        Ok(())
    }

    /// Returns the cohort of a unit.
    fn cohort(&mut self, first: &FirstExposure) -> CohortId {
        let calendar = &self.question.calendar;
        CohortId {
            track: first.exposed.track as u32,
            day: calendar.day(first.exposed.first_at),
            crossed_on: first.crossed_at.map(|at| calendar.day(at)),
            coin: first.exposed.coin,
            definition: self.definition(&first.exposed),
            segment: self.segment(&first.exposed),
        }
    }

    /// Returns the definition that a first exposure names, otherwise the latest one that was in force at
    /// its time, otherwise the earliest one; and notes when it was served.
    fn definition(&mut self, exposed: &ExposedUnit) -> Option<u32> {
        // An access log names no definition, and neither does an early version of this crate.
        let index = exposed.definition.unwrap_or_else(|| {
            let is_in_force = |definition: &Definition| definition.first_at <= exposed.first_at;
            let begun = self.listed.definitions.partition_point(is_in_force);
            begun.saturating_sub(1)
        });
        extend(self.served.get_mut(index)?, exposed.first_at);
        u32::try_from(index).ok()
    }

    /// Returns the index of the segment. An empty name is no segment.
    fn segment(&self, exposed: &ExposedUnit) -> Option<u32> {
        let index = exposed.segment?;
        let name = self.listed.segments.get(index)?;
        u32::try_from(index).ok().filter(|_| !name.is_empty())
    }

    /// Returns the answer, after all units were counted.
    fn answer(self) -> Attribution {
        let definitions = self.listed.definitions.iter().zip(self.served);
        let mut answer = Attribution {
            definitions: definitions
                .map(|(definition, served)| ServedDefinition {
                    fingerprint: definition.fingerprint,
                    served,
                })
                .collect(),
            exposed: self.exposed,
            after_close: self.after_close,
            excluded: self.excluded,
            goals: vec![AttributedGoal::default(); self.question.goals.len()],
            ..Attribution::default()
        };
        for (goal, wanted) in answer.goals.iter_mut().zip(&self.wanted.goals) {
            let times = self.times.get(wanted.stream).copied().unwrap_or_default();
            (goal.matched, goal.shortly_before) = (times.matched, times.shortly_before);
        }
        for (goal, sizes) in answer.goals.iter_mut().zip(self.sizes) {
            goal.sizes = sizes;
        }
        self.cohorts.write(self.listed, &self.wanted, &mut answer);
        answer
    }
}

/// Extends an interval, so that it contains a time.
fn extend(span: &mut Option<Span>, at: Timestamp) {
    *span = Some(match *span {
        Some((first, last)) => (at.min(first), at.max(last)),
        None => (at, at),
    });
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::store::attribution::tally::tests::TOTALS;
    use crate::{
        event::Goal,
        store::{
            attribution::question::{AskedGoal, Measure},
            facts::PhaseName,
        },
        unit::Unit,
    };

    fn unit(number: u16) -> Unit {
        let mut bytes = [0; 16];
        bytes[..2].copy_from_slice(&number.to_be_bytes());
        Unit::from_bytes(bytes)
    }

    fn reached(number: u16) -> ReachedGoal {
        ReachedGoal {
            unit: unit(number),
            idem: [0; 16],
            at: Timestamp::from_micros(1),
            value: 0,
        }
    }

    /// Each of a thousand units reached one of the goals.
    fn attributed(goals: u16) -> (Attribution, u64) {
        let phase = PhaseName {
            set: "pricing".into(),
            phase: 1,
            kind: "visitor".into(),
        };
        let names = (0..goals).map(|goal| Goal::new(&format!("goal-{goal}")).unwrap());
        let question = Question::new(phase, Timestamp::MAX);
        let question = names.fold(question, |question, goal| {
            question.goal(AskedGoal::new(goal, Measure::Rate))
        });
        let exposures = (0..1000).map(|number| {
            Ok(ExposedUnit {
                unit: unit(number),
                track: 0,
                first_at: Timestamp::from_micros(0),
                coin: None,
                definition: None,
                segment: None,
            })
        });
        let conversions = (0..goals).map(|goal| {
            let units = (0..1000).filter(move |unit| unit % goals == goal);
            let rows = units.map(|number| Ok(reached(number)));
            Box::new(rows) as Box<dyn Iterator<Item = _>>
        });
        TOTALS.set(0);
        let tracks = ["control".into()];
        let answer = fold(
            &question,
            Listed {
                tracks: &tracks,
                definitions: &[],
                segments: &[],
            },
            Box::new(exposures),
            conversions.collect(),
        );
        (answer.unwrap(), TOTALS.get())
    }

    /// The work of a unit is that of the goals that it reached, however many there are.
    #[test]
    fn goals_that_a_unit_did_not_reach_cost_it_nothing() {
        for goals in [1, 10, 500] {
            let (answer, totals) = attributed(goals);
            assert_eq!(totals, 1000);
            for goal in &answer.goals {
                let [cells] = goal.cells.values().collect::<Vec<_>>()[..] else {
                    unreachable!("there is one cohort");
                };
                assert_eq!(cells.closed.units, 1000);
                assert_eq!(cells.closed.converters, 1000 / u64::from(goals));
            }
        }
    }
}
