//! The warnings of the statistics as notices.

use crate::{
    report::{Notice, compute::Measured},
    stats::Warning,
};

/// Returns the notice of a warning of the statistics, with the labels of its goal and track.
pub(super) fn of_warning(warning: &Warning, measured: &[Measured]) -> Notice {
    let (kind, blocks, (goal, track)) = named(warning);
    let report = goal.and_then(|goal| Some(&measured.get(goal)?.report));
    let tracks = report.or(measured.first().map(|goal| &goal.report));
    let track = track.and_then(|track| tracks?.tracks.get(track));
    Notice {
        goal: report.map(|report| report.label.clone()),
        track: track.map(|track| track.track.clone()),
        blocks,
        ..Notice::new(kind, warning.to_string())
    }
}

/// The goal and the track that a warning is about.
type Place = (Option<usize>, Option<usize>);

/// The kind of a warning, whether it is about validity, and its place.
fn named(warning: &Warning) -> (&'static str, bool, Place) {
    const ALL: Place = (None, None);
    let at = |goal: &usize, track: &usize| (Some(*goal), Some(*track));
    match warning {
        Warning::Mismatch { .. } => ("mismatch", true, ALL),
        Warning::SuspectedMismatch { .. } => ("suspected-mismatch", true, ALL),
        Warning::Stray { .. } => ("stray", true, ALL),
        Warning::Crossed { .. } => ("crossed", true, ALL),
        Warning::CrossedUnevenly { track } => ("crossed-unevenly", true, (None, Some(*track))),
        Warning::CrossedConverters { goal } => ("crossed-converters", true, (Some(*goal), None)),
        Warning::CrossedMatter { goal, track } => ("crossed-matter", true, at(goal, track)),
        Warning::WeightsChanged => ("weights-changed", true, ALL),
        Warning::BeforePlan { .. } => ("before-plan", false, ALL),
        Warning::FoundEarly { goal, track } => ("found-early", false, at(goal, track)),
        Warning::LessThanAWeek { .. } => ("less-than-a-week", false, ALL),
        Warning::Weekdays { .. } => ("weekdays", false, ALL),
        Warning::ManyComparisons { .. } => ("many-comparisons", false, ALL),
        Warning::TooGood { goal, track, .. } => ("too-good", true, at(goal, track)),
        Warning::OneUnit { goal, track, .. } => ("one-unit", false, at(goal, track)),
        Warning::Coin { goal, track, .. } => ("coin", true, at(goal, track)),
    }
}
