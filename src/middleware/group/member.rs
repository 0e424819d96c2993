use std::sync::Arc;

use http::request::Parts;

use crate::assign::{DEFAULT_UNIT, Pick, Reason, Set, Sets};

use super::{group::Group, pause::Flags};
use crate::middleware::{key::RequestKey, response::Members};

/// A group in its layer.
#[derive(Clone)]
pub(crate) struct Member {
    pub(crate) group: Group,
    pub(crate) members: Members,
    pub(crate) paused: Flags,
    /// The sets of which a handler read a track.
    pub(crate) read: Flags,
    /// The index of its unit; none when no source has such keys.
    pub(crate) unit: Option<usize>,
    /// Whether a closure of the application has a say in its choices, which looks at what nobody
    /// knows: for a context or for a key.
    pub(crate) by_closure: bool,
    /// Whether documents issue the cookie that is its key.
    pub(crate) by_document: bool,
    /// What a test has it choose.
    #[cfg(feature = "test-util")]
    pub(crate) pinned: Option<Pick>,
}

impl Member {
    #[inline]
    pub(crate) fn pick(&self, found: &RequestKey, parts: &Parts) -> Pick {
        self.unless_paused(self.group.pick(Some(&found.key), parts))
    }

    /// Returns the choice for a request without a key, whose context may be pinned.
    #[inline]
    pub(crate) fn pick_without_key(&self, parts: &Parts) -> Pick {
        match self.sets().pins_contexts() {
            true => self.unless_paused(self.group.pick(None, parts)),
            false => Pick::nothing(Reason::NoKey),
        }
    }

    #[inline]
    pub(crate) fn unless_paused(&self, pick: Pick) -> Pick {
        match pick.set {
            Some(set) if self.paused.is_up(set) => pick.paused(),
            _ => pick,
        }
    }

    /// What a test has it choose: nothing outside tests, so that asking costs nothing there.
    #[inline]
    pub(crate) fn pinned(&self) -> Option<Pick> {
        #[cfg(feature = "test-util")]
        return self.pinned;
        #[cfg(not(feature = "test-util"))]
        None
    }

    /// All sets of a group are about one unit.
    pub(crate) fn unit_name(&self) -> &str {
        self.sets().set(0).map_or(DEFAULT_UNIT, Set::unit)
    }

    #[inline]
    pub(crate) fn sets(&self) -> &Arc<Sets> {
        &self.group.sets
    }
}
