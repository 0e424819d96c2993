use std::{fmt, sync::Arc};

#[cfg(feature = "python")]
use super::bucketing::masked;
use super::{
    bucketing,
    pick::{Pick, Reason},
    run::{Run, RunAsync},
    set::Set,
    sets::Sets,
    track::Track,
};

/// The choice of a group for a key: a set and its track, or nothing, and the reason.
///
/// It borrows from the [`MultiTrackSet`](crate::MultiTrackSet) that made it. Reading it records nothing. In a
/// request, use `Assignment`: reading it is an exposure.
///
/// `Display` writes the set and the track (`delay/long`), or the reason in parentheses if there is no
/// track: `delay (outside-share)`, `(ineligible)`.
///
/// ```
/// use tower_tracks::{Reason, SimpleTrackSet};
///
/// let delay = SimpleTrackSet::new("delay").track("short", 500).track("long", 2000).build()?;
/// let choice = delay.assign("alice", &());
/// assert_eq!((choice.set(), choice.track()), (Some("delay"), Some("short")));
/// assert_eq!((choice.value(), choice.reason()), (Some(&500_i32), Reason::Bucketed));
/// # Ok::<(), tower_tracks::DefinitionError>(())
/// ```
#[derive(Clone, Copy)]
pub struct Choice<'a> {
    /// The group, shared, so that an exposure can keep it.
    sets: &'a Arc<Sets>,
    /// The indices of the set and the track in that group.
    pick: Pick,
}

impl<'a> Choice<'a> {
    #[inline]
    pub(crate) fn new(sets: &'a Arc<Sets>, pick: Pick) -> Self {
        Self { sets, pick }
    }

    /// Returns the group and the choice in it, to keep them longer than the borrow.
    pub(crate) fn to_owned(self) -> (Arc<Sets>, Pick) {
        (Arc::clone(self.sets), self.pick)
    }

