use std::{fmt, sync::Arc};

use crate::assign::{Set, Track};

/// What a phase is known by in every store: its set and its number.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PhaseName {
    /// The name of the set.
    pub set: Arc<str>,
    /// The number of the phase, from 1.
    pub phase: u32,
    /// The kind of key that the set is about. One phase has one kind; the first that a store
    /// learns stays.
    pub kind: Arc<str>,
}

/// What a track is known by in every store: its phase and its name.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TrackName {
    /// The phase.
    pub phase: PhaseName,
    /// The name of the track.
    pub track: Arc<str>,
    /// Whether it changes nothing. The first that a store learns stays.
    pub control: bool,
}

/// What a definition is known by in every store: its phase and its fingerprint.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DefinitionName {
    /// The phase.
    pub phase: PhaseName,
    /// The [fingerprint](crate::assign::Fingerprint) of what is hashed.
    pub fingerprint: [u8; 32],
}

impl PhaseName {
    /// Returns the name of the phase that a set is in.
    pub fn of(set: &Set) -> Self {
        Self {
            set: set.name().into(),
            phase: set.phase(),
            kind: set.unit().into(),
        }
    }
}

impl TrackName {
    /// Returns the name of a track of a set.
    pub fn of(set: &Set, track: &Track) -> Self {
        Self {
            phase: PhaseName::of(set),
            track: track.name().into(),
            control: track.is_control(),
        }
    }
}

impl DefinitionName {
    /// Returns the name of the definition of a set.
    pub fn of(set: &Set) -> Self {
        Self {
            phase: PhaseName::of(set),
            fingerprint: *set.fingerprint().as_bytes(),
        }
    }
}

/// The set, and from the second phase on `@` and its number.
impl fmt::Display for PhaseName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.phase {
            1 => f.write_str(&self.set),
            phase => write!(f, "{}@{phase}", self.set),
        }
    }
}

/// The phase and the track, such as `delay/long`.
impl fmt::Display for TrackName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.phase, self.track)
    }
}
