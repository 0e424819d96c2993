use std::{
    env, error, fmt,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use crate::assign::Sets;

/// The environment variable that turns sets off when a layer is made: their names, separated
/// by commas.
pub(crate) const TRACKS_OFF: &str = "TRACKS_OFF";

/// One flag for each set of a group, shared by all who pause.
#[derive(Debug, Clone)]
pub(crate) struct Flags(Arc<[AtomicBool]>);

impl Flags {
    /// Returns the flags of a group, up for those sets that the environment turns off.
    pub(crate) fn new(sets: &Sets) -> Self {
        let off = env::var(TRACKS_OFF).unwrap_or_default();
        let is_off = |name: &str| names(&off).any(|off| off == name);
        Self(
            sets.iter()
                .map(|set| AtomicBool::new(is_off(set.name())))
                .collect(),
        )
    }

    /// Returns the flags of a group, none of them up.
    pub(crate) fn down(sets: &Sets) -> Self {
        Self(sets.iter().map(|_| AtomicBool::new(false)).collect())
    }

    /// Puts up the flag of a set. One that is up is not written again, so that processors can share it.
    #[inline]
    pub(crate) fn raise(&self, set: usize) {
        if let Some(flag) = self.0.get(set)
            && !flag.load(Ordering::Relaxed)
        {
            flag.store(true, Ordering::Relaxed);
        }
    }

    pub(crate) fn is_up(&self, set: usize) -> bool {
        self.0
            .get(set)
            .is_some_and(|flag| flag.load(Ordering::Relaxed))
    }

    /// Returns whether all sets of the group are off.
    pub(crate) fn are_all_up(&self) -> bool {
        self.0.iter().all(|flag| flag.load(Ordering::Relaxed))
    }
}

/// Returns the names in the value of [`TRACKS_OFF`].
pub(crate) fn names(off: &str) -> impl Iterator<Item = &str> {
    off.split(',')
        .map(str::trim)
        .filter(|name| !name.is_empty())
}

/// Turns the sets of a layer off and on again, at once and for every request to come.
///
/// Requests of a paused set get its control, with the reason `paused`, and are not counted. No key moves
/// to another set. A request under way keeps its choice. A new visitor gets no cookie while all sets of
/// a group are paused: no track is locked. [`TracksLayer::pauses`](crate::TracksLayer::pauses) gives the
/// handle; clones of it are the same handle.
///
/// The environment variable `TRACKS_OFF=pricing,delay` pauses sets from the start.
#[derive(Debug, Clone)]
pub struct PauseHandle(Arc<[(Arc<Sets>, Flags)]>);

impl PauseHandle {
    pub(crate) fn new(groups: impl Iterator<Item = (Arc<Sets>, Flags)>) -> Self {
        Self(groups.collect())
    }

    /// Turns a set off.
    ///
    /// # Errors
    ///
    /// If the layer does not have the set.
    pub fn pause(&self, set: &str) -> Result<(), UnknownSet> {
        self.put(set, true)
    }

    /// Turns a set on again.
    ///
    /// # Errors
    ///
    /// If the layer does not have the set.
    pub fn resume(&self, set: &str) -> Result<(), UnknownSet> {
        self.put(set, false)
    }

    /// Returns the names of the sets of the layer, group by group.
    pub fn sets(&self) -> impl Iterator<Item = &str> {
        self.flags().map(|(name, _)| name)
    }

    /// Returns the names of the sets that are off.
    pub fn paused(&self) -> impl Iterator<Item = &str> {
        let paused = self
            .flags()
            .filter(|(_, flag)| flag.load(Ordering::Relaxed));
        paused.map(|(name, _)| name)
    }

    fn put(&self, set: &str, off: bool) -> Result<(), UnknownSet> {
        let (_, flag) = self
            .flags()
            .find(|(name, _)| *name == set)
            .ok_or_else(|| UnknownSet(set.to_owned()))?;
        flag.store(off, Ordering::Relaxed);
        Ok(())
    }

    fn flags(&self) -> impl Iterator<Item = (&str, &AtomicBool)> {
        self.0.iter().flat_map(|(sets, flags)| {
            let names = sets.iter().map(|set| set.name());
            names.zip(&*flags.0)
        })
    }
}

/// The layer has no set of this name.
#[derive(Clone, PartialEq, Eq)]
pub struct UnknownSet(String);

impl UnknownSet {
    /// Returns the name.
    pub fn set(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for UnknownSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the layer has no set {:?}", self.0)
    }
}

debug_as_message!(UnknownSet);

impl error::Error for UnknownSet {}