    /// Returns the name of the group that chose.
    ///
    /// By default, it is the names of the group's sets, joined by `/`.
    ///
    /// ```
    /// use tower_tracks::{MultiTrackSet, SimpleTrackSet};
    ///
    /// let prices = MultiTrackSet::builder()
    ///     .name("prices")
    ///     .add(SimpleTrackSet::new("cheaper").track("minus-5", -5))
    ///     .add(SimpleTrackSet::new("dearer").track("plus-5", 5))
    ///     .build()?;
    /// assert_eq!(prices.assign("alice", &()).group(), "prices");
    /// # Ok::<(), tower_tracks::DefinitionError>(())
    /// ```
    pub fn group(&self) -> &'a str {
        self.sets.name()
    }

    /// Returns the name of the chosen set; `None` when none was chosen.
    ///
    /// A set is also chosen if the key is outside its share or the set is paused. Then there is no
    /// [`track`](Self::track).
    ///
    /// ```
    /// use tower_tracks::SimpleTrackSet;
    ///
    /// let delay = SimpleTrackSet::new("delay").track("short", 500).share(0.0).build()?;
    /// let choice = delay.assign("alice", &());
    /// assert_eq!((choice.set(), choice.track()), (Some("delay"), None));
    /// # Ok::<(), tower_tracks::DefinitionError>(())
    /// ```
    pub fn set(&self) -> Option<&'a str> {
        self.definition().map(Set::name)
    }

    /// Returns the name of the track; `None` when the key is in none.
    ///
    /// A key without a track gets the same page as control, but only control is counted.
    ///
    /// ```
    /// use tower_tracks::SimpleTrackSet;
    ///
    /// let delay = SimpleTrackSet::new("delay").track("short", 500).track("long", 2000);
    /// let outside = SimpleTrackSet::new("delay").track("short", 500).share(0.0);
    /// assert_eq!(delay.build()?.assign("alice", &()).track(), Some("short"));
    /// assert_eq!(outside.build()?.assign("alice", &()).track(), None);
    /// # Ok::<(), tower_tracks::DefinitionError>(())
    /// ```
    pub fn track(&self) -> Option<&'a str> {
        self.chosen().map(Track::name)
    }

    /// Returns the chosen set as it was built.
    ///
    /// It has the weights, the share, the plan and all tracks of the set. `None` when no set was
    /// chosen.
    ///
    /// ```
    /// use tower_tracks::SimpleTrackSet;
    ///
    /// let delay = SimpleTrackSet::new("delay").track("short", 500).unit_kind("user").build()?;
    /// let choice = delay.assign("alice", &());
    /// assert_eq!(choice.definition().map(|set| set.unit_kind()), Some("user"));
    /// # Ok::<(), tower_tracks::DefinitionError>(())
    /// ```
    #[inline]
    pub fn definition(&self) -> Option<&'a Set> {
        self.sets.set(self.pick.set?)
    }

    /// Returns the phase of the chosen set, from 1; `None` when no set was chosen.
    pub fn phase(&self) -> Option<u32> {
        self.definition().map(Set::phase)
    }

    /// Returns the reason of the choice.
    ///
    /// It distinguishes the keys without a track, for which [`track`](Self::track) is `None`.
    ///
    /// ```
    /// use tower_tracks::{Reason, SimpleTrackSet};
    ///
    /// let delay = |share| SimpleTrackSet::new("delay").track("short", 500).share(share).build();
    /// assert_eq!(delay(1.0)?.assign("alice", &()).reason(), Reason::Bucketed);
    /// assert_eq!(delay(0.0)?.assign("alice", &()).reason(), Reason::OutsideShare);
    /// # Ok::<(), tower_tracks::DefinitionError>(())
    /// ```
    pub fn reason(&self) -> Reason {
        self.pick.reason
    }

    /// Returns whether the key is in a track of the chosen set, including control.
    ///
    /// It is also true for a track that was shipped, or given by a pin or an override. Those are never
    /// counted: see [`Reason::is_forced`] and [`Reason::Shipped`].
    pub fn is_enrolled(&self) -> bool {
        self.pick.track.is_some()
    }

    /// Returns whether the key is in the track that changes nothing.
    ///
    /// It is false when the key is in no track, although such a key gets the same page as control.
    ///
    /// ```
    /// use tower_tracks::SimpleTrackSet;
    ///
    /// let theme = SimpleTrackSet::new("theme").track("light", 1).track("dark", 2).control("light");
    /// let theme = theme.build()?;
    /// assert!(theme.assign("bob", &()).is_control());
    /// assert!(!theme.assign("alice", &()).is_control());
    /// # Ok::<(), tower_tracks::DefinitionError>(())
    /// ```
    pub fn is_control(&self) -> bool {
        self.chosen().is_some_and(Track::is_control)
    }

    /// Returns the coin: a fair bit that is independent of the track, for an A/A test inside each set. `None`
    /// if the key is in no track or the scheme has no coin.
    ///
    /// A difference between the two sides of the coin is due to chance or a fault in the data, because the
    /// coin changes nothing. If a pin or an override chose the track, there is no coin.
    /// [`Bucketing::Python`](crate::assign::Bucketing) has none either.
    ///
    /// ```
    /// use tower_tracks::SimpleTrackSet;
    ///
    /// let delay = SimpleTrackSet::new("delay").track("short", 500).track("long", 2000).build()?;
    /// let coins = ["alice", "bob"].map(|key| delay.assign(key, &()).coin());
    /// assert_eq!(coins, [Some(false), Some(true)]);
    /// # Ok::<(), tower_tracks::DefinitionError>(())
    /// ```
    pub fn coin(&self) -> Option<bool> {
        // A key outside the share has a digest as well, but nothing is recorded of it that an A/A test
        // could compare.
        self.chosen()?;
        let drawn = self.pick.words.as_ref().map(bucketing::coin);
        drawn.or(self.pick.coin)
    }

    /// Returns the segment of the context, such as `mobile`; `None` if the key chose no set, or the set has no
    /// [segments](crate::SimpleTrackSet::segment). A pinned, forced or shipped track has none.
    ///
    /// ```
    /// use tower_tracks::SimpleTrackSet;
    ///
    /// let delay = SimpleTrackSet::new("delay").track("long", 2000);
    /// let delay = delay.segment("device", |device: &String| device).build()?;
    /// assert_eq!(delay.assign("alice", &"mobile".to_owned()).segment(), Some("mobile"));
    /// # Ok::<(), tower_tracks::DefinitionError>(())
    /// ```
    pub fn segment(&self) -> Option<&'a str> {
        let segments = self.definition()?.segments.as_ref()?;
        Some(segments.name(self.pick.segment?))
    }

    /// Returns the SHA-256 of the chosen set's message, to compare with a recomputation; `None` if the scheme
    /// does not use SHA-256.
    ///
    /// The message is the netstring of the effective salt, followed by the key. The guide
    /// [`recompute`](crate::guide::recompute) has programs that compute it.
    ///
    /// ```
    /// use tower_tracks::SimpleTrackSet;
    ///
    /// let delay = SimpleTrackSet::new("delay").track("short", 500).track("long", 2000).build()?;
    /// let digest = delay.assign("alice", &()).digest().unwrap_or_default();
    /// assert_eq!(digest[..4], [0xf8, 0xeb, 0xf2, 0x51]);
    /// # Ok::<(), tower_tracks::DefinitionError>(())
    /// ```
    pub fn digest(&self) -> Option<[u8; 32]> {
        let words = self.pick.words?.map(u64::to_be_bytes);
        // Four times eight bytes are the 32, so this does not fail.
        words.as_flattened().try_into().ok()
    }

    /// Returns the value that the track carries, if it carries a `T`.
    ///
    /// The built-in control carries nothing. The control of a typed set carries a value, and so does a track
    /// that was made control by its name.
    ///
    /// The type must be that of the definition: a track with a `u64` has no `i32`.
    ///
    /// ```
    /// use tower_tracks::SimpleTrackSet;
    ///
    /// let delay = SimpleTrackSet::new("delay").track("short", 500_u64).track("long", 2000).build()?;
    /// let choice = delay.assign("alice", &());
    /// assert_eq!(choice.value::<u64>(), Some(&500));
    /// assert_eq!(choice.value::<i32>(), None);
    /// # Ok::<(), tower_tracks::DefinitionError>(())
    /// ```
    #[inline]
    pub fn value<T: 'static>(&self) -> Option<&'a T> {
        self.chosen().and_then(Track::carried)
    }

    /// Runs the chosen track. It does nothing for the built-in control, or if no track that takes an `X` was
    /// chosen.
    ///
    /// `X` is the type of the argument of the functions that were given to
    /// [`SimpleTrackSet::run`](crate::SimpleTrackSet::run) or
    /// [`ParamTrackSet::run`](crate::ParamTrackSet::run).
    ///
    /// ```
    /// use tower_tracks::SimpleTrackSet;
    ///
    /// let pricing = SimpleTrackSet::new("pricing")
    ///     .run("cheap", |price: &mut i64| *price -= 1)
    ///     .run("expensive", |price| *price += 1)
    ///     .build()?;
    /// let mut price = 50_i64;
    /// pricing.assign("alice", &()).run(&mut price);
    /// assert_eq!(price, 50, "alice is in control");
    /// # Ok::<(), tower_tracks::DefinitionError>(())
    /// ```
    pub fn run<X: 'static>(&self, argument: &mut X) {
        if let Some(Run(run)) = self.value() {
            run(argument);
        }
    }

    /// Runs the chosen track asynchronously. It does nothing for the built-in control, or if no async track
    /// that takes an `X` was chosen.
    ///
    /// ```
    /// use tower_tracks::SimpleTrackSet;
    ///
    /// async fn cheap(price: &mut i64) { *price -= 1 }
    /// async fn expensive(price: &mut i64) { *price += 1 }
    ///
    /// let pricing = SimpleTrackSet::new("pricing")
    ///     .run_async("cheap", cheap)
    ///     .run_async("expensive", expensive)
    ///     .build()?;
    /// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// let mut price = 50_i64;
    /// pricing.assign("bob", &()).run_async(&mut price).await;
    /// assert_eq!(price, 51);
    /// # });
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub async fn run_async<X: 'static>(&self, argument: &mut X) {
        if let Some(RunAsync(run)) = self.value() {
            run(argument).await;
        }
    }

    /// Returns the chosen set's name as the Python package masks it; `None` in other schemes.
    ///
    /// The mask is the first seven hexadecimal digits of the MD5 of the salt. It hides a name from
    /// a reader who cannot guess it; it is not a secret.
    ///
    /// ```
    /// use tower_tracks::{MultiTrackSet, SimpleTrackSet, assign::Bucketing};
    ///
    /// let delay = SimpleTrackSet::new("delay").track("short", 500).track("long", 2000);
    /// let delay = MultiTrackSet::builder().bucketing(Bucketing::Python).add(delay).build()?;
    /// let choice = delay.assign("alice", &());
    /// assert_eq!(choice.masked_set().as_deref(), Some("7243f8b"));
    /// assert_eq!(choice.masked_track().as_deref(), Some("4f09daa"));
    /// # Ok::<(), tower_tracks::DefinitionError>(())
    /// ```
    #[cfg(feature = "python")]
    pub fn masked_set(&self) -> Option<String> {
        self.python().map(|set| masked(set.salt()))
    }

    /// Returns the track's name as the Python package masks it; `None` in other schemes.
    ///
    /// It is also `None` if the key is in no track. See [`masked_set`](Self::masked_set).
    #[cfg(feature = "python")]
    pub fn masked_track(&self) -> Option<String> {
        self.python()?;
        self.track().map(masked)
    }

    /// Returns the chosen set if it is of the Python scheme.
    #[cfg(feature = "python")]
    fn python(&self) -> Option<&'a Set> {
        let python = |set: &&Set| set.bucketing() == super::Bucketing::Python;
        self.definition().filter(python)
    }

    /// Returns the chosen track.
    #[inline]
    fn chosen(&self) -> Option<&'a Track> {
        self.definition()?.tracks().get(self.pick.track?)
    }
}

impl fmt::Display for Choice<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.set(), self.track()) {
            (Some(set), Some(track)) => write!(f, "{set}/{track}"),
            (Some(set), None) => write!(f, "{set} ({})", self.reason()),
            (None, _) => write!(f, "({})", self.reason()),
        }
    }
}

impl fmt::Debug for Choice<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Choice")
            .field("group", &self.group())
            .field("set", &self.set())
            .field("track", &self.track())
            .field("reason", &self.reason())
            .finish_non_exhaustive()
    }
}
