use std::{any::TypeId, fmt};

use super::{bucketing::Bucketing, carries::Carries, intent::Plan, track::Track};

/// A set as it was built: one test, checked.
///
/// [`MultiTrackSet::sets`](crate::MultiTrackSet::sets) has those of a group.
pub struct Set {
    pub(super) name: Box<str>,
    pub(super) salt: Box<str>,
    pub(super) phase: u32,
    pub(super) unit: Box<str>,
    pub(super) weight: u64,
    pub(super) share: f64,
    pub(super) tracks: Box<[Track]>,
    pub(super) bucketing: Bucketing,
    pub(super) carries: Vec<Carries>,
    pub(super) typed: Option<TypeId>,
    pub(super) plan: Option<Plan>,
}

impl Set {
    /// Returns the name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the salt as it was given, without the phase; by default the name.
    pub fn salt(&self) -> &str {
        &self.salt
    }

    /// Returns what is hashed with the key: the salt, from phase 2 on followed by `@` and the
    /// phase.
    pub fn effective_salt(&self) -> String {
        match self.phase {
            1 => self.salt.to_string(),
            phase => format!("{}@{phase}", self.salt),
        }
    }

    /// Returns the phase, from 1.
    pub fn phase(&self) -> u32 {
        self.phase
    }

    /// Returns the kind of key that this set is about.
    pub fn unit(&self) -> &str {
        &self.unit
    }

    /// Returns the weight among the sets of its group.
    pub fn weight(&self) -> u64 {
        self.weight
    }

    /// Returns how much of the set's traffic takes part, from 0.0 to 1.0.
    pub fn share(&self) -> f64 {
        self.share
    }

    /// Returns the scheme that assigns.
    pub fn bucketing(&self) -> Bucketing {
        self.bucketing
    }

    /// Returns the tracks in the order in which they are assigned.
    pub fn tracks(&self) -> &[Track] {
        &self.tracks
    }

    /// Returns what the set is to find out.
    pub fn plan(&self) -> Option<&Plan> {
        self.plan.as_ref()
    }

    /// Returns whether tracks of this set carry a `T`, even though its control may carry
    /// nothing.
    pub fn carries<T: 'static>(&self) -> bool {
        let id = TypeId::of::<T>();
        self.carries.iter().any(|carries| carries.id == id)
    }

    /// Returns the names of the types that tracks of this set carry.
    #[cfg(feature = "tower")]
    pub(crate) fn carried_types(&self) -> impl Iterator<Item = &'static str> {
        self.carries.iter().map(|carries| carries.name)
    }

    /// The enum of a typed set.
    #[cfg(feature = "tower")]
    pub(crate) fn typed(&self) -> Option<TypeId> {
        self.typed
    }
}

impl fmt::Debug for Set {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Set")
            .field("name", &self.name)
            .field("salt", &self.salt)
            .field("phase", &self.phase)
            .field("unit", &self.unit)
            .field("weight", &self.weight)
            .field("share", &self.share)
            .field("bucketing", &self.bucketing)
            .field("tracks", &self.tracks)
            .finish_non_exhaustive()
    }
}
