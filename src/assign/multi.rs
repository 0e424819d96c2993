use std::{any::Any, fmt, marker::PhantomData, sync::Arc};

use super::{
    Bucketing, Choice, ContextState, Join, Key, MultiTrackSetBuilder, Set,
    bucketing::Buckets,
    choice::{Pick, Reason},
    definition::Eligible,
    pins::Pins,
};

/// A group of sets of which at most one is chosen for a key.
///
/// Its sets exclude each other: no key is in two of them. Use one group only for tests that would
/// disturb each other, such as two prices of one product. All other tests belong in groups of their
/// own.
///
/// `C` is the context that eligibility checks, and `()` if there is none. Cloning is cheap.
pub struct MultiTrackSet<C = ()> {
    sets: Arc<Sets>,
    context: PhantomData<fn(&C)>,
}

/// The context of a group in state `S` after a set in state `D` was added.
pub(super) type JoinedContext<S, D> = <<S as Join<D>>::Joined as ContextState>::Context;

/// A group without the type of its context.
pub(crate) struct Sets {
    name: Box<str>,
    members: Box<[Member]>,
    buckets: Buckets,
    /// Whether any set has pins; most groups have none.
    has_pins: bool,
}

pub(super) struct Member {
    pub(super) set: Arc<Set>,
    /// All must hold.
    pub(super) eligible: Vec<Eligible>,
    pub(super) pins: Pins,
}

impl MultiTrackSet {
    /// Returns a group without sets.
    pub fn builder() -> MultiTrackSetBuilder {
        MultiTrackSetBuilder::new()
    }
}

impl<C: 'static> MultiTrackSet<C> {
    pub(super) fn new(sets: Sets) -> Self {
        Self {
            sets: Arc::new(sets),
            context: PhantomData,
        }
    }

    /// Returns what is chosen for a key: the same for the same key, on every machine.
    ///
    /// It never fails, whatever the key: also a key that is not [valid](Key::is_valid) has a
    /// choice, though nothing can be recorded of it. Nothing is recorded here.
    ///
    /// ```
    /// use tower_tracks::{Key, SimpleTrackSet};
    ///
    /// let delay = SimpleTrackSet::new("delay").track("short", 500).track("long", 2000).build()?;
    /// assert_eq!(delay.assign(Key::parts(["HU", "42"]), &()).track(), Some("control"));
    /// # Ok::<(), tower_tracks::DefinitionError>(())
    /// ```
    pub fn assign<'k>(&self, key: impl Into<Key<'k>>, context: &C) -> Choice<'_> {
        Choice::new(&self.sets, self.sets.pick(&key.into(), context))
    }

    /// Returns the name: by default its sets' names joined by `/`.
    pub fn name(&self) -> &str {
        self.sets.name()
    }

    /// Returns how keys become sets and tracks.
    pub fn bucketing(&self) -> Bucketing {
        self.sets.buckets.bucketing()
    }

    /// Returns the sets as they were built, in the order in which they were added.
    pub fn sets(&self) -> impl ExactSizeIterator<Item = &Set> {
        self.sets.iter().map(|set| &**set)
    }

    #[cfg(feature = "serde")]
    pub(super) fn inner(&self) -> &Arc<Sets> {
        &self.sets
    }

    #[cfg(feature = "tower")]
    pub(crate) fn into_inner(self) -> Arc<Sets> {
        self.sets
    }
}

impl Sets {
    pub(super) fn new(name: String, members: Box<[Member]>, bucketing: Bucketing) -> Self {
        let sets = members.iter().map(|member| &*member.set);
        Self {
            name: name.into(),
            buckets: Buckets::new(bucketing, sets),
            has_pins: members.iter().any(|member| !member.pins.is_empty()),
            members,
        }
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    #[inline]
    pub(crate) fn set(&self, index: usize) -> Option<&Set> {
        self.members.get(index).map(|member| &*member.set)
    }

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
        if self.has_pins
            && let Some(pinned) = self.pinned(Some(key), context)
        {
            return pinned;
        }
        let eligible = |index: usize| self.members[index].is_eligible(context);
        Pick::from(self.buckets.draw(key.as_bytes(), eligible))
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
        Pick::from(self.buckets.draw(key.as_bytes(), eligible))
    }
}

impl Member {
    fn is_eligible(&self, context: &dyn Any) -> bool {
        self.eligible.iter().all(|eligible| eligible(context))
    }
}

impl<C> Clone for MultiTrackSet<C> {
    fn clone(&self) -> Self {
        Self {
            sets: Arc::clone(&self.sets),
            context: PhantomData,
        }
    }
}

impl<C> fmt::Debug for MultiTrackSet<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("MultiTrackSet").field(&self.sets).finish()
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
