//! Pins after the checks: a lookup of keys, and a list of predicates.
//!
//! A pin is looked up before the draw, so that it holds with any weight, share and eligibility of
//! the set.

use std::{any::Any, collections::HashMap};

use super::{context::Eligible, key::Key};

/// The keys and contexts that are always in one track of a set.
#[derive(Default)]
pub(super) struct Pins {
    /// The bytes of a key, with the index of its track.
    pub(super) keys: HashMap<Box<[u8]>, usize>,
    /// Predicates over the context, in the order in which they were given.
    pub(super) contexts: Vec<(Eligible, usize)>,
}

impl Pins {
    pub(super) fn is_empty(&self) -> bool {
        self.keys.is_empty() && self.contexts.is_empty()
    }

    /// Returns whether a request without a key can be pinned.
    #[cfg(feature = "tower")]
    pub(super) fn has_contexts(&self) -> bool {
        !self.contexts.is_empty()
    }

    /// Returns the index of the track that a key, or else a context, is pinned to.
    pub(super) fn track(&self, key: Option<&Key<'_>>, context: &dyn Any) -> Option<usize> {
        let by_key = key.and_then(|key| self.keys.get(key.as_bytes()));
        let mut contexts = self.contexts.iter();
        by_key.copied().or_else(|| {
            let (_, track) = contexts.find(|(is_pinned, _)| is_pinned(context))?;
            Some(*track)
        })
    }
}
