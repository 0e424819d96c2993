use std::{error::Error, fmt, sync::Arc};

use crate::store::{StoreError, Timestamp};

use super::{act::Act, change::Change, error::ControlError, log::Malformed, void::Void};

/// The author of the pauses that the guard makes.
pub(crate) const GUARD: &str = "guard";

/// Something that a person may want to know at once.
///
/// [`ControlsBuilder::notify`](super::ControlsBuilder::notify) takes a closure that gets each of them.
/// `Display` is a sentence for a message.
///
/// Those about results come from `Controls::guard`, which compares two reports. Each is sent once, when it
/// begins, by the node that computed the report.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Alert {
    /// A change was made, here or on another node.
    Changed(Change),
    /// A change has no effect in this program.
    Void(Change, Void),
    /// A change of the log cannot be read.
    Malformed(Malformed),
    /// The log cannot be read. What was in force stays in force. It comes once, until a read succeeds.
    Stale(Arc<StoreError>),
    /// The log can be read again.
    Fresh,
    /// The log has lost changes, as by a backup that was restored. What was in force stays in force until
    /// a person decides, by [`Controls::accept_log`](super::Controls::accept_log).
    Regressed {
        /// The highest number that was known.
        known: u64,
        /// The highest number of the log now.
        last: u64,
    },
    /// The guard has paused a set, here or on another node. The reason of the change is the sentence of
    /// the report.
    Guarded(Change),
    /// The guard could not pause a set. It tries again with each report. The alert comes once, until it
    /// succeeds or the reason is gone.
    GuardFailed {
        /// The name of the set.
        set: String,
        /// The phase of the set.
        phase: u32,
        /// Why the set should be paused.
        reason: String,
        /// Why it was not.
        error: Arc<ControlError>,
    },
    /// The numbers of units began to differ from the weights of the tracks (a sample ratio mismatch), so
    /// the results are hidden.
    Mismatch {
        /// The name of the set.
        set: String,
        /// The phase of the set.
        phase: u32,
    },
    /// A track became worse than control on a guardrail.
    GuardrailWorse {
        /// The name of the set.
        set: String,
        /// The phase of the set.
        phase: u32,
        /// The label of the guardrail.
        goal: String,
        /// The name of the track.
        track: String,
        /// The sentence of the report.
        sentence: String,
    },
    /// A track reached a verdict on the primary goal: its plan decided, or, without planned units, it became
    /// better or worse than control.
    Verdict {
        /// The name of the set.
        set: String,
        /// The phase of the set.
        phase: u32,
        /// The label of the goal.
        goal: String,
        /// The name of the track.
        track: String,
        /// The sentence of the report.
        sentence: String,
    },
    /// A running set that had units has had no new one for a day.
    NoData {
        /// The name of the set.
        set: String,
        /// The phase of the set.
        phase: u32,
        /// The time of the last new unit, or of the last change if that was later.
        since: Timestamp,
    },
}

impl Alert {
    /// Returns the alert about a change that was read.
    pub(super) fn of_change(change: Change) -> Self {
        match change.act {
            Act::Pause if change.author == GUARD => Self::Guarded(change),
            _ => Self::Changed(change),
        }
    }

    /// Returns the change that was read, if the alert is about one.
    pub(super) fn change(&self) -> Option<&Change> {
        match self {
            Self::Changed(change) | Self::Guarded(change) => Some(change),
            _ => None,
        }
    }
}

impl fmt::Display for Alert {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Changed(change) => change.fmt(f),
            Self::Void(change, void) => write!(f, "{change}: no effect, since {void}"),
            Self::Malformed(malformed) => {
                let Malformed { number, message } = malformed;
                write!(f, "change {number} cannot be read: {message}")
            }
            Self::Stale(error) => write!(f, "the log of changes cannot be read: {error}"),
            Self::Fresh => f.write_str("the log of changes can be read again"),
            Self::Regressed { known, last } => write!(
                f,
                "the log of changes does not have the change {known} that was in force, and ends at change {last}: \
                 it may be an older backup; what was in force stays, and sets can only be paused, until the log \
                 is accepted"
            ),
            Self::Guarded(change) => {
                let Change { set, reason, .. } = change;
                write!(f, "the guard has paused {set}: {reason}")
            }
            Self::GuardFailed {
                set, reason, error, ..
            } => {
                write!(f, "the guard could not pause {set}, since {error}")?;
                if let Some(cause) = error.source() {
                    write!(f, " ({cause})")?;
                }
                write!(f, "; it should be paused: {reason}")
            }
            Self::Mismatch { set, .. } => write!(
                f,
                "{set}: sample ratio mismatch: the tracks do not have the units that they should have, so \
                 the results are hidden"
            ),
            Self::GuardrailWorse {
                set,
                goal,
                track,
                sentence,
                ..
            } => write!(f, "{set}: guardrail {goal}, track {track}: {sentence}"),
            Self::Verdict {
                set,
                goal,
                track,
                sentence,
                ..
            } => write!(f, "{set}: verdict on {goal}, track {track}: {sentence}"),
            Self::NoData { set, .. } => write!(
                f,
                "{set}: no new unit for a day; check that visitors still reach it, and that facts are recorded"
            ),
        }
    }
}
