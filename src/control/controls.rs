use std::{fmt, sync::Arc};

use crate::{
    assign::{Sets, TrackSet},
    store::Timestamp,
};

use super::{
    change::Change, control::Control, dials::Dials, error::ControlError, poller::Poller,
    shared::Shared,
};
#[cfg(feature = "dashboard")]
use super::{known::Health, state::Mode};

/// The changes in force, which a thread follows, and which layers apply.
///
/// Give one to each layer by [`TracksLayer::controls`](crate::TracksLayer::controls). Clones are the same
/// controls; the thread ends with the last of them.
///
/// No request waits for the log: a layer reads one atomic number for each set.
///
/// ```
/// use tower_tracks::{SimpleTrackSet, TracksLayer, control::{Controls, MemoryLog}};
///
/// let delay = SimpleTrackSet::new("delay").track("long", 2000).build()?;
/// let controls = Controls::builder(MemoryLog::default()).start()?;
/// let layer = TracksLayer::new(delay).controls(&controls);
///
/// controls.set("delay")?.pause("alice", "errors in checkout")?;
/// assert_eq!(controls.set("delay")?.state().paused, Some(1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Controls {
    pub(super) shared: Arc<Shared>,
    _poller: Arc<Poller>,
}

impl Controls {
    pub(super) fn new(shared: Arc<Shared>, poller: Poller) -> Self {
        let _poller = Arc::new(poller);
        Self { shared, _poller }
    }

