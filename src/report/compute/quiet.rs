//! The days on which no new unit is expected, since a change explains that.

use std::{collections::BTreeSet, ops::Range};

use crate::store::{Calendar, Timestamp};

/// Days of which at least half is in a quiet span, such as a pause.
///
/// The spans come from a log and may be as long as time, so days are kept as ranges.
pub(super) struct Quiet {
    /// Days that are quiet from beginning to end, disjoint and sorted.
    whole: Vec<Range<i32>>,
    /// The other days that are quiet for at least half.
    partly: BTreeSet<i32>,
}

impl Quiet {
    /// Returns the quiet days of spans, which may overlap.
    pub(super) fn of(spans: &[Range<Timestamp>], calendar: &Calendar) -> Self {
        let spans = merged(spans);
        let whole: Vec<Range<i32>> = spans
            .iter()
            .map(|span| whole_days(span, calendar))
            .filter(|days| !days.is_empty())
            .collect();
        let ends = spans.iter().flat_map(|span| {
            let last = Timestamp::from_micros(span.end.as_micros().saturating_sub(1));
            [span.start, last].map(|end| calendar.day(end))
        });
        let is_whole = |day: &i32| whole.iter().any(|days| days.contains(day));
        let partly = ends
            .filter(|day| !is_whole(day) && is_mostly(*day, &spans, calendar))
            .collect();
        Self { whole, partly }
    }

    /// Returns how many days of a range are quiet.
    pub(super) fn days_in(&self, range: &Range<i32>) -> u64 {
        let whole = self.whole.iter().map(|days| {
            let (from, until) = (days.start.max(range.start), days.end.min(range.end));
            if from < until {
                u64::from(until.abs_diff(from))
            } else {
                0
            }
        });
        let partly = self.partly.range(range.clone()).count() as u64;
        whole.sum::<u64>() + partly
    }
}

/// Returns the same times as disjoint spans, the earliest first.
fn merged(spans: &[Range<Timestamp>]) -> Vec<Range<Timestamp>> {
    let mut sorted: Vec<Range<Timestamp>> = spans.to_vec();
    sorted.retain(|span| span.start < span.end);
    sorted.sort_by_key(|span| (span.start, span.end));
    let mut merged: Vec<Range<Timestamp>> = Vec::new();
    for span in sorted {
        match merged.last_mut() {
            Some(last) if span.start <= last.end => last.end = last.end.max(span.end),
            _ => merged.push(span),
        }
    }
    merged
}

/// Returns the days that begin and end within a span.
fn whole_days(span: &Range<Timestamp>, calendar: &Calendar) -> Range<i32> {
    let first = calendar.day(span.start);
    let is_begun = calendar.start_of(first) < span.start;
    let first = first.saturating_add(i32::from(is_begun));
    first..calendar.day(span.end)
}

/// Returns whether at least half of a day is in disjoint spans.
fn is_mostly(day: i32, spans: &[Range<Timestamp>], calendar: &Calendar) -> bool {
    let day = [day, day.saturating_add(1)].map(|day| calendar.start_of(day).as_micros());
    let within = spans.iter().map(|span| {
        let from = span.start.as_micros().max(day[0]);
        let until = span.end.as_micros().min(day[1]);
        i128::from(until.saturating_sub(from).max(0))
    });
    let length = i128::from(day[1]) - i128::from(day[0]);
    within.sum::<i128>() * 2 >= length
}

#[cfg(test)]
#[allow(clippy::single_range_in_vec_init, reason = "one span is meant")]
mod tests {
    use super::*;

    const HOUR: i64 = 3_600_000_000;

    fn hours(hours: Range<i64>) -> Range<Timestamp> {
        let [from, until] = [hours.start, hours.end].map(|hour| hour.saturating_mul(HOUR));
        Timestamp::from_micros(from)..Timestamp::from_micros(until)
    }

    #[track_caller]
    fn check(spans: &[Range<i64>], days: Range<i32>, expected: u64) {
        let spans: Vec<Range<Timestamp>> = spans.iter().cloned().map(hours).collect();
        let quiet = Quiet::of(&spans, &Calendar::default());
        assert_eq!(quiet.days_in(&days), expected, "{spans:?}");
    }

    #[test]
    fn days_count_from_half_of_them_on() {
        check(&[], 0..9, 0);
        check(&[24..48], 0..9, 1);
        check(&[24..36], 0..9, 1);
        check(&[24..35], 0..9, 0);
        check(&[36..60], 0..9, 2);
        check(&[37..59], 0..9, 0);
        check(&[12..12], 0..9, 0);
    }

    #[test]
    fn spans_of_one_day_add_up_without_their_overlap() {
        check(&[24..30, 40..46], 0..9, 1);
        check(&[24..30, 26..32], 0..9, 0);
        check(&[24..48, 24..48], 0..9, 1);
        check(&[24..72, 48..96], 0..9, 3);
    }

    #[test]
    fn only_days_of_the_range_count() {
        check(&[0..240], 2..5, 3);
        check(&[0..240], 20..25, 0);
        check(&[i64::MIN..i64::MAX], 2..5, 3);
        check(&[36..i64::MAX], 0..3, 2);
    }
}
