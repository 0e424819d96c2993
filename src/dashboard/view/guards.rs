//! The guardrails of a phase in a line.

use crate::report::{GoalRole, GoalSource, PhaseReport};

use super::{Tone, goal::is_silent, lines::read};

/// The guardrails in a line.
#[derive(Debug)]
pub(in crate::dashboard) struct Guards {
    pub(in crate::dashboard) tone: Tone,
    pub(in crate::dashboard) state: &'static str,
    /// What did not happen, as a sentence.
    pub(in crate::dashboard) silent: Option<&'static str>,
    goals: usize,
}

impl Guards {
    /// Returns the line over the guardrails of goals and of requests.
    pub(in crate::dashboard) fn of(phase: &PhaseReport) -> Self {
        let guardrails = phase
            .goals
            .iter()
            .filter(|goal| goal.role == GoalRole::Guardrail);
        let is_worse = phase.worse_guardrails().next().is_some();
        let mut judged = guardrails.clone().chain(&phase.requests);
        let is_read = judged.any(|goal| goal.tracks.iter().any(|track| read(track).is_some()));
        let (tone, state) = match (is_worse, is_read) {
            (true, _) => (Tone::Bad, "worse"),
            (false, true) => (Tone::Calm, "none is worse so far"),
            (false, false) => (Tone::Calm, "nothing to read yet"),
        };
        let is_silent = |source: &GoalSource| {
            let mut goals = phase.requests.iter();
            goals.any(|goal| goal.source == *source && is_silent(goal))
        };
        let silent = match (
            is_silent(&GoalSource::Errors),
            is_silent(&GoalSource::Aborts),
        ) {
            (true, true) => Some("No request failed, and none was aborted."),
            (true, false) => Some("No request failed."),
            (false, true) => Some("No request was aborted."),
            (false, false) => None,
        };
        Self {
            tone,
            state,
            silent,
            goals: guardrails.count() + phase.requests.len(),
        }
    }

    pub(in crate::dashboard) fn has_any(&self) -> bool {
        self.goals > 0
    }
}
