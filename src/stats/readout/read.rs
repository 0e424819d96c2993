use super::{
    GoalCounts, GoalReadout, Role, SetCounts, TrackReadout, Warning, adjust::adjusted,
    standing::Standing, warnings::warnings,
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
    let tracks = &counts.tracks;
    let live = tracks.iter().skip(1).filter(|track| track.weight > 0.0);
    let is_primary = |goal: &&GoalCounts| goal.role == Role::Primary;
    let primary = counts.goals.iter().filter(is_primary).count();
    let shared = u32::try_from(live.count() * primary).unwrap_or(u32::MAX);
    let compared = |goal: &GoalCounts| {
        let among = if is_primary(&goal) { shared } else { 1 };
        GoalReadout::compared(goal, tracks, &test.among(among))
    };
    counts.goals.iter().map(compared).collect()
}

/// Gives every verdict, by the p-values of all.
fn judge(counts: &SetCounts, goals: &mut [GoalReadout], alpha: f64) {
    let p = |track: &TrackReadout| track.comparison.as_ref().ok().map(|found| found.p);
    let of_goal = |goal: &GoalReadout| goal.tracks.iter().map(p).collect::<Vec<_>>();
    let found: Vec<_> = goals
        .iter()
        .map(|goal| (goal.role, of_goal(goal)))
        .collect();
    let all = found
        .iter()
        .flat_map(|(role, p)| p.iter().map(|p| Some((*role, (*p)?))));
    let mut adjusted = adjusted(&all.flatten().collect::<Vec<_>>()).into_iter();
    for ((readout, goal), (_, found)) in goals.iter_mut().zip(&counts.goals).zip(found) {
        for (track, found) in found.into_iter().enumerate() {
            let p = found.and_then(|_| adjusted.next());
            readout.judge(goal, track, alpha, p);
        }
    }
}
