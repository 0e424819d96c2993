use crate::{
    report::{Health, Notice},
    stats::{Readout, Warning},
};

use super::{Lineup, Measured};

/// At or below it a loss is called uneven.
const UNEVEN: f64 = 0.01;

/// Returns what is to be known besides the verdicts, the gravest first.
pub(super) fn notices(
    readout: &Readout,
    measured: &[Measured],
    (lineup, health): (&Lineup, &Health),
) -> Vec<Notice> {
    let warning = |warning: &Warning| of_warning(warning, measured);
    let mut notices: Vec<Notice> = readout.warnings.iter().map(warning).collect();
    let uneven = health.uneven_loss.filter(|p| *p <= UNEVEN);
    let lost: u64 = health.lost.iter().map(|lost| lost.n).sum();
    let sentences = [
        (!lineup.is_defined).then(|| of_set("no-definition", NO_DEFINITION.to_owned())),
        uneven.map(|_| of_set("uneven-loss", UNEVEN_LOSS.to_owned())),
        (lost > 0).then(|| of_set("lost", format!("events did not come into sinks: {lost}"))),
    ];
    notices.extend(sentences.into_iter().flatten());
    // What is about one goal comes after what is about all; beyond that the order stays.
    notices.sort_by_key(|notice| notice.goal.is_some());
    notices
}

const NO_DEFINITION: &str = "no definition of the phase is stored that can be read, so the sample \
    ratio cannot be judged";

const UNEVEN_LOSS: &str = "more was lost of one track than of another, which may look like an \
    effect";

fn of_set(kind: &str, sentence: String) -> Notice {
    Notice {
        kind: kind.to_owned(),
        goal: None,
        track: None,
        sentence,
    }
}

fn of_warning(warning: &Warning, measured: &[Measured]) -> Notice {
    let (kind, place) = named(warning);
    let report = place.and_then(|(goal, _)| Some(&measured.get(goal)?.report));
    let track = place.and_then(|(_, track)| report?.tracks.get(track));
    Notice {
        goal: report.map(|report| report.label.clone()),
        track: track.map(|track| track.track.clone()),
        ..of_set(kind, warning.to_string())
    }
}

/// The kind of a warning, and the goal and the track that it is about.
fn named(warning: &Warning) -> (&'static str, Option<(usize, usize)>) {
    match warning {
        Warning::Mismatch { .. } => ("mismatch", None),
        Warning::SuspectedMismatch { .. } => ("suspected-mismatch", None),
        Warning::Stray { .. } => ("stray", None),
        Warning::Crossed { .. } => ("crossed", None),
        Warning::Changed => ("changed", None),
        Warning::BeforePlan { .. } => ("before-plan", None),
        Warning::LessThanAWeek { .. } => ("less-than-a-week", None),
        Warning::ManyComparisons { .. } => ("many-comparisons", None),
        Warning::Unfinished { goal, track, .. } => ("unfinished", Some((*goal, *track))),
        Warning::OneUnit { goal, track, .. } => ("one-unit", Some((*goal, *track))),
        Warning::Coin { goal, track, .. } => ("coin", Some((*goal, *track))),
    }
}