    /// Returns whether the log was read since the start.
    ///
    /// A readiness probe may ask it: a node that started while the log could not be read does what its
    /// cache or its code says.
    ///
    /// ```
    /// # use tower_tracks::{SimpleTrackSet, TracksLayer, control::{Controls, MemoryLog}};
    /// # let delay = SimpleTrackSet::new("delay").track("long", 2000).build()?;
    /// # let controls = Controls::builder(MemoryLog::default()).start()?;
    /// # let _layer = TracksLayer::new(delay).controls(&controls);
    /// assert!(controls.is_loaded());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn is_loaded(&self) -> bool {
        self.shared.known().is_loaded()
    }

    /// Returns whether the last attempt to read the log succeeded.
    pub fn is_fresh(&self) -> bool {
        self.shared.known().is_fresh()
    }

    /// Returns all known changes, in the order of their numbers, also those of sets and phases that no
    /// layer has.
    ///
    /// ```
    /// # use tower_tracks::{SimpleTrackSet, TracksLayer, control::{Controls, MemoryLog}};
    /// # let delay = SimpleTrackSet::new("delay").track("long", 2000).build()?;
    /// # let controls = Controls::builder(MemoryLog::default()).start()?;
    /// # let _layer = TracksLayer::new(delay).controls(&controls);
    /// controls.set("delay")?.pause("alice", "errors in checkout")?;
    /// let texts: Vec<String> = controls.changes().iter().map(ToString::to_string).collect();
    /// assert_eq!(texts, ["change 1 of delay: pause, by alice: errors in checkout"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn changes(&self) -> Vec<Change> {
        self.shared.known().changes().to_vec()
    }

    /// Returns the control of a typed set.
    ///
    /// # Errors
    ///
    /// If no layer with these controls has the set.
    ///
    /// ```
    /// use tower_tracks::{TrackSet, TracksLayer, control::{Controls, MemoryLog}};
    ///
    /// # #[cfg(feature = "derive")]
    /// # {
    /// #[derive(Clone, Debug, TrackSet)]
    /// #[track_set(name = "pricing")]
    /// enum Pricing {
    ///     #[track(control)]
    ///     Control,
    ///     Cheap,
    /// }
    ///
    /// let controls = Controls::builder(MemoryLog::default()).start()?;
    /// let layer = TracksLayer::new(Pricing::track_set().build()?).controls(&controls);
    /// controls.of::<Pricing>()?.pause("alice", "wrong prices")?;
    /// # }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn of<E: TrackSet>(&self) -> Result<Control<'_>, ControlError> {
        self.set(E::NAME)
    }

    /// Returns the control of a set, by its name or a former one. Its changes are made under this name.
    ///
    /// # Errors
    ///
    /// If no layer with these controls has the set.
    ///
    /// ```
    /// # use tower_tracks::{SimpleTrackSet, TracksLayer, control::{Controls, MemoryLog}};
    /// # let delay = SimpleTrackSet::new("delay").track("long", 2000).build()?;
    /// # let controls = Controls::builder(MemoryLog::default()).start()?;
    /// # let _layer = TracksLayer::new(delay).controls(&controls);
    /// assert!(controls.set("delay").is_ok());
    /// let unknown = controls.set("dealy").unwrap_err();
    /// assert_eq!(unknown.to_string(), "no layer with these controls has the set \"dealy\"");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn set(&self, name: &str) -> Result<Control<'_>, ControlError> {
        let groups = self.shared.dials();
        let found = groups.iter().find_map(|dials| {
            let set = dials.sets().iter().find(|set| set.is_named(name))?;
            let set = (Arc::clone(set), dials.are_of_one());
            Some(Control::new(&self.shared, set, name))
        });
        found.ok_or_else(|| ControlError::UnknownSet(name.to_owned()))
    }

    /// Returns the names of the sets of all layers with these controls.
    ///
    /// ```
    /// # use tower_tracks::{SimpleTrackSet, TracksLayer, control::{Controls, MemoryLog}};
    /// # let delay = SimpleTrackSet::new("delay").track("long", 2000).build()?;
    /// # let controls = Controls::builder(MemoryLog::default()).start()?;
    /// # let _layer = TracksLayer::new(delay).controls(&controls);
    /// assert_eq!(controls.sets(), ["delay"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn sets(&self) -> Vec<String> {
        let dials = self.shared.dials();
        let codes = dials.iter().flat_map(|dials| dials.codes());
        codes.map(|code| code.set().name().to_owned()).collect()
    }

    /// Returns the time by the clock of the log, which decides what is in force.
    pub fn now(&self) -> Timestamp {
        self.shared.known().now(std::time::Instant::now())
    }

    /// Reads the log at once, instead of at the next interval.
    pub fn refresh(&self) {
        self.shared.refresh();
    }

    /// Accepts the log as it is now, after it has lost changes: only its changes are in force from now on.
    ///
    /// Call it when a person has looked at the log, for instance because a backup was restored; see
    /// [`Alert::Regressed`](super::Alert::Regressed). If the log cannot be read, nothing is accepted.
    pub fn accept_log(&self) {
        self.shared.accept();
    }

    /// Returns whether the log can be read, and its time when it was read last.
    #[cfg(feature = "dashboard")]
    pub(crate) fn health(&self) -> (Health, Option<Timestamp>) {
        self.shared.known().health()
    }

    /// Returns what decides about the requests of a set; `None` if no layer has it.
    #[cfg(feature = "dashboard")]
    pub(crate) fn mode(&self, set: &str) -> Option<Mode> {
        let groups = self.shared.dials();
        groups.iter().find_map(|dials| {
            let index = dials.sets().iter().position(|known| known.is_named(set))?;
            Some(dials.mode(index))
        })
    }

    /// Reads the known changes without copying them. No change can be made until the closure returns.
    #[cfg(feature = "dashboard")]
    pub(crate) fn read<T>(&self, read: impl FnOnce(&[Change]) -> T) -> T {
        read(self.shared.known().changes())
    }

    pub(crate) fn register(&self, sets: &Arc<Sets>) -> Arc<Dials> {
        self.shared.register(sets)
    }
}

impl fmt::Debug for Controls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Controls")
            .field("sets", &self.sets())
            .field("changes", &self.changes().len())
            .finish_non_exhaustive()
    }
}
