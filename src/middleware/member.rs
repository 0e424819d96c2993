use std::sync::Arc;

use http::request::Parts;

use crate::assign::{DEFAULT_UNIT, Pick, Reason, Set, Sets};

use super::{Group, exposure_header::Members, key_sources::RequestKey, pause::Flags};

/// A group in its layer.
#[derive(Clone)]
pub(super) struct Member {
    pub(super) group: Group,
    pub(super) members: Members,
    pub(super) paused: Flags,
    /// The sets of which a handler read a track.
    pub(super) read: Flags,
    /// The index of its unit; none when no source has such keys.
    pub(super) unit: Option<usize>,
    /// Whether a closure of the application has a say in its choices, which looks at what nobody
    /// knows: for a context or for a key.
    pub(super) by_closure: bool,
    /// Whether documents issue the cookie that is its key.
    pub(super) by_document: bool,
    /// What a test has it choose.
    #[cfg(feature = "test-util")]
    pub(super) pinned: Option<Pick>,
}

impl Member {
    #[inline]
    pub(super) fn pick(&self, found: &RequestKey, parts: &Parts) -> Pick {
        self.unless_paused(self.group.pick(Some(&found.key), parts))
    }

    /// Returns the choice for a request without a key, whose context may be pinned.
    #[inline]
    pub(super) fn pick_without_key(&self, parts: &Parts) -> Pick {
        match self.sets().pins_contexts() {
            true => self.unless_paused(self.group.pick(None, parts)),
            false => Pick::nothing(Reason::NoKey),
        }
    }

    #[inline]
    pub(super) fn unless_paused(&self, pick: Pick) -> Pick {
        match pick.set {
            Some(set) if self.paused.is_up(set) => pick.paused(),
            _ => pick,
        }
    }

    /// What a test has it choose: nothing outside tests, so that asking costs nothing there.
    #[inline]
    pub(super) fn pinned(&self) -> Option<Pick> {
        #[cfg(feature = "test-util")]
        return self.pinned;
        #[cfg(not(feature = "test-util"))]
        None
    }

    /// All sets of a group are about one unit.
    pub(super) fn unit_name(&self) -> &str {
        self.sets().set(0).map_or(DEFAULT_UNIT, Set::unit)
    }

    #[inline]
    pub(super) fn sets(&self) -> &Arc<Sets> {
        &self.group.sets
    }
}
