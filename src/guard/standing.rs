//! What changes say about the phase of a report.

use std::time::Duration;

use serde_json::json;

use crate::{
    assign::{Plan, StoredSets},
    control::{Act, Change, Code, Controls, GUARD, Mode, State, alone, state},
    report::PhaseReport,
    store::Timestamp,
};

use super::harm::Harm;

/// How long after its close a set may be paused: units that are enrolled still get their tracks, but later
/// facts change hardly anything.
const CLOSED: Duration = Plan::WINDOW;

/// What is in force for a phase, and the changes of that phase.
pub(super) struct Standing {
    pub(super) state: State,
    changes: Vec<Change>,
}

impl Standing {
    /// Returns what is in force for the phase of a report; `None` if this program has another phase of the
    /// set, since changes of this one are void.
    pub(super) fn of(controls: &Controls, phase: &PhaseReport) -> Option<Self> {
        let mut changes = controls.changes();
        let is_named =
            |set: &str| set == phase.set || phase.former_names.iter().any(|name| **name == *set);
        changes.retain(|change| is_named(&change.set) && change.phase == phase.phase);
        let state = match controls.in_program(&phase.set) {
            Some((number, state)) => (number == phase.phase).then_some(state),
            None => stored(phase, &changes, controls.now()),
        };
        let state = state?;
        Some(Self { state, changes })
    }

    /// Returns whether units may be enrolled.
    pub(super) fn is_running(&self) -> bool {
        let is_of_code = matches!(self.state.mode, Mode::Code | Mode::Share(_));
        is_of_code && self.state.closed_at.is_none() && self.state.share > 0.0
    }

    /// Returns when the last change came into force, up to a time.
    pub(super) fn last_change(&self, now: Timestamp) -> Option<Timestamp> {
        let changes = self.changes.iter().map(|change| change.effective_at);
        changes.filter(|at| *at <= now).max()
    }

    /// Returns whether a pause would still end something.
    pub(super) fn may_be_paused(&self, now: Timestamp) -> bool {
        let State {
            paused,
            shipped,
            closed_at,
            ..
        } = &self.state;
        let is_over = closed_at.is_some_and(|at| at.plus(CLOSED) <= now);
        paused.is_none() && shipped.is_none() && !is_over
    }

    /// Returns whether the guard has paused the set for the same harm before.
    ///
    /// The facts of a phase are added up, so the harm of before the pause is seen as long as the phase runs.
    /// A person who resumes the set knows it.
    pub(super) fn has_stopped(&self, harm: &Harm) -> bool {
        let mut changes = self.changes.iter();
        changes.any(|change| {
            let is_pause = change.author == GUARD && change.act == Act::Pause;
            is_pause && harm.is_of(&change.reason)
        })
    }
}

/// Returns what is in force in a program without the set, such as one that only shows results. What a pause
/// depends on is in the report.
fn stored(phase: &PhaseReport, changes: &[Change], now: Timestamp) -> Option<State> {
    let tracks = phase.tracks.iter();
    let tracks = tracks.map(|track| json!({"name": track.name, "control": track.control}));
    let set = json!({
        "name": phase.set,
        "formerly": phase.former_names,
        "phase": phase.phase,
        "tracks": tracks.collect::<Vec<_>>(),
    });
    let sets: StoredSets = alone(&set.to_string(), None).ok()?;
    let set = sets.sets().next()?;
    Some(state(Code::new(set, true), changes, now))
}
