use std::{error, fmt};

use crate::assign::{KEY_RULE, SET_RULE, TRACK_RULE};

/// The reason why no token was minted: the value, and the rule that it breaks.
///
/// ```
/// use std::time::SystemTime;
/// use tower_tracks::{SimpleTrackSet, middleware::{Force, Override}};
///
/// let pricing = SimpleTrackSet::new("pricing").track("cheap", 49).build()?;
/// let overrides = Override::new("sixteen random bytes, or more")?;
/// let force = Force::new("prices", "cheap", SystemTime::now() + Force::LONGEST / 3);
/// let error = overrides.mint_for(pricing.sets(), &force).unwrap_err();
/// assert_eq!(error.to_string(), "unknown set \"prices\"; known sets: pricing");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ForceError {
    /// The set's name is invalid.
    Set {
        /// The name.
        set: String,
    },
    /// The track's name is invalid.
    Track {
        /// The name.
        track: String,
    },
    /// The kind of unit is invalid.
    Unit {
        /// The kind.
        unit: String,
    },
    /// The key is not [valid](crate::Key::is_valid), such as an empty id.
    Key,
    /// The phase is 0.
    PhaseZero {
        /// The set.
        set: String,
    },
    /// The token would expire before 1970.
    Expires,
    /// The token would expire more than 90 days from now:
    /// [`Force::LONGEST`](crate::middleware::Force::LONGEST).
    TooLong,
    /// None of the sets has the name.
    UnknownSet {
        /// The name.
        set: String,
        /// The existing names.
        known: Vec<String>,
    },
    /// The set does not have the track.
    UnknownTrack {
        /// The set.
        set: String,
        /// The name.
        track: String,
        /// The existing names.
        known: Vec<String>,
    },
    /// The set is in another phase, in which the token would force nothing.
    OtherPhase {
        /// The set.
        set: String,
        /// The phase.
        phase: u32,
        /// The phase that the set is in.
        current: u32,
    },
}

impl fmt::Display for ForceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Set { set } => write!(f, "set {set:?}: a set's name is {SET_RULE}"),
            Self::Track { track } => write!(f, "track {track:?}: a track's name is {TRACK_RULE}"),
            Self::Unit { unit } => write!(f, "unit {unit:?}: a unit's name is {SET_RULE}"),
            Self::Key => write!(f, "the key of the one unit is {KEY_RULE}"),
            Self::PhaseZero { set } => {
                write!(f, "set {set:?}: the phase is 0; the first phase is 1")
            }
            Self::Expires => f.write_str("a token ends after 1970 began"),
            Self::TooLong => f.write_str("a token ends at most 90 days from now"),
            Self::UnknownSet { set, known } if known.is_empty() => {
                write!(f, "unknown set {set:?}; no sets are defined")
            }
            Self::UnknownSet { set, known } => {
                write!(f, "unknown set {set:?}; known sets: {}", known.join(", "))
            }
            Self::UnknownTrack { set, track, known } => write!(
                f,
                "set {set:?} has no track {track:?}; it has {}",
                known.join(", ")
            ),
            Self::OtherPhase {
                set,
                phase,
                current,
            } => write!(f, "set {set:?} is in phase {current}, not in phase {phase}"),
        }
    }
}

debug_as_message!(ForceError);

impl error::Error for ForceError {}
