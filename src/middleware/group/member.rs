//! A group together with what its layer derives for it.

use std::sync::Arc;

use http::request::Parts;

use crate::assign::{DEFAULT_UNIT, Pick, Reason, Set, Sets};

use super::{group::Group, pause::Flags};
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
    /// The index of its unit in `Keys`; `None` if no source has keys of the unit.
    pub(crate) unit: Option<usize>,
    /// Whether a closure of the application affects its choices, by a context or a key. It is not known
    /// what the closure reads, so no cache may share the responses.
    pub(crate) by_closure: bool,
    /// Whether documents issue the cookie with its key.
    pub(crate) by_document: bool,
    /// The choice for all requests, if a test has pinned one.
    #[cfg(feature = "test-util")]
    pub(crate) pinned: Option<Pick>,
}

impl Member {
    /// Returns the choice for a key.
    #[inline]
    pub(crate) fn pick(&self, found: &RequestKey, parts: &Parts) -> Pick {
        self.unless_paused(self.group.pick(Some(&found.key), parts))
    }

    /// Returns the choice for a request without a key. It is in a track only if a definition pins its
    /// context.
    #[inline]
    pub(crate) fn pick_without_key(&self, parts: &Parts) -> Pick {
        match self.sets().pins_contexts() {
            true => self.unless_paused(self.group.pick(None, parts)),
            false => Pick::nothing(Reason::NoKey),
        }
    }

    /// Returns the choice, or control without a track if the set is paused.
    #[inline]
    pub(crate) fn unless_paused(&self, pick: Pick) -> Pick {
        // After the choice and not before it: otherwise, keys of a paused set would move to the other
        // sets of the group.
        match pick.set {
            Some(set) if self.paused.is_up(set) => pick.paused(),
            _ => pick,
        }
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
