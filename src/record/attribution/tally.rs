use super::{
    Amount, AskedGoal, Measure, ReachedGoal,
    cell::{UnitTotal, overflow},
    rows::ExposedUnit,
};
use std::time::Duration;

use super::fold::Times;
use crate::record::{Question, StoreError, Timestamp};

/// How long before a first exposure a conversion hints at clocks that differ.
const SHORTLY: Duration = Duration::from_secs(60);

/// The conversions of one unit, by stream, without repetitions.
pub(super) struct UnitGoals<'a> {
    pub(super) question: &'a Question,
    pub(super) exposed: &'a ExposedUnit,
    pub(super) streams: &'a [Vec<ReachedGoal>],
    /// Which stream has which goal.
    pub(super) goals: &'a [&'a crate::event::Goal],
}

impl UnitGoals<'_> {
    /// Returns what the unit adds for a goal that was asked for.
    pub(super) fn total(&self, asked: &AskedGoal) -> Result<UnitTotal, StoreError> {
        let (begin, end) = asked.span(self.exposed.first_at, self.question.skew);
        let counted = |goal| self.counted(goal, (begin, end));
        let converted = counted(&asked.goal).next().is_some();
        let (total, denominator) = match &asked.measure {
            Measure::Rate => (converted.into(), 0),
            Measure::Total(amount) => (sum(*amount, counted(&asked.goal))?, 0),
            Measure::Ratio {
                numerator,
                goal,
                denominator,
            } => (
                sum(*numerator, counted(&asked.goal))?,
                sum(*denominator, counted(goal))?,
            ),
        };
        let cap = asked.cap.map_or(total, i128::from);
        Ok(UnitTotal {
            converted,
            total: total.min(cap),
            capped: total > cap,
            is_closed: end <= self.question.as_of,
            denominator,
        })
    }

    fn counted(
        &self,
        goal: &crate::event::Goal,
        (begin, end): (Timestamp, Timestamp),
    ) -> impl Iterator<Item = &ReachedGoal> {
        let end = end.min(self.question.as_of);
        let index = self.goals.iter().position(|stream| *stream == goal);
        let rows = index.and_then(|index| self.streams.get(index));
        let rows = rows.into_iter().flatten();
        rows.filter(move |row| begin <= row.at && row.at < end)
    }
}

fn sum<'a>(
    amount: Amount,
    mut rows: impl Iterator<Item = &'a ReachedGoal>,
) -> Result<i128, StoreError> {
    let add = |sum: i128, row: &ReachedGoal| match amount {
        Amount::Count => sum.checked_add(1),
        Amount::Value => sum.checked_add(row.value.into()),
    };
    rows.try_fold(0, add).ok_or_else(overflow)
}

/// Counts when the conversions of a unit happened beside its first exposure.
pub(super) fn count_times(
    times: &mut Times,
    reached: &[ReachedGoal],
    first_at: Timestamp,
    question: &Question,
) {
    let (from, shortly) = (first_at.minus(question.skew), first_at.minus(SHORTLY));
    for row in reached.iter().filter(|row| row.at < question.as_of) {
        times.matched += u64::from(from <= row.at);
        times.shortly_before += u64::from(shortly <= row.at && row.at < from);
    }
}
