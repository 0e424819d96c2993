//! The acts, and the rule of each for the set that it is about.

use std::{borrow::Cow, fmt};

use serde::{Deserialize, Serialize};

use crate::{assign::Bucketing, store::Timestamp};

use super::{code::Code, void::Void};

/// What a [`Change`](super::Change) does to its set.
///
/// No act moves a key from one track to another. Tracks, their weights, salt, phase, unit, eligibility
/// and plan belong to the code, so that assignments can be recomputed.
///
/// As JSON, it is the fields of the act beside its name, such as
/// `{"act":"share","share":0.25,"over":1.0}`. Times are microseconds since 1970.
///
/// ```
/// use tower_tracks::control::Act;
///
/// let ship = Act::Ship { track: "cheap".into() };
/// assert_eq!(serde_json::to_string(&ship)?, r#"{"act":"ship","track":"cheap"}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Act {
    /// Gives control to every request and counts none, with the reason `paused`.
    Pause,
    /// Ends a pause.
    Resume,
    /// Enrols another share of the units, from 0 to 1.
    Share {
        /// The share.
        share: f64,
        /// The share in code that it replaces. In a program with another share, the act is void.
        over: f64,
    },
    /// Raises the share at several times.
    Ramp {
        /// The steps, whose times and shares both rise.
        steps: Vec<Step>,
        /// The share in code that it replaces, as for [`Share`](Self::Share).
        over: f64,
    },
    /// Ends the enrolment: units that are exposed later are served as before, but not analysed.
    Close,
    /// Ends the test: every eligible request gets one track, without an exposure.
    Ship {
        /// The name of the track.
        track: Cow<'static, str>,
    },
    /// Leaves out of the analysis the units whose first exposure is in a span, in every track.
    Exclude {
        /// The beginning of the span.
        from: Timestamp,
        /// Its end, which does not belong to it.
        until: Timestamp,
    },
    /// Returns to the code: no earlier change of the set counts any longer.
    Reset,
    /// Agrees to a change that needs a second person.
    Approve {
        /// The number of that change.
        change: u64,
    },
}

/// A step of a [`Ramp`](Act::Ramp).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// When the step begins.
    pub at: Timestamp,
    /// The share from then on, from 0 to 1.
    pub share: f64,
}

impl Act {
    /// Returns the name of the act, such as `pause`, as it is in JSON and on the command line.
    ///
    /// ```
    /// use tower_tracks::control::Act;
    ///
    /// assert_eq!(Act::Pause.name(), "pause");
    /// assert_eq!(Act::Share { share: 0.5, over: 1.0 }.name(), "share");
    /// ```
    pub fn name(&self) -> &'static str {
        match self {
            Self::Pause => "pause",
            Self::Resume => "resume",
            Self::Share { .. } => "share",
            Self::Ramp { .. } => "ramp",
            Self::Close => "close",
            Self::Ship { .. } => "ship",
            Self::Exclude { .. } => "exclude",
            Self::Reset => "reset",
            Self::Approve { .. } => "approve",
        }
    }

    /// Returns why the act has no effect on a set, if that is so.
    ///
    /// A program of another version may have made it, so each program checks the acts that it reads.
    pub(super) fn void(&self, code: &Code<'_>) -> Option<Void> {
        match self {
            Self::Share { share, over } => code
                .void_share(*over)
                .or((!is_share(*share)).then_some(Void::NoShare)),
            Self::Ramp { steps, over } => code
                .void_share(*over)
                .or((!is_rising(steps)).then_some(Void::NotRising)),
            Self::Ship { .. } if !code.is_alone() => Some(Void::NotAlone),
            Self::Ship { track } => code.track(track).is_none().then_some(Void::NoTrack),
            Self::Exclude { from, until } => (from >= until).then_some(Void::NoSpan),
            Self::Pause | Self::Resume | Self::Close | Self::Reset | Self::Approve { .. } => None,
        }
    }
}

/// Writes the name of the act with its values, such as `share 25%`.
impl fmt::Display for Act {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())?;
        match self {
            Self::Share { share, .. } => write!(f, " {}%", percent(*share)),
            Self::Ramp { steps, .. } => {
                let last = steps.last().map_or(0.0, |step| step.share);
                write!(f, " to {}% in {} steps", percent(last), steps.len())
            }
            Self::Ship { track } => write!(f, " {track}"),
            Self::Approve { change } => write!(f, " change {change}"),
            _ => Ok(()),
        }
    }
}

/// Returns a share in per cent, without the noise of the last bits.
pub(crate) fn percent(share: f64) -> f64 {
    (share * 1e8).round() / 1e6
}

impl Code<'_> {
    /// Returns why a share over another one has no effect.
    fn void_share(&self, over: f64) -> Option<Void> {
        if self.set().bucketing() != Bucketing::V1 {
            return Some(Void::Scheme);
        }
        (over != self.set().share()).then_some(Void::OtherShare)
    }
}

/// Whether a number is a share. It is false for a number that is none.
fn is_share(share: f64) -> bool {
    (0.0..=1.0).contains(&share)
}

/// Whether steps raise a share, and at least once.
fn is_rising(steps: &[Step]) -> bool {
    let rises = |pair: &[Step]| pair[0].at < pair[1].at && pair[0].share < pair[1].share;
    !steps.is_empty()
        && steps.iter().all(|step| is_share(step.share))
        && steps.windows(2).all(rises)
}
