use std::{fmt, marker::PhantomData, sync::Arc};

use super::{bucketing::Bucketing, choice::Choice, key::Key, set::Set, sets::Sets};

/// A group of sets of which at most one is chosen for a key.
///
/// Its sets exclude each other: no key is in two of them. Put tests into one group only if they would affect
/// each other, such as two prices of one product. Put all other tests into separate groups.
///
/// `C` is the context that eligibility checks, and `()` if there is none. Cloning is cheap.
///
/// ```
/// use tower_tracks::{MultiTrackSet, SimpleTrackSet};
///
/// let prices = MultiTrackSet::builder()
///     .add(SimpleTrackSet::new("cheaper").track("minus-5", -5))
///     .add(SimpleTrackSet::new("dearer").track("plus-5", 5))
///     .build()?;
/// assert_eq!(prices.assign("alice", &()).set(), Some("dearer"));
/// assert_eq!(prices.assign("bob", &()).set(), Some("cheaper"));
/// # Ok::<(), tower_tracks::DefinitionError>(())
/// ```
pub struct MultiTrackSet<C = ()> {
    /// The group without the type of its context, as a layer keeps several of them.
    pub(crate) sets: Arc<Sets>,
    // A function pointer: no `C` is held, so the group is `Send` and `Sync` whatever it is.
    context: PhantomData<fn(&C)>,
}

impl<C: 'static> MultiTrackSet<C> {
    pub(super) fn new(sets: Sets) -> Self {
        Self {
            sets: Arc::new(sets),
            context: PhantomData,
        }
    }

    /// Returns the choice for a key. The same key gets the same choice on every machine.
    ///
    /// It never fails. A key that is not [valid](Key::is_valid) gets a choice as well, but nothing can be
    /// recorded for it. This method records nothing.
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

    /// Returns the name: by default, the names of its sets joined by `/`.
    ///
    /// ```
    /// use tower_tracks::{MultiTrackSet, SimpleTrackSet};
    ///
    /// let prices = MultiTrackSet::builder()
    ///     .add(SimpleTrackSet::new("cheaper").track("minus-5", -5))
    ///     .add(SimpleTrackSet::new("dearer").track("plus-5", 5))
    ///     .build()?;
    /// assert_eq!(prices.name(), "cheaper/dearer");
    /// # Ok::<(), tower_tracks::DefinitionError>(())
    /// ```
    pub fn name(&self) -> &str {
        self.sets.name()
    }

    /// Returns the scheme that assigns keys to sets and tracks.
    ///
    /// It is [`Bucketing::V1`], unless the builder of the group set another one.
    pub fn bucketing(&self) -> Bucketing {
        self.sets.bucketing
    }

    /// Returns the sets as they were built, in the order in which they were added.
    ///
    /// ```
    /// use tower_tracks::SimpleTrackSet;
    ///
    /// let delay = SimpleTrackSet::new("delay").track("short", 500).share(0.05).build()?;
    /// let shares: Vec<_> = delay.sets().map(|set| (set.name(), set.share())).collect();
    /// assert_eq!(shares, [("delay", 0.05)]);
    /// # Ok::<(), tower_tracks::DefinitionError>(())
    /// ```
    pub fn sets(&self) -> impl ExactSizeIterator<Item = &Set> {
        self.sets.iter().map(|set| &**set)
    }
}

// Not derived, because that would demand `Clone` of the context, of which a group holds none.
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
