use super::{
    GoalReadout, Role, SetCounts, TrackReadout, Warning, adjust::adjusted, standing::Standing,
    warnings::warnings,
};
use crate::stats::{Mode, NoAnswer, Pearson, Test};

/// What the counts of a set say.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Readout {
    /// The units of all tracks together.
    pub units: u64,
    /// Whether the tracks have the units they should have.
    #[cfg_attr(
        feature = "serde",
        serde(serialize_with = "crate::stats::answer::serialize")
    )]
    pub sample_ratio: Result<SampleRatio, NoAnswer>,
    /// What is to be known besides, the gravest first.
    pub warnings: Vec<Warning>,
    /// The goals, in the order they came.
    pub goals: Vec<GoalReadout>,
}

/// Whether the tracks have the units they should have.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct SampleRatio {
    /// The p-value that is valid at every look, which decides.
    pub p: f64,
    /// The test that everybody knows, for one look.
    #[cfg_attr(
        feature = "serde",
        serde(serialize_with = "crate::stats::answer::serialize")
    )]
    pub pearson: Result<Pearson, NoAnswer>,
}

/// Reads the counts of a set: one verdict for each track on each goal, with all warnings.
///
/// The primary goal's comparisons share alpha (Holm; the intervals are at alpha over their
/// number). Secondary goals are exploratory (Benjamini & Hochberg), guardrails are not adjusted.
///
/// # Errors
///
/// Unless alpha is from 1e-100 to 0.5.
pub fn read(counts: &SetCounts, mode: Mode, alpha: f64) -> Result<Readout, NoAnswer> {
    let standing = Standing::new(counts);
    let test = mode.test(alpha, standing.units)?;
    let mut goals = compared(counts, &test);
    judge(counts, &mut goals, test.alpha());
    goals.iter_mut().for_each(|goal| goal.overrule(&standing));
    Ok(Readout {
        units: standing.units,
        warnings: warnings(counts, mode, &standing),
        sample_ratio: standing.sample_ratio,
        goals,
    })
}

fn compared(counts: &SetCounts, test: &Test) -> Vec<GoalReadout> {
    let live = counts.tracks.iter().skip(1);
    let live = live.filter(|track| track.weight > 0.0).count();
    let primary = counts
        .goals
        .iter()
        .filter(|goal| goal.role == Role::Primary);
    let primary = u32::try_from(live * primary.count()).unwrap_or(u32::MAX);
    let compared = |goal: &super::GoalCounts| {
        let among = if goal.role == Role::Primary {
            primary
        } else {
            1
        };
        GoalReadout::compared(goal, &counts.tracks, &test.among(among))
    };
    counts.goals.iter().map(compared).collect()
}

/// Gives every verdict, by the p-values of all.
fn judge(counts: &SetCounts, goals: &mut [GoalReadout], alpha: f64) {
    let p = |track: &TrackReadout| track.comparison.as_ref().ok().map(|found| found.p);
    let p_values: Vec<(Role, f64)> = goals
        .iter()
        .flat_map(|goal| {
            goal.tracks
                .iter()
                .filter_map(|track| Some((goal.role, p(track)?)))
        })
        .collect();
    let mut adjusted = adjusted(&p_values).into_iter();
    for (readout, goal) in goals.iter_mut().zip(&counts.goals) {
        for track in 0..readout.tracks.len() {
            let answered = readout
                .tracks
                .get(track)
                .is_some_and(|track| p(track).is_some());
            let adjusted = answered.then(|| adjusted.next()).flatten();
            readout.judge(goal, track, alpha, adjusted);
        }
    }
}
