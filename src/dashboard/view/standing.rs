//! What a team does about a test: look at it, record it, resume it, or wait.

use crate::report::{PhaseReport, VerdictKind};

use super::{Headline, Rank};

/// The standing of a test, by which the list of all sets is filtered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::dashboard) enum Standing {
    Running,
    /// It has an answer that further units are not needed for.
    Decided,
    Paused,
    /// Its data cannot be trusted.
    Broken,
}

impl Standing {
    pub(in crate::dashboard) const ALL: [Self; 4] =
        [Self::Running, Self::Decided, Self::Paused, Self::Broken];

    /// Returns the standing of a test that goes on.
    pub(in crate::dashboard) fn of(
        phase: &PhaseReport,
        headline: &Headline,
        is_paused: bool,
    ) -> Self {
        match headline.rank {
            _ if is_paused => Self::Paused,
            Rank::Untrusted => Self::Broken,
            _ if is_decided(phase) => Self::Decided,
            _ => Self::Running,
        }
    }

    /// Returns the word for it, which is also its value in an address.
    pub(in crate::dashboard) fn word(self) -> &'static str {
        match self {
            Self::Broken => "broken",
            Self::Decided => "decided",
            Self::Paused => "paused",
            Self::Running => "running",
        }
    }

    /// Returns the standing of a word.
    pub(in crate::dashboard) fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.word() == word)
    }
}

/// Returns whether the plan has decided. Without a plan: whether each track has a finding on the primary goal,
/// and all windows are over.
fn is_decided(phase: &PhaseReport) -> bool {
    if phase.intent.progress.is_some() {
        return phase.decision.is_some();
    }
    let is_found = |kind| {
        use VerdictKind::{Better, SwitchedOff, TooSmall, Worse};
        matches!(kind, Better | Worse | TooSmall | SwitchedOff)
    };
    phase.decision.is_some()
        || phase.primary().is_some_and(|goal| {
            let mut verdicts = goal
                .tracks
                .iter()
                .filter_map(|track| track.verdict.as_ref());
            let any = verdicts.clone().any(|verdict| verdict.kind.is_read());
            any && goal.open == 0 && verdicts.all(|verdict| is_found(verdict.kind))
        })
}
