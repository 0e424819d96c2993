//! Units that were exposed to more than one track. They are left out, and leaving them out may bias.

use super::{GoalCounts, SetCounts, TrackCounts, Wanted};
use crate::stats::{Headcount, Rate, Test, compare_rates};

/// The share of a track's converters that are crossed, above which a goal is not read.
const CONVERTERS: f64 = 0.01;

/// The alpha of all comparisons of a check together: a false alarm costs trust.
const ALPHA: f64 = 0.01;

/// Returns the share of converters that were exposed to more than one track, in control or in this
/// track, whichever is larger, if it is too large for a verdict.
pub(super) fn crossed_share(goal: &GoalCounts, track: usize) -> Option<f64> {
    let share = |track: usize| {
        let all = goal.with_crossed.get(track)?.converters();
        let crossed = all.saturating_sub(goal.cells.get(track)?.converters());
        // Without converters the share is not a number, which is above nothing.
        Some(crossed as f64 / all as f64).filter(|share| *share > CONVERTERS)
    };
    [share(0), share(track)]
        .into_iter()
        .flatten()
        .reduce(f64::max)
}

/// Returns the first track whose share of crossed units differs from control's, by a test that is
/// valid at every look.
pub(super) fn differs(counts: &SetCounts) -> Option<usize> {
    let rate = |(track, crossed): (&Headcount, &u64)| Rate {
        units: track.units.saturating_add(*crossed),
        converters: *crossed,
    };
    let rates = counts.tracks.iter().zip(&counts.crossed).map(rate);
    let rates: Vec<Rate> = rates.collect();
    let (control, rest) = rates.split_first()?;
    let test = test(rest.len())?;
    let differs = |track: &Rate| is_significant(control, track, &test);
    Some(rest.iter().position(differs)? + 1)
}

/// Returns whether units that convert are crossed more often, or less often, than others.
pub(super) fn differs_among_converters(goal: &GoalCounts) -> bool {
    let sum = |cells: &[TrackCounts]| {
        let units = total(cells.iter().map(|cell| cell.counted.units()));
        let converters = total(cells.iter().map(TrackCounts::converters)).min(units);
        Rate { units, converters }
    };
    let (all, single) = (sum(&goal.with_crossed), sum(&goal.cells));
    let crossed = Rate {
        units: all.units.saturating_sub(single.units),
        converters: all.converters.saturating_sub(single.converters),
    };
    test(1).is_some_and(|test| is_significant(&single, &crossed, &test))
}

/// Returns whether a track's verdict would be another one if the crossed units were counted to
/// their first track.
pub(super) fn matters(goal: &GoalCounts, track: usize, test: &Test) -> bool {
    let direction = |cells: &[TrackCounts]| {
        let (control, cell) = cells.first().zip(cells.get(track))?;
        let found = cell.counted.compare(&control.counted, test).ok()?;
        // The direction matters too: a significant difference may turn around.
        let is_better = (found.difference.value > 0.0) == (goal.wanted == Wanted::More);
        Some(found.is_significant().then_some(is_better))
    };
    let with_crossed = direction(&goal.with_crossed);
    with_crossed.is_some_and(|direction_of_all| direction(&goal.cells) != Some(direction_of_all))
}

/// The sum, or the most that a count holds.
pub(super) fn total(counts: impl Iterator<Item = u64>) -> u64 {
    counts.fold(0, u64::saturating_add)
}

/// The test of a check, which shares its alpha among comparisons (Bonferroni). It is always valid,
/// since a warning is looked at all the time.
pub(super) fn test(comparisons: usize) -> Option<Test> {
    let comparisons = u32::try_from(comparisons).unwrap_or(u32::MAX);
    Some(Test::always_valid(ALPHA).ok()?.among(comparisons))
}

/// Whether two rates differ. Rates without an answer do not.
fn is_significant(one: &Rate, other: &Rate, test: &Test) -> bool {
    compare_rates(one, other, test).is_ok_and(|found| found.is_significant())
}
