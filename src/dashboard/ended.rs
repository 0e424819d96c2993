//! Tests that have ended: a track was shipped, or no program has the set any longer.

use serde::Serialize;

use crate::report::{Day, PhaseReport, Report, ShippedReport};

use super::{board::Board, visit::Visit};

/// The number of days without a new unit after which a set that no layer has is over.
const QUIET_DAYS: i32 = 30;

/// Why a test has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(tag = "why", rename_all = "kebab-case")]
pub(super) enum Ended<'a> {
    /// A track was shipped.
    Shipped(&'a ShippedReport),
    /// No layer of this server has the set, and no unit was first exposed for 30 days.
    #[serde(rename_all = "kebab-case")]
    Quiet {
        /// The day of the latest first exposure.
        last_day: Day,
    },
}

impl<'a> Ended<'a> {
    /// Returns why the test of a set has ended, by its latest phase; `None` while it goes on.
    pub(super) fn of(phase: &'a PhaseReport, board: &Board) -> Option<Self> {
        let shipped = phase.shipped.as_ref();
        if let Some(shipped) = shipped.filter(|_| !board.denies_shipping(phase)) {
            return Some(Self::Shipped(shipped));
        }
        let last_day = phase.last_day?;
        let days = phase.as_of.day().0.saturating_sub(last_day.0);
        // While windows are open, the results still change.
        let is_open = || phase.goals.iter().any(|goal| goal.open > 0);
        let is_quiet = days >= QUIET_DAYS && !is_open() && !board.has_set(&phase.set);
        is_quiet.then_some(Self::Quiet { last_day })
    }

    /// The same for any phase; `None` if it is not the latest of its set.
    pub(super) fn of_latest(phase: &'a PhaseReport, visit: &Visit) -> Option<Self> {
        let latest = visit.known.report.latest(&phase.set)?;
        let is_latest = latest.phase == phase.phase;
        is_latest.then(|| Self::of(phase, &visit.board)).flatten()
    }

    /// Returns the day on which it ended.
    pub(super) fn day(self) -> Day {
        match self {
            Self::Shipped(shipped) => shipped.at.day(),
            Self::Quiet { last_day } => last_day,
        }
    }

    /// Returns the word for it.
    pub(super) fn state(self) -> &'static str {
        match self {
            Self::Shipped(_) => "shipped",
            Self::Quiet { .. } => "not in use",
        }
    }

    /// Returns the track that was shipped, if one was.
    pub(super) fn shipped(self) -> Option<&'a ShippedReport> {
        match self {
            Self::Shipped(shipped) => Some(shipped),
            Self::Quiet { .. } => None,
        }
    }

    /// Returns how it ended, as a sentence.
    pub(super) fn sentence(self) -> String {
        match self {
            Self::Shipped(shipped) => {
                let ShippedReport {
                    track,
                    at,
                    author,
                    reason,
                    ..
                } = shipped;
                format!("{author} shipped {track} at {at}: {reason}")
            }
            Self::Quiet { last_day } => format!(
                "No layer of this server has the set, and no unit was first exposed since {last_day}."
            ),
        }
    }
}

/// Returns whether any test has ended.
pub(super) fn any(report: &Report, board: &Board) -> bool {
    let phases = &report.phases;
    let is_latest = |(index, phase): &(usize, &PhaseReport)| {
        // Phases are sorted by set and number.
        let next = phases.get(index + 1);
        next.is_none_or(|next| next.set != phase.set)
    };
    let mut latest = phases.iter().enumerate().filter(is_latest);
    latest.any(|(_, phase)| Ended::of(phase, board).is_some())
}
