//! The names by which facts are compared between stores. They hold the texts in `Arc`s, because
//! each row of a batch and each answer shares them.

use std::{fmt, sync::Arc};

use crate::assign::{Set, Track};

/// The name of a phase in every store: its set and its number.
///
/// Stores compare phases by set and number alone: a phase with another kind is the same phase. `==` also
/// compares the kind.
///
/// ```
/// use tower_tracks::store::PhaseName;
///
/// let first = PhaseName { set: "delay".into(), phase: 1, kind: "visitor".into() };
/// let second = PhaseName { phase: 2, ..first.clone() };
/// assert_eq!(first.to_string(), "delay");
/// assert_eq!(second.to_string(), "delay@2");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PhaseName {
    /// The name of the set.
    pub set: Arc<str>,
    /// The number of the phase, from 1.
    pub phase: u32,
    /// The kind of unit of the set, such as `visitor`. A phase has one kind: a store keeps the first one.
    pub kind: Arc<str>,
}

/// The name of a track in every store: its phase and its own name.
///
/// Stores compare tracks by phase and name. `==` also compares `control`, and the kind of the phase.
///
/// ```
/// use tower_tracks::store::{PhaseName, TrackName};
///
/// let phase = PhaseName { set: "delay".into(), phase: 2, kind: "visitor".into() };
/// let track = TrackName { phase, track: "long".into(), control: false };
/// assert_eq!(track.to_string(), "delay@2/long");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TrackName {
    /// The phase.
    pub phase: PhaseName,
    /// The name of the track.
    pub track: Arc<str>,
    /// Whether the track is control. A store keeps the first value.
    pub control: bool,
}

/// The name of a definition in every store: its phase and its fingerprint.
///
/// A phase usually has one definition. It has several if the hashed part of a running phase was
/// changed, for instance a weight.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DefinitionName {
    /// The phase.
    pub phase: PhaseName,
    /// The [fingerprint](crate::assign::Fingerprint) of the hashed part.
    pub fingerprint: [u8; 32],
}

impl PhaseName {
    /// Returns the name of the phase that a set is in.
    ///
    /// ```
    /// use tower_tracks::{SimpleTrackSet, store::PhaseName};
    ///
    /// let group = SimpleTrackSet::new("delay").track("short", 500).track("long", 2000).build()?;
    /// let set = group.sets().next().expect("one set");
    /// let phase = PhaseName::of(set);
    /// assert_eq!((&*phase.set, phase.phase), ("delay", 1));
    /// # Ok::<(), tower_tracks::DefinitionError>(())
    /// ```
    pub fn of(set: &Set) -> Self {
        Self {
            set: set.name().into(),
            phase: set.phase(),
            kind: set.unit_kind().into(),
        }
    }
}

impl TrackName {
    /// Returns the name of a track of a set.
    ///
    /// The track must be one of the set; this is not checked.
    ///
    /// ```
    /// use tower_tracks::{SimpleTrackSet, store::TrackName};
    ///
    /// let group = SimpleTrackSet::new("delay").track("short", 500).track("long", 2000).build()?;
    /// let set = group.sets().next().expect("one set");
    /// let names: Vec<String> =
    ///     set.tracks().iter().map(|track| TrackName::of(set, track).to_string()).collect();
    /// assert!(names.contains(&"delay/long".to_owned()));
    /// # Ok::<(), tower_tracks::DefinitionError>(())
    /// ```
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
    ///
    /// ```
    /// use tower_tracks::{SimpleTrackSet, store::DefinitionName};
    ///
    /// let group = SimpleTrackSet::new("delay").track("short", 500).track("long", 2000).build()?;
    /// let set = group.sets().next().expect("one set");
    /// let definition = DefinitionName::of(set);
    /// assert_eq!(&definition.fingerprint, set.fingerprint().as_bytes());
    /// # Ok::<(), tower_tracks::DefinitionError>(())
    /// ```
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
            // Most sets stay in their first phase, whose number would say nothing.
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
