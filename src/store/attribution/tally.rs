//! What one unit adds for one goal: the sum of its conversions in its window. Windows differ by
//! goal, so rows are filtered here and not in the query.

use std::time::Duration;

use super::question::Question;
use super::{
    cell::{Cell, Second},
    fold::Times,
    question::Measure,
    rows::ReachedGoal,
    streams::Streams,
    wanted::WantedGoal,
};
use crate::{assign::Sum, store::timestamp::Timestamp};

/// How long before a first exposure a conversion hints at clocks that differ.
const SHORTLY: Duration = Duration::from_secs(60);

/// The conversions of one unit.
pub(super) struct UnitGoals<'a> {
    /// The question, for its time and its skew.
    pub(super) question: &'a Question,
    /// The time of the unit's first exposure, from which its windows are counted.
    pub(super) first_at: Timestamp,
    /// The streams, which are at this unit.
    pub(super) streams: &'a Streams<'a>,
}

impl UnitGoals<'_> {
    /// Returns what the unit adds for a goal that was asked for, and whether its window is over.
    pub(super) fn total(&self, wanted: &WantedGoal<'_>) -> Option<(bool, Cell)> {
        #[cfg(test)]
        tests::TOTALS.set(tests::TOTALS.get() + 1);
        let asked = wanted.asked;
        let (begin, end) = asked.span(self.first_at, self.question.skew);
        let counted = |stream| self.counted(stream, (begin, end));
        let own = || counted(wanted.stream);
        // The days of a goal have the same conversions, of which a unit has few.
        if asked.counts_only_its_window() && own().next().is_none() {
            return None;
        }
        let converted = own().any(ReachedGoal::reaches);
        let (total, second) = match &asked.measure {
            Measure::Rate => (converted.into(), Second::Before(0)),
            Measure::Total(amount) => {
                let is_of_one = self.question.beside.is_empty();
                let before = asked.before(self.first_at, self.question.skew);
                let before = before.filter(|_| is_of_one);
                let before =
                    before.map_or(0, |span| sum(*amount, self.counted(wanted.stream, span)));
                (sum(*amount, own()), Second::Before(before))
            }
            Measure::Ratio {
                numerator,
                denominator,
                ..
            } => {
                // No stream has this place, and what is in no stream has no conversions.
                let by = wanted.denominator.unwrap_or(usize::MAX);
                let denominator = sum(*denominator, counted(by));
                (sum(*numerator, own()), Second::Denominator(denominator))
            }
        };
        // Squares take longer than all of the above.
        if !converted && total == 0 && second.is_nothing() {
            return None;
        }
        let is_closed = end <= self.question.as_of;
        let cell = Cell::of_unit(converted, total, second, asked.cap);
        Some((is_closed, cell))
    }

    /// Returns the conversions in a window, at most up to the time of the question.
    fn counted(
        &self,
        stream: usize,
        (begin, end): (Timestamp, Timestamp),
    ) -> impl Iterator<Item = &ReachedGoal> {
        // An answer about a time must not change by what came after it.
        let end = end.min(self.question.as_of);
        let rows = self.streams.reached(stream).iter();
        rows.filter(move |row| begin <= row.at && row.at < end)
    }
}

/// Sums the conversions of one unit, of which no memory has enough to overflow 128 bits.
fn sum<'a>(amount: Sum, rows: impl Iterator<Item = &'a ReachedGoal>) -> i128 {
    let of_row = |row: &ReachedGoal| match amount {
        Sum::Count => row.reaches().into(),
        Sum::Value => row.value.into(),
    };
    rows.map(of_row).fold(0, i128::saturating_add)
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

#[cfg(test)]
pub(super) mod tests {
    use std::cell::Cell;

    thread_local! {
        /// How many totals of units were computed.
        pub(in crate::store::attribution) static TOTALS: Cell<u64> = const { Cell::new(0) };
    }
}
