//! The rules of warnings. Their thresholds are the constants of this file.

use super::{
    Counted, GoalCounts, GoalReadout, Role, SetCounts, TrackCounts, TrackReadout, Warning,
    coin::coin_warnings,
    crossed,
    standing::{SUSPECTED, Standing},
};
use crate::stats::Test;

/// The share of crossed units that is worth a warning.
const CROSSED: f64 = 0.01;

/// The share of an absolute sum that no single unit should have.
const ONE_UNIT: f64 = 0.05;

/// The comparisons without a correction that are not yet many.
const MANY: usize = 20;

/// The lift above which a finding is doubted.
const TOO_GOOD: f64 = 0.5;

/// Returns all warnings, the gravest first.
pub(super) fn warnings(
    counts: &SetCounts,
    standing: &Standing,
    (readouts, test): (&[GoalReadout], &Test),
) -> Vec<Warning> {
    let mut warnings = of_counting(counts, standing);
    warnings.extend(before_plan(counts, readouts));
    warnings.extend(of_time(counts));
    warnings.extend(coin_warnings(counts));
    for (goal, (counts, readout)) in counts.goals.iter().zip(readouts).enumerate() {
        warnings.extend(of_goal(goal, counts));
        for (track, read) in readout.tracks.iter().enumerate() {
            warnings.extend(of_track((goal, track + 1), (counts, test), read));
        }
    }
    warnings
}

/// Warnings about the units of the set.
fn of_counting(counts: &SetCounts, standing: &Standing) -> Vec<Warning> {
    let p = standing.sample_ratio.as_ref().ok().map(|ratio| ratio.p);
    let stray = Some(standing.stray).filter(|units| *units > 0);
    let crossed = crossed::total(counts.crossed.iter().copied()) as f64;
    let share = crossed / (crossed + standing.units as f64);
    let warnings = [
        match standing.mismatch() {
            Some(p) => Some(Warning::Mismatch { p }),
            None => p
                .filter(|p| *p <= SUSPECTED)
                .map(|p| Warning::SuspectedMismatch { p }),
        },
        stray.map(|units| Warning::Stray { units }),
        counts.weights_changed.then_some(Warning::WeightsChanged),
        (share > CROSSED).then_some(Warning::Crossed { share }),
        crossed::differs(counts).map(|track| Warning::CrossedUnevenly { track }),
    ];
    warnings.into_iter().flatten().collect()
}

/// Warnings about the time that was seen, and about the number of comparisons.
fn of_time(counts: &SetCounts) -> Vec<Warning> {
    let is_guardrail = |goal: &&GoalCounts| goal.role == Role::Guardrail;
    let guardrails = counts.goals.iter().filter(is_guardrail);
    let comparisons = guardrails
        .map(|goal| goal.cells.len().saturating_sub(1))
        .sum();
    let days = counts.days;
    // What is not a number of days is not known to be a week.
    let is_short = days.is_nan() || days < 7.0;
    let warnings = [
        is_short.then_some(Warning::LessThanAWeek {
            days: if days.is_finite() { days } else { 0.0 },
        }),
        (!is_short && counts.weekdays < 7).then_some(Warning::Weekdays {
            seen: counts.weekdays,
        }),
        (comparisons > MANY).then_some(Warning::ManyComparisons { comparisons }),
    ];
    warnings.into_iter().flatten().collect()
}

/// How much of a plan is done, while any of its tracks is open.
fn before_plan(counts: &SetCounts, readouts: &[GoalReadout]) -> Option<Warning> {
    let mut goals = counts.goals.iter().zip(readouts);
    let (looks, readout) = goals.find_map(|(goal, read)| Some((goal.plan.as_ref()?, read)))?;
    let mut compared = readout.tracks.iter().filter(|track| !track.is_off());
    if compared.all(TrackReadout::is_decided) {
        return None;
    }
    let progress = looks.last().map_or(0.0, |look| look.information);
    (progress < 1.0).then_some(Warning::BeforePlan { progress })
}

/// Warnings about the cells of a goal, control among them.
fn of_goal(goal: usize, counts: &GoalCounts) -> Vec<Warning> {
    let one_unit = |(track, cell): (usize, &TrackCounts)| {
        let share = cell.largest_share.filter(|share| *share > ONE_UNIT)?;
        let is_mean = matches!(cell.counted, Counted::Mean(_) | Counted::Covaried(_));
        is_mean.then_some(Warning::OneUnit { goal, track, share })
    };
    let differs = crossed::differs_among_converters(counts);
    let crossed = differs.then_some(Warning::CrossedConverters { goal });
    let cells = counts.cells.iter().enumerate();
    crossed
        .into_iter()
        .chain(cells.filter_map(one_unit))
        .collect()
}

/// Warnings about one comparison. A track with too few units has none.
fn of_track(
    (goal, track): (usize, usize),
    (counts, test): (&GoalCounts, &Test),
    read: &TrackReadout,
) -> Vec<Warning> {
    let comparison = read.comparison.as_ref().ok();
    // A few units make large lifts by chance.
    let comparison = comparison.filter(|_| read.missing.is_none());
    let lift = comparison.and_then(|found| found.lift.ok().filter(|_| found.is_significant()));
    // A plan's looks leave the crossed units out as of each look, so only now is compared.
    let is_now = comparison.is_some() && read.look.is_none();
    let matters = is_now && crossed::matters(counts, track, test);
    let is_early = read.look.is_some_and(|look| look.early);
    let warnings = [
        matters.then_some(Warning::CrossedMatter { goal, track }),
        is_early.then_some(Warning::FoundEarly { goal, track }),
        lift.filter(|lift| lift.abs() > TOO_GOOD)
            .map(|lift| Warning::TooGood { goal, track, lift }),
    ];
    warnings.into_iter().flatten().collect()
}
