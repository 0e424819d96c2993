use super::{
    Cell, Counted, Effect, Finding, GoalCounts, Missing, Role, Verdict, Wanted, standing::Standing,
};
use crate::stats::{Chance, Comparison, Headcount, NoAnswer, Rate, Test, chances};

/// What the counts say of one goal.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct GoalReadout {
    /// What the goal is for.
    pub role: Role,
    /// The tracks but control, in the order of the set's.
    pub tracks: Vec<TrackReadout>,
    /// How probable it is that each is best, control first; of rates, as a second reading.
    /// Tracks of weight 0 have none.
    pub chances: Vec<Option<Chance>>,
}

/// What the counts say of one goal in one track.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct TrackReadout {
    /// What may be said.
    pub verdict: Verdict,
    /// The numbers behind it; hidden by a mismatch.
    #[cfg_attr(
        feature = "serde",
        serde(serialize_with = "crate::stats::answer::serialize")
    )]
    pub comparison: Result<Comparison, NoAnswer>,
    /// The p-value after the comparisons were counted, of which that of a guardrail is its own.
    pub adjusted_p: Option<f64>,
}

impl GoalReadout {
    /// Compares the tracks with control; verdicts come when all goals have been compared.
    pub(super) fn compared(goal: &GoalCounts, tracks: &[Headcount], test: &Test) -> Self {
        let unanswered = |comparison: Result<Comparison, NoAnswer>| TrackReadout {
            verdict: Verdict::Unanswered(comparison.err().unwrap_or(NoAnswer::OutOfRange)),
            comparison,
            adjusted_p: None,
        };
        let compared = (1..tracks.len())
            .map(|track| compare(goal, tracks, track, test))
            .map(unanswered);
        Self {
            role: goal.role,
            tracks: compared.collect(),
            chances: chances_of(goal, tracks),
        }
    }

    /// Gives the verdict on a track.
    pub(super) fn judge(&mut self, goal: &GoalCounts, track: usize, alpha: f64, p: Option<f64>) {
        let Some(readout) = self.tracks.get_mut(track) else {
            return;
        };
        readout.adjusted_p = p;
        let cells = goal.cells.first().zip(goal.cells.get(track + 1));
        let missing = cells.and_then(|(control, cell)| Missing::of(control, cell));
        readout.verdict = match (missing, &readout.comparison, p) {
            (Some(missing), ..) => Verdict::Collecting(missing),
            (None, Ok(comparison), Some(p)) => found(comparison, goal, alpha, p),
            (None, Ok(_), None) => Verdict::Unanswered(NoAnswer::OutOfRange),
            (None, Err(why), _) => Verdict::Unanswered(*why),
        };
    }

    /// Lets what is wrong with the set come before the goal.
    pub(super) fn overrule(&mut self, standing: &Standing) {
        let Some(verdict) = standing.verdict() else {
            return;
        };
        let hidden = standing.mismatch().is_some();
        for track in &mut self.tracks {
            track.verdict = verdict;
            if hidden {
                track.comparison = Err(NoAnswer::Hidden);
                track.adjusted_p = None;
            }
        }
        if hidden {
            self.chances = vec![None; self.chances.len()];
        }
    }
}

/// Compares a track with control, if both take part.
fn compare(
    goal: &GoalCounts,
    tracks: &[Headcount],
    track: usize,
    test: &Test,
) -> Result<Comparison, NoAnswer> {
    if goal.cells.len() != tracks.len() {
        return Err(NoAnswer::Mixed);
    }
    let takes_part = |track: usize| tracks.get(track).is_some_and(|track| track.weight > 0.0);
    match (goal.cells.first(), goal.cells.get(track)) {
        (Some(control), Some(cell)) if takes_part(0) && takes_part(track) => {
            cell.counted.compare(&control.counted, test)
        }
        _ => Err(NoAnswer::NothingToCompare),
    }
}

fn found(comparison: &Comparison, goal: &GoalCounts, alpha: f64, p: f64) -> Verdict {
    let finding = Finding {
        effect: Effect::of(comparison),
        p,
        exploratory: goal.role == Role::Secondary,
    };
    let wanted = (comparison.difference.value > 0.0) == (goal.wanted == Wanted::More);
    // Of a primary goal the interval is never wider than the adjustment, but for a rounding.
    let primary = goal.role == Role::Primary && comparison.is_significant();
    match (p <= alpha || primary, comparison.is_significant()) {
        (true, _) if wanted => Verdict::Better(finding),
        (true, _) => Verdict::Worse(finding),
        (false, true) => Verdict::Hint(finding),
        (false, false) => Verdict::NotFound(finding),
    }
}

/// The chances of the tracks that take part, if all are rates.
fn chances_of(goal: &GoalCounts, tracks: &[Headcount]) -> Vec<Option<Chance>> {
    let rate = |cell: &Cell| match cell.counted {
        Counted::Rate(rate) => Some(rate),
        _ => None,
    };
    let takes_part = |track: &Headcount| track.weight > 0.0;
    let cells = goal.cells.iter().zip(tracks);
    let rates: Option<Vec<Rate>> = cells
        .filter(|(_, track)| takes_part(track))
        .map(|(cell, _)| rate(cell))
        .collect();
    let answers = rates
        .filter(|_| tracks.first().is_some_and(takes_part) && goal.cells.len() == tracks.len())
        .and_then(|rates| chances(&rates).ok())
        .unwrap_or_default();
    let mut answers = answers.into_iter();
    let next = |track: &Headcount| takes_part(track).then(|| answers.next()).flatten();
    tracks.iter().map(next).collect()
}
