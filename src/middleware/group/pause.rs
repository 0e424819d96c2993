//! Sets that are paused while the service runs.
//!
//! Flags are relaxed atomics: a pause applies to requests that begin after it, and no request waits for
//! it.

use std::{
    env, error, fmt,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
};

use crate::assign::{Set, Sets};

/// The environment variable with the names of sets that are paused from the start, separated by commas.
pub(crate) const TRACKS_OFF: &str = "TRACKS_OFF";

/// One flag for each set of a group. Clones share the flags.
#[derive(Debug, Clone)]
pub(crate) struct Flags {
    sets: Arc<Sets>,
    up: Arc<[AtomicBool]>,
}

impl Flags {
    /// Returns the flags of a group, set for the sets for which `is_up` returns true.
    pub(crate) fn new(sets: &Arc<Sets>, is_up: impl Fn(&Set) -> bool) -> Self {
        let up = sets.iter().map(|set| AtomicBool::new(is_up(set)));
        Self {
            up: up.collect(),
            sets: Arc::clone(sets),
        }
    }

    /// Returns the flags of a group, set for the sets that the environment pauses.
    pub(crate) fn paused_at_start(sets: &Arc<Sets>) -> Self {
        let off = env::var(TRACKS_OFF).unwrap_or_default();
        // A former name pauses too: a deploy that renames a set must not start it.
        Self::new(sets, |set| names(&off).any(|off| set.is_named(off)))
    }

    /// Sets the flag of a set. A flag that is set is only read, because a write would take the cache
    /// line from other cores.
    #[inline]
    pub(crate) fn raise(&self, set: usize) {
        if let Some(flag) = self.up.get(set)
            && !flag.load(Relaxed)
        {
            flag.store(true, Relaxed);
        }
    }

    /// Returns whether the flag of a set is set.
    pub(crate) fn is_up(&self, set: usize) -> bool {
        self.up.get(set).is_some_and(|flag| flag.load(Relaxed))
    }

    /// Returns each set with its flag.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&Set, &AtomicBool)> {
        let sets = self.sets.iter().map(|set| &**set);
        sets.zip(&*self.up)
    }
}

/// Returns the names in the value of [`TRACKS_OFF`].
pub(crate) fn names(off: &str) -> impl Iterator<Item = &str> {
    off.split(',')
        .map(str::trim)
        .filter(|name| !name.is_empty())
}

/// Pauses and resumes the sets of a layer, for all requests that begin later.
///
/// Requests of a paused set get its control, with the reason `paused`, and are not counted. No key moves to
/// another set. A request under way keeps its choice. A new visitor gets no cookie while all sets of a group
/// are paused, because there is no track to keep. [`TracksLayer::pauses`](crate::TracksLayer::pauses) returns
/// the handle. All clones are the same handle.
///
/// The environment variable `TRACKS_OFF=pricing,delay` pauses sets from the start. A pause lasts until
/// [`resume`](Self::resume) or the end of the process, and applies to this process alone.
///
/// ```
/// use axum::{Router, body::Body, routing::get};
/// use http::Request;
/// use tower::ServiceExt;
/// use tower_tracks::{Assignment, SimpleTrackSet, TracksLayer};
///
/// # tokio::runtime::Runtime::new()?.block_on(async {
/// let delay = SimpleTrackSet::new("delay").track("short", 500).build()?;
/// let layer = TracksLayer::new(delay).pin("delay", "short")?;
/// let pauses = layer.pauses();
/// let app = Router::new()
///     .route("/", get(async |delay: Assignment| delay.to_string()))
///     .layer(layer);
///
/// pauses.pause("delay")?;
/// let response = app.oneshot(Request::get("/").body(Body::empty())?).await?;
/// let body = axum::body::to_bytes(response.into_body(), usize::MAX).await?;
/// assert_eq!(body, "delay (paused)");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct PauseHandle(pub(crate) Arc<[Flags]>);

impl PauseHandle {
    /// Pauses a set, by its name or a former one. It has no effect if the set is already paused.
    ///
    /// ```
    /// use tower_tracks::{SimpleTrackSet, TracksLayer};
    ///
    /// let delay = SimpleTrackSet::new("delay").track("short", 500).build()?;
    /// let pauses = TracksLayer::new(delay).pauses();
    /// pauses.pause("delay")?;
    /// assert_eq!(pauses.pause("colour").unwrap_err().set(), "colour");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If the layer does not have the set.
    pub fn pause(&self, set: &str) -> Result<(), UnknownSet> {
        self.put(set, true)
    }

    /// Resumes a paused set: each key is in its previous track again.
    ///
    /// ```
    /// use tower_tracks::{SimpleTrackSet, TracksLayer};
    ///
    /// let delay = SimpleTrackSet::new("delay").track("short", 500).build()?;
    /// let pauses = TracksLayer::new(delay).pauses();
    /// pauses.pause("delay")?;
    /// pauses.resume("delay")?;
    /// assert_eq!(pauses.paused().count(), 0);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If the layer does not have the set.
    pub fn resume(&self, set: &str) -> Result<(), UnknownSet> {
        self.put(set, false)
    }

    /// Returns the names of the sets of the layer, group by group.
    ///
    /// ```
    /// use tower_tracks::{SimpleTrackSet, TracksLayer};
    ///
    /// let delay = SimpleTrackSet::new("delay").track("short", 500).build()?;
    /// let banner = SimpleTrackSet::new("banner").track("blue", 0x0000ff).build()?;
    /// let pauses = TracksLayer::new(delay).and(banner)?.pauses();
    /// assert!(pauses.sets().eq(["delay", "banner"]));
    /// # Ok::<(), tower_tracks::DefinitionError>(())
    /// ```
    pub fn sets(&self) -> impl Iterator<Item = &str> {
        self.flags().map(|(set, _)| set.name())
    }

    /// Returns the names of the paused sets, group by group.
    ///
    /// ```
    /// use tower_tracks::{SimpleTrackSet, TracksLayer};
    ///
    /// let delay = SimpleTrackSet::new("delay").track("short", 500).build()?;
    /// let pauses = TracksLayer::new(delay).pauses();
    /// // Pauses everything, for an emergency.
    /// for set in pauses.sets() {
    ///     pauses.pause(set)?;
    /// }
    /// assert!(pauses.paused().eq(["delay"]));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn paused(&self) -> impl Iterator<Item = &str> {
        let paused = self.flags().filter(|(_, flag)| flag.load(Relaxed));
        paused.map(|(set, _)| set.name())
    }

    /// Sets or clears the flag of a set.
    fn put(&self, name: &str, off: bool) -> Result<(), UnknownSet> {
        let found = self.flags().find(|(set, _)| set.is_named(name));
        let (_, flag) = found.ok_or_else(|| UnknownSet(name.to_owned()))?;
        flag.store(off, Relaxed);
        Ok(())
    }

    /// Returns each set with its flag, group by group.
    fn flags(&self) -> impl Iterator<Item = (&Set, &AtomicBool)> {
        self.0.iter().flat_map(Flags::iter)
    }
}

/// The error for a set that the layer does not have.
///
/// ```
/// use tower_tracks::{SimpleTrackSet, TracksLayer};
///
/// let delay = SimpleTrackSet::new("delay").track("short", 500).build()?;
/// let pauses = TracksLayer::new(delay).pauses();
/// let error = pauses.pause("colour").unwrap_err();
/// assert_eq!(error.to_string(), "the layer has no set \"colour\"");
/// # Ok::<(), tower_tracks::DefinitionError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct UnknownSet(String);

impl UnknownSet {
    /// Returns the unknown name.
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
