//! Verdicts from comparisons: by the p-values of all goals of a role, and by harm so far.

use super::{
    Effect, Finding, GoalCounts, GoalReadout, Margin, Role, SoFar, TrackReadout, Verdict, Wanted,
};
use crate::stats::{
    Comparison, LiftBounds, NoAnswer, NonInferiority, Relevance, benjamini_hochberg, holm,
    non_inferiority, relevance,
};

/// Gives every verdict, by the p-values of all goals.
pub(super) fn judge(goals: &[GoalCounts], readouts: &mut [GoalReadout], alpha: f64) {
    adjust(readouts, Role::Primary, holm);
    adjust(readouts, Role::Exploratory, benjamini_hochberg);
    // To miss harm is the worse error, so each guardrail keeps the whole of alpha.
    adjust(readouts, Role::Guardrail, <[f64]>::to_vec);
    for (readout, goal) in readouts.iter_mut().zip(goals) {
        for track in &mut readout.tracks {
            track.judge(goal, alpha);
        }
    }
}

/// Adjusts the p-values within the goals of a role.
fn adjust(readouts: &mut [GoalReadout], role: Role, adjusted: fn(&[f64]) -> Vec<f64>) {
    let of_role = readouts.iter_mut().filter(|goal| goal.role == role);
    let tracks = of_role.flat_map(|goal| &mut goal.tracks);
    // A boundary of a plan counts the comparisons already.
    let at_every_look = tracks.filter(|track| track.look.is_none());
    let found =
        at_every_look.filter_map(|track| Some((track.comparison.ok()?.p, &mut track.adjusted_p)));
    let (p_values, places): (Vec<f64>, Vec<&mut Option<f64>>) = found.unzip();
    for (place, p) in places.into_iter().zip(adjusted(&p_values)) {
        *place = Some(p);
    }
}

impl TrackReadout {
    /// Gives the verdict. Harm so far decides a guardrail at once, before windows are over: to miss
    /// harm is the worse error.
    fn judge(&mut self, goal: &GoalCounts, alpha: f64) {
        if let Some(so_far) = &mut self.so_far {
            so_far.alarm = harm(so_far, goal);
        }
        // Later conversions can make up for a harm so far. Only a guardrail does not wait for them.
        let of_guardrail = self.so_far.as_ref().and_then(|so_far| so_far.alarm);
        self.verdict = match of_guardrail.filter(|_| goal.role == Role::Guardrail) {
            Some(alarm) => Verdict::Worse(alarm),
            None => self.of_closed(goal, alpha),
        };
        self.decision = self.is_decided().then_some(self.verdict);
    }

    /// The verdict of the units whose windows are over.
    fn of_closed(&self, goal: &GoalCounts, alpha: f64) -> Verdict {
        let is_guardrail = goal.role == Role::Guardrail;
        match (self.missing, &self.comparison) {
            (_, Err(why @ (NoAnswer::SwitchedOff | NoAnswer::NothingToCompare))) => {
                Verdict::Unanswered(*why)
            }
            // Nothing to worry about: a site without errors never has enough of them.
            (Some(missing), Err(NoAnswer::NoSpread)) if is_guardrail && missing.units == 0 => {
                Verdict::Unanswered(NoAnswer::NoSpread)
            }
            (Some(_), _) if self.is_decided() => Verdict::Unanswered(NoAnswer::TooFewForPlan),
            (Some(missing), _) => Verdict::Collecting(missing),
            (None, Ok(comparison)) => self.found(comparison, goal, alpha),
            (None, Err(why)) => Verdict::Unanswered(*why),
        }
    }

    /// The verdict of a comparison with enough units, by the adjusted p-value: better or worse below
    /// alpha, a hint where only the p-value before the adjustment is.
    fn found(&self, comparison: &Comparison, goal: &GoalCounts, alpha: f64) -> Verdict {
        let finding = Finding {
            p: self.adjusted_p.unwrap_or(comparison.p),
            decided: self.is_decided(),
            margin: margin(comparison, goal),
            ..Finding::of(comparison, goal)
        };
        // Of a primary goal the interval is never wider than the adjustment, but for a rounding.
        let is_significant = comparison.is_significant();
        let is_primary = goal.role == Role::Primary && is_significant;
        // A p-value of a look is not adjusted, so that the boundary alone decides there.
        let is_below = self.adjusted_p.is_some_and(|p| p <= alpha);
        match (is_below || is_primary, is_significant) {
            (true, _) if is_wanted(comparison, goal) => Verdict::Better(finding),
            (true, _) => Verdict::Worse(finding),
            (false, true) => Verdict::Hint(finding),
            (false, false) => match (finding.margin, goal.role) {
                (Some(Margin::Within(_)), Role::Guardrail) => Verdict::NotWorse(finding),
                (Some(Margin::Within(_)), _) => Verdict::TooSmall(finding),
                _ => Verdict::NotFound(finding),
            },
        }
    }
}

impl Finding {
    fn of(comparison: &Comparison, goal: &GoalCounts) -> Self {
        Self {
            effect: Effect::of(comparison),
            p: comparison.p,
            level: 1.0 - comparison.alpha,
            exploratory: goal.role == Role::Exploratory,
            decided: false,
            margin: None,
        }
    }
}

/// What is certain about the margin of a goal: of a guardrail that it is kept, of a primary goal that the effect is
/// smaller or larger.
fn margin(comparison: &Comparison, goal: &GoalCounts) -> Option<Margin> {
    let margin = goal.margin?;
    let lift = LiftBounds::of(comparison, goal.wanted);
    let (within, beyond) = (Margin::Within(margin), Margin::Beyond(margin));
    match goal.role {
        Role::Exploratory => None,
        Role::Guardrail => match non_inferiority(&lift, margin) {
            NonInferiority::Worse {
                within_margin: true,
            } => Some(within),
            // Better is more than not worse.
            NonInferiority::NotWorseThanMargin if !lift.is_better() => Some(within),
            _ => None,
        },
        Role::Primary => match relevance(&lift, margin) {
            Relevance::BetterByMore | Relevance::WorseByMore => Some(beyond),
            Relevance::TooSmallToMatter => Some(within),
            // Better or worse, and by less than matters.
            Relevance::Better | Relevance::Worse if lift.lower > -margin && lift.upper < margin => {
                Some(within)
            }
            Relevance::Better | Relevance::Worse | Relevance::Unclear => None,
        },
    }
}

/// That a track is worse so far. A guardrail that keeps its margin does no harm.
fn harm(so_far: &SoFar, goal: &GoalCounts) -> Option<Finding> {
    let comparison = so_far.comparison.as_ref().ok()?;
    let margin = margin(comparison, goal);
    let is_kept = goal.role == Role::Guardrail && matches!(margin, Some(Margin::Within(_)));
    let is_harm = comparison.is_significant() && !is_wanted(comparison, goal) && !is_kept;
    is_harm.then(|| Finding {
        margin,
        ..Finding::of(comparison, goal)
    })
}

/// Whether the difference goes the way that is better.
fn is_wanted(comparison: &Comparison, goal: &GoalCounts) -> bool {
    (comparison.difference.value > 0.0) == (goal.wanted == Wanted::More)
}
