//! Sentences with facts that the statistics do not have, such as days.

use crate::{
    figures::count,
    report::{GoalReport, GoalSource, GoalTrack, PhaseReport, VerdictKind},
};

impl PhaseReport {
    /// Replaces or extends sentences of verdicts and alarms, with days and the number of open
    /// units.
    pub(super) fn complete_sentences(&mut self) {
        let changed_on = self.health.weights_changed_on;
        for goal in self.goals.iter_mut().chain(&mut self.requests) {
            let open = count(goal.open);
            let few = too_few(goal);
            for (track, of_set) in goal.tracks.iter_mut().zip(&self.tracks) {
                if let Some(verdict) = &mut track.verdict {
                    match (verdict.kind, changed_on, of_set.switched_off_on) {
                        (VerdictKind::WeightsChanged, Some(day), _) => {
                            verdict.sentence = format!(
                                "Not read: the weights changed on {day}; start a new phase, and \
                                 read each period by itself"
                            );
                        }
                        (VerdictKind::Collecting, ..) if few.is_some() => {
                            verdict.sentence = few.unwrap_or_default().to_owned();
                        }
                        (VerdictKind::SwitchedOff, _, Some(day)) => {
                            verdict.sentence = format!(
                                "Switched off on {day}: no longer compared, since control went on"
                            );
                        }
                        _ => {}
                    }
                }
                add_open(track, &open);
            }
        }
    }
}

/// Returns the sentence for too few errors, aborts or requests; `None` for goals.
fn too_few(goal: &GoalReport) -> Option<&'static str> {
    match goal.source {
        GoalSource::Errors => Some("Still collecting: too few errors to compare"),
        GoalSource::Aborts => Some("Still collecting: too few aborted requests to compare"),
        GoalSource::Duration => Some("Still collecting: too few requests to compare"),
        GoalSource::P95 => Some("Still collecting: too few slow requests to compare"),
        _ => None,
    }
}

/// Adds the number of open units to the alarm of a track that is worse so far, and to its verdict if
/// it is one of a guardrail.
fn add_open(track: &mut GoalTrack, open: &str) {
    let so_far = track.so_far.as_mut();
    let Some(alarm) = so_far.and_then(|so_far| so_far.alarm.as_mut()) else {
        return;
    };
    alarm.push_str(&format!("; {open} units still have time to convert"));
    if let Some(verdict) = &mut track.verdict
        && verdict.kind == VerdictKind::Worse
        && verdict.sentence.starts_with("Worse than control")
    {
        verdict.sentence.push_str(&format!(
            "; so far, {open} units still have time to convert"
        ));
    }
}
