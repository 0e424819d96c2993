//! The reasons to pause a set.

use crate::report::PhaseReport;

/// A reason to pause a set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Harm {
    /// Where it is: a guardrail and a track, or the sample ratio.
    place: String,
    /// What the report says about it.
    sentence: String,
}

impl Harm {
    /// Returns the harm that two looks in a row show, the most serious first.
    ///
    /// The same data again are no second look, so both looks have to differ in what was counted.
    pub(super) fn of_two_looks(before: &PhaseReport, now: &PhaseReport) -> Vec<Self> {
        if before.as_of >= now.as_of || counts(before) == counts(now) {
            return Vec::new();
        }
        let before = Self::all(before);
        let mut harms = Self::all(now);
        harms.retain(|harm| before.iter().any(|before| before.place == harm.place));
        harms
    }

    /// Returns whether a report shows any harm.
    pub(super) fn is_in(phase: &PhaseReport) -> bool {
        !Self::all(phase).is_empty()
    }

    /// Returns the harm that a report shows.
    fn all(phase: &PhaseReport) -> Vec<Self> {
        let mismatch = phase.covered.iter().filter(|_| phase.health.is_mismatch());
        let mismatch = mismatch.map(|sentence| Self {
            place: "sample ratio".to_owned(),
            sentence: sentence.clone(),
        });
        let worse = phase.worse_guardrails().map(|(goal, track)| Self {
            place: format!("{}, {track}", goal.label),
            sentence: super::news::sentence(goal, track).to_owned(),
        });
        mismatch.chain(worse).collect()
    }

    /// Returns the reason of the pause.
    pub(super) fn reason(&self) -> String {
        format!("{}: {}", self.place, self.sentence)
    }

    /// Returns whether an earlier pause had this reason. The numbers of its sentence may have been others.
    pub(super) fn is_of(&self, reason: &str) -> bool {
        let rest = reason.strip_prefix(&*self.place);
        rest.is_some_and(|rest| rest.starts_with(": "))
    }
}

/// Returns the numbers of units, requests and conversions: what new data change.
fn counts(phase: &PhaseReport) -> Vec<(u64, u64, f64, f64)> {
    let tracks = phase.tracks.iter();
    let tracks = tracks.map(|track| (track.units, track.crossed, 0.0, 0.0));
    let goals = phase.goals.iter().chain(&phase.requests);
    let goals = goals.flat_map(|goal| &goal.tracks).map(|track| {
        let converters = track.converters.unwrap_or_default();
        (track.units, converters, track.sum, track.by)
    });
    tracks.chain(goals).collect()
}
