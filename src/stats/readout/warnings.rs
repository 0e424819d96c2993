use super::{
    Cell, Counted, Role, SetCounts, Warning,
    coin::coin_warnings,
    standing::{SUSPECTED, Standing},
};
use crate::stats::Mode;

/// The share of open windows that is worth a warning.
const UNFINISHED: f64 = 0.2;

/// The share of a sum that no single unit should have.
const ONE_UNIT: f64 = 0.05;

/// The comparisons without a correction that are not yet many.
const MANY: usize = 20;

/// Returns all that a reader has to know, the gravest first.
pub(super) fn warnings(counts: &SetCounts, mode: Mode, standing: &Standing) -> Vec<Warning> {
    let mut warnings = of_counting(standing);
    warnings.extend(of_time(counts, mode, standing));
    warnings.extend(coin_warnings(counts, mode, standing.units));
    for (goal, cells) in counts.goals.iter().enumerate() {
        for (track, cell) in cells.cells.iter().enumerate() {
            let unfinished = unfinished(cell);
            let one_unit = one_unit(cell);
            warnings.extend(unfinished.map(|share| Warning::Unfinished { goal, track, share }));
            warnings.extend(one_unit.map(|share| Warning::OneUnit { goal, track, share }));
        }
    }
    warnings
}

fn of_counting(standing: &Standing) -> Vec<Warning> {
    let p = standing.sample_ratio.as_ref().ok().map(|ratio| ratio.p);
    let stray = Some(standing.stray).filter(|units| *units > 0);
    let warnings = [
        match standing.mismatch() {
            Some(p) => Some(Warning::Mismatch { p }),
            None => p
                .filter(|p| *p <= SUSPECTED)
                .map(|p| Warning::SuspectedMismatch { p }),
        },
        stray.map(|units| Warning::Stray { units }),
        standing.crossed().map(|share| Warning::Crossed { share }),
    ];
    warnings.into_iter().flatten().collect()
}

fn of_time(counts: &SetCounts, mode: Mode, standing: &Standing) -> Vec<Warning> {
    let progress = mode.progress(standing.units);
    let days = counts.days;
    let guardrails = counts
        .goals
        .iter()
        .filter(|goal| goal.role == Role::Guardrail);
    let comparisons = guardrails
        .map(|goal| goal.cells.len().saturating_sub(1))
        .sum();
    let warnings = [
        counts.changed.then_some(Warning::Changed),
        progress
            .filter(|progress| *progress < 1.0)
            .map(|progress| Warning::BeforePlan { progress }),
        // What is not a number of days is not known to be a week.
        (!(days >= 7.0)).then_some(Warning::LessThanAWeek {
            days: if days.is_finite() { days } else { 0.0 },
        }),
        (comparisons > MANY).then_some(Warning::ManyComparisons { comparisons }),
    ];
    warnings.into_iter().flatten().collect()
}

fn unfinished(cell: &Cell) -> Option<f64> {
    let units = cell.counted.units();
    let share = cell.unfinished as f64 / units as f64;
    (units > 0 && share > UNFINISHED).then_some(share)
}

/// The largest total's share of the sum, if it is too large.
fn one_unit(cell: &Cell) -> Option<f64> {
    let Counted::Mean(mean) = cell.counted else {
        return None;
    };
    let share = cell.largest? / (mean.mean * mean.units as f64);
    (mean.units > 0 && share.is_finite() && share > ONE_UNIT).then_some(share)
}
