//! A group as requests use it. Its context is behind `Any`, so that a layer holds groups of several
//! contexts in one list; [`MultiTrackSet`](super::MultiTrackSet) has the type.

use std::{any::Any, fmt, sync::Arc};

use super::{
    bucketing::{Bucketing, Buckets},
    context::Eligible,
    key::Key,
    pick::{Pick, Reason},
    pins::Pins,
    segment::SegmentOf,
    set::Set,
};

/// A group without the type of its context.
pub(crate) struct Sets {
    pub(super) bucketing: Bucketing,
    name: String,
    /// In the order in which they were added, which a [`Pick`] refers to by index.
    members: Box<[Member]>,
    /// The same sets, made ready for the scheme.
    buckets: Buckets,
    /// Whether any set has pins; most groups have none.
    has_pins: bool,
    has_segments: bool,
}

/// A set with what of its definition is code or names keys, and so is not part of [`Set`].
pub(super) struct Member {
    pub(super) set: Arc<Set>,
    /// All must hold.
    pub(super) eligible: Vec<Eligible>,
    /// Keys and contexts that skip the draw.
    pub(super) pins: Pins,
    pub(super) segment_of: Option<SegmentOf>,
}

impl Sets {
    pub(super) fn new(name: String, members: Box<[Member]>, bucketing: Bucketing) -> Self {
        let sets = members.iter().map(|member| &*member.set);
        Self {
            bucketing,
            name,
            buckets: Buckets::new(bucketing, sets),
            has_pins: members.iter().any(|member| !member.pins.is_empty()),
            has_segments: members.iter().any(|member| member.segment_of.is_some()),
            members,
        }
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Returns the set of an index in a [`Pick`].
    #[inline]
    pub(crate) fn set(&self, index: usize) -> Option<&Set> {
        self.members.get(index).map(|member| &*member.set)
    }

    /// Returns the sets, shared: an exposure keeps its set beyond the layer.
    pub(crate) fn iter(&self) -> impl ExactSizeIterator<Item = &Arc<Set>> {
        self.members.iter().map(|member| &member.set)
    }

    /// Returns whether a choice depends on a context: because a set restricts eligibility, or pins by
    /// a predicate.
    #[cfg(feature = "tower")]
    pub(crate) fn look_at_a_context(&self) -> bool {
        let mut members = self.members.iter();
        members.any(|member| !member.eligible.is_empty()) || self.pins_contexts()
    }

    /// Returns the choice for a key; `context` is the `C` of the [`MultiTrackSet`].
    #[inline]
    pub(crate) fn pick(&self, key: &Key<'_>, context: &dyn Any) -> Pick {
        // The flag comes first, so that pins cost a group without them a single branch.
        if self.has_pins
            && let Some(pinned) = self.pinned(Some(key), context)
        {
            return pinned;
        }
        let eligible = |index: usize| self.members[index].is_eligible(context);
        let pick = self.buckets.draw(key.as_bytes(), eligible);
        match (self.has_segments, pick.set) {
            (true, Some(set)) => pick.in_segment(self.members[set].segment(context)),
            _ => pick,
        }
    }

    /// Returns the choice for a request, which may have no key.
    #[cfg(feature = "tower")]
    #[inline]
    pub(crate) fn pick_for(&self, key: Option<&Key<'_>>, context: &dyn Any) -> Pick {
        match key {
            Some(key) => self.pick(key, context),
            None => {
                let pinned = self.pinned(None, context);
                pinned.unwrap_or(Pick::nothing(Reason::NoKey))
            }
        }
    }

    /// Returns the choice for a request while a track of the first set is shipped. The key decides nothing.
    #[cfg(feature = "control")]
    pub(crate) fn ship(&self, track: usize, context: &dyn Any) -> Pick {
        match self.members.first() {
            Some(member) if member.is_eligible(context) => Pick::given(0, track, Reason::Shipped),
            _ => Pick::nothing(Reason::Ineligible),
        }
    }

    /// Returns the same choice, as if its set had another share. The words of the key decide, so the track
    /// is the one that the key has under every share that lets it in.
    #[cfg(feature = "control")]
    #[inline]
    pub(crate) fn with_share(&self, pick: Pick, share: f64) -> Pick {
        match (pick.set, pick.words) {
            (Some(set), Some(words)) => pick.enrolled(self.buckets.enrol(set, words, share)),
            _ => pick,
        }
    }

    /// Returns whether a request without a key can be pinned, by its context.
    #[cfg(feature = "tower")]
    pub(crate) fn pins_contexts(&self) -> bool {
        self.has_pins && self.members.iter().any(|member| member.pins.has_contexts())
    }

    /// Returns the pinned track of a key or a context, in the first set that pins it.
    fn pinned(&self, key: Option<&Key<'_>>, context: &dyn Any) -> Option<Pick> {
        let mut members = self.members.iter().enumerate();
        members.find_map(|(set, member)| {
            let track = member.pins.track(key, context)?;
            Some(Pick::given(set, track, Reason::Pinned))
        })
    }

    /// Returns the choice for a key whose eligibility is known otherwise.
    #[cfg(feature = "serde")]
    pub(super) fn pick_among(&self, key: &Key<'_>, eligible: impl Fn(&Set) -> bool) -> Pick {
        let eligible = |index: usize| eligible(&self.members[index].set);
        self.buckets.draw(key.as_bytes(), eligible)
    }
}

impl Member {
    /// Returns the number of the segment of a context.
    fn segment(&self, context: &dyn Any) -> Option<u8> {
        let name = self.segment_of.as_ref()?(context)?;
        Some(self.set.segments.as_ref()?.number(name))
    }

    fn is_eligible(&self, context: &dyn Any) -> bool {
        self.eligible.iter().all(|eligible| eligible(context))
    }
}

impl fmt::Debug for Sets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sets")
            .field("name", &self.name)
            .field("sets", &self.iter().collect::<Vec<_>>())
            .finish_non_exhaustive()
    }
}
