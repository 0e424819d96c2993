//! A group together with what its layer derives for it.

use std::sync::Arc;

use http::request::Parts;

use crate::assign::{DEFAULT_UNIT, Pick, Reason, Set, Sets};

use super::{group::Group, pause::Flags, untracked::Untracked};
#[cfg(feature = "control")]
use crate::control::{Dials, Mode};
use crate::middleware::{key::RequestKey, response::Members};

/// A group of a layer.
#[derive(Clone)]
pub(crate) struct Member {
    pub(crate) group: Group,
    /// The members of the exposure header, one for each track.
    pub(crate) members: Members,
    /// The paused sets. Handles share the flags.
    pub(crate) paused: Flags,
    /// The sets of which a handler has read a track. Counts share the flags.
    pub(crate) read: Flags,
    /// The requests in no track. Counts share the numbers.
    pub(crate) untracked: Untracked,
    /// The index of its unit in `Keys`; `None` if no source has keys of the unit.
    pub(crate) unit: Option<usize>,
    /// Whether a closure of the application affects its choices, by a context or a key. It is not known
    /// what the closure reads, so no cache may share the responses.
    pub(crate) by_closure: bool,
    /// Whether documents issue the cookie with its key.
    pub(crate) by_document: bool,
    /// The beginnings of the fingerprints of the sets, which other services compare with theirs.
    #[cfg(feature = "propagation")]
    pub(crate) fingerprints: Arc<[String]>,
    /// What is in force for the sets, where the layer has controls.
    #[cfg(feature = "control")]
    pub(crate) dials: Option<Arc<Dials>>,
    /// The choice for all requests, if a test has pinned one.
    #[cfg(feature = "test-util")]
    pub(crate) pinned: Option<Pick>,
}

impl Member {
    /// Returns the choice for a key.
    #[inline]
    pub(crate) fn pick(&self, found: &RequestKey, parts: &Parts) -> Pick {
        self.in_force(self.group.pick(Some(&found.key), parts))
    }

    /// Returns the choice for a request without a key. It is in a track only if a definition pins its
    /// context.
    #[inline]
    pub(crate) fn pick_without_key(&self, parts: &Parts) -> Pick {
        match self.sets().pins_contexts() {
            true => self.in_force(self.group.pick(None, parts)),
            false => Pick::nothing(Reason::NoKey),
        }
    }

    /// Returns the choice under what is in force for its set: a pause, or another share.
    #[inline]
    pub(crate) fn in_force(&self, pick: Pick) -> Pick {
        // After the choice and not before it: otherwise, keys of a paused set would move to the other
        // sets of the group.
        match pick.set {
            Some(set) if self.paused.is_up(set) => pick.paused(),
            Some(set) => self.controlled(set, pick),
            None => pick,
        }
    }

    #[cfg(feature = "control")]
    #[inline]
    fn controlled(&self, set: usize, pick: Pick) -> Pick {
        match self.mode(set) {
            Mode::Paused => pick.paused(),
            Mode::Share(share) => self.sets().with_share(pick, share),
            // A track that was shipped after this request looked belongs to the next request.
            Mode::Code | Mode::Shipped(_) => pick,
        }
    }

    #[cfg(not(feature = "control"))]
    #[inline]
    fn controlled(&self, _: usize, pick: Pick) -> Pick {
        pick
    }

    /// Returns the choice of a request while a track is shipped, which needs no key.
    #[cfg(feature = "control")]
    #[inline]
    pub(crate) fn shipped(&self, parts: &Parts) -> Option<Pick> {
        // Only a set that is alone in its group can be shipped.
        match self.mode(0) {
            Mode::Shipped(track) if !self.paused.is_up(0) => Some(self.group.ship(track, parts)),
            _ => None,
        }
    }

    #[cfg(not(feature = "control"))]
    #[inline]
    pub(crate) fn shipped(&self, _: &Parts) -> Option<Pick> {
        None
    }

    #[cfg(feature = "control")]
    #[inline]
    fn mode(&self, set: usize) -> Mode {
        self.dials
            .as_ref()
            .map_or(Mode::Code, |dials| dials.mode(set))
    }

    /// Whether every set of the group is paused, so that no key decides anything.
    pub(crate) fn is_paused(&self) -> bool {
        let is_paused = |set: usize| {
            #[cfg(feature = "control")]
            if self.mode(set) == Mode::Paused {
                return true;
            }
            self.paused.is_up(set)
        };
        (0..self.sets().iter().len()).all(is_paused)
    }

    /// Returns whether its choice depends on the key now.
    pub(crate) fn decides(&self) -> bool {
        #[cfg(feature = "control")]
        if matches!(self.mode(0), Mode::Shipped(_)) {
            return false;
        }
        !self.is_paused()
    }

    /// Returns the choice that a test has pinned. Without the feature `test-util` it is a constant, so
    /// that it costs nothing.
    #[inline]
    pub(crate) fn pinned(&self) -> Option<Pick> {
        #[cfg(feature = "test-util")]
        return self.pinned;
        #[cfg(not(feature = "test-util"))]
        None
    }

    /// Returns the unit, which all sets of a group share.
    pub(crate) fn unit_name(&self) -> &str {
        self.sets().set(0).map_or(DEFAULT_UNIT, Set::unit_kind)
    }

    #[inline]
    pub(crate) fn sets(&self) -> &Arc<Sets> {
        &self.group.sets
    }
}
