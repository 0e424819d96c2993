use std::{
    fmt,
    sync::Arc,
    time::{Duration, SystemTime},
};

use crate::{
    assign::{Choice, Key, Pick, RunId, Set, Sets},
    unit::{Unit, Who},
};

use super::outcome::Outcome;

/// The fact that a unit was exposed to a track.
///
/// It is cheap to clone and to send to another thread. `Display` writes the set and the track
/// (`delay/long`). Neither `Display` nor `Debug` shows the key.
///
/// In a request, the layer reports it to the observer. Outside a request, the program makes it with
/// [`new`](Self::new). It keeps the group alive that the track is of.
#[derive(Clone)]
pub struct Exposure {
    sets: Arc<Sets>,
    /// The chosen set and track; both exist in an exposure.
    pick: Pick,
    at: SystemTime,
    /// `None` for a key that belongs to one request alone.
    who: Option<Who>,
    run_id: Option<RunId>,
    is_new: bool,
    /// `None` outside a request.
    ending: Option<Ending>,
}

/// How the request ended.
#[derive(Debug, Clone, Copy)]
struct Ending {
    outcome: Outcome,
    duration: Duration,
    late: bool,
}

impl Exposure {
    /// Returns the exposure of a key to its chosen track, outside a request. Returns `None` if the key
    /// is in no track, is not [valid](Key::is_valid), or is pinned to the track.
    ///
    /// `at` is the time at which the program acts on the track.
    ///
    /// ```
    /// use std::time::SystemTime;
    /// use tower_tracks::{Exposure, Key, SimpleTrackSet};
    ///
    /// let delay = SimpleTrackSet::new("delay").track("short", 500).track("long", 2000).build()?;
    /// let alice = Key::from("alice");
    /// let exposure = Exposure::new(delay.assign(&alice, &()), alice, SystemTime::now());
    /// let shown = exposure.map(|exposure| exposure.to_string());
    /// assert_eq!(shown.as_deref(), Some("delay/short"));
    /// # Ok::<(), tower_tracks::DefinitionError>(())
    /// ```
    pub fn new(choice: Choice<'_>, key: Key<'_>, at: SystemTime) -> Option<Self> {
        // No recorder could store an invalid key.
        let key = Some(key).filter(Key::is_valid)?;
        Self::to(choice, Some(key.into_owned()), at)
    }

    /// Returns the exposure of a key, or of a request without a lasting key; `None` if the choice has
    /// no track.
    pub(crate) fn to(
        choice: Choice<'_>,
        key: Option<Key<'static>>,
        at: SystemTime,
    ) -> Option<Self> {
        // A forced track was not assigned at random, so that counting it would bias the comparison. A
        // shipped one belongs to no test.
        let is_counted = choice.is_enrolled() && choice.reason().is_counted();
        is_counted.then(|| {
            // A choice borrows the sets, and an exposure may outlive the request.
            let (sets, pick) = choice.to_owned();
            Self {
                sets,
                pick,
                at,
                who: key.map(Who::Key),
                run_id: None,
                is_new: false,
                ending: None,
            }
        })
    }

    /// Sets the run of this exposure.
    ///
    /// The run ties the exposure to a line of a log. Defaults to none.
    ///
    /// ```
    /// use std::time::SystemTime;
    /// use tower_tracks::{Exposure, Key, SimpleTrackSet, assign::RunId};
    ///
    /// let delay = SimpleTrackSet::new("delay").track("short", 500).track("long", 2000).build()?;
    /// let alice = Key::from("alice");
    /// let run_id = RunId::from_random([0x11; 16]);
    /// let exposure = Exposure::new(delay.assign(&alice, &()), alice, SystemTime::now())
    ///     .map(|exposure| exposure.of_run(run_id));
    /// assert_eq!(exposure.and_then(|exposure| exposure.run_id()), Some(run_id));
    /// # Ok::<(), tower_tracks::DefinitionError>(())
    /// ```
    pub fn of_run(mut self, run_id: impl Into<Option<RunId>>) -> Self {
        self.run_id = run_id.into();
        self
    }

    /// Returns the choice: set, track, phase, coin and more.
    ///
    /// ```
    /// use std::time::SystemTime;
    /// use tower_tracks::{Exposure, Key, SimpleTrackSet};
    ///
    /// let delay = SimpleTrackSet::new("delay").track("short", 500).track("long", 2000).build()?;
    /// let alice = Key::from("alice");
    /// if let Some(exposure) = Exposure::new(delay.assign(&alice, &()), alice, SystemTime::now()) {
    ///     assert_eq!((exposure.choice().phase(), exposure.choice().coin()), (Some(1), Some(false)));
    /// }
    /// # Ok::<(), tower_tracks::DefinitionError>(())
    /// ```
    pub fn choice(&self) -> Choice<'_> {
        Choice::new(&self.sets, self.pick)
    }

    /// Returns the set, and the index of the track in it.
    #[cfg(feature = "record")]
    pub(crate) fn met(&self) -> Option<(&Arc<Set>, usize)> {
        let set = self.sets.iter().nth(self.pick.set?)?;
        Some((set, self.pick.track?))
    }

    /// Returns the name of the set.
    ///
    /// ```
    /// use std::time::SystemTime;
    /// use tower_tracks::{Exposure, Key, SimpleTrackSet};
    ///
    /// let delay = SimpleTrackSet::new("delay").track("short", 500).track("long", 2000).build()?;
    /// let alice = Key::from("alice");
    /// if let Some(exposure) = Exposure::new(delay.assign(&alice, &()), alice, SystemTime::now()) {
    ///     assert_eq!((exposure.set(), exposure.track()), ("delay", "short"));
    /// }
    /// # Ok::<(), tower_tracks::DefinitionError>(())
    /// ```
    pub fn set(&self) -> &str {
        // An exposure always has a set and a track; an empty name would be better than a panic.
        self.choice().set().unwrap_or_default()
    }

    /// Returns the name of the track.
    ///
    /// It may be the name of control, whose exposures count like those of all others.
    pub fn track(&self) -> &str {
        self.choice().track().unwrap_or_default()
    }

    /// Returns the kind of the key, which is the unit of the set, such as `visitor`.
    pub fn unit_kind(&self) -> &str {
        self.choice().definition().map_or("", Set::unit_kind)
    }

    /// Returns the key; `None` if it was random, for this request alone, or if only the [`unit`](Self::unit) is
    /// known.
    ///
    /// It may name a person. Observers that write logs write its [`Unit`](crate::unit::Unit)
    /// instead.
    ///
    /// ```
    /// use std::time::SystemTime;
    /// use tower_tracks::{Exposure, Key, SimpleTrackSet};
    ///
    /// let delay = SimpleTrackSet::new("delay").track("short", 500).track("long", 2000).build()?;
    /// let alice = Key::from("alice");
    /// if let Some(exposure) = Exposure::new(delay.assign(&alice, &()), alice, SystemTime::now()) {
    ///     assert_eq!((exposure.unit_kind(), exposure.key()), ("visitor", Some(&Key::from("alice"))));
    /// }
    /// # Ok::<(), tower_tracks::DefinitionError>(())
    /// ```
    pub fn key(&self) -> Option<&Key<'static>> {
        match self.who.as_ref()? {
            Who::Key(key) => Some(key),
            Who::Unit(_) => None,
        }
    }

    /// Returns the unit where the key is not known: a client has sent the receipt of a track that it read.
    ///
    /// ```
    /// use tower_tracks::Exposure;
    ///
    /// fn is_counted(exposure: &Exposure) -> bool {
    ///     exposure.key().is_some() || exposure.unit().is_some()
    /// }
    /// ```
    pub fn unit(&self) -> Option<Unit> {
        match self.who.as_ref()? {
            Who::Key(_) => None,
            Who::Unit(unit) => Some(*unit),
        }
    }

    /// Returns the unit as it is recorded; `None` without a valid key and without a unit.
    #[cfg(feature = "record")]
    pub(crate) fn recorded(&self, units: &crate::unit::Units) -> Option<Unit> {
        match self.who.as_ref()? {
            // The kind was checked with the set.
            Who::Key(key) => key.is_valid().then(|| units.unit(self.unit_kind(), key)),
            Who::Unit(unit) => Some(*unit),
        }
    }

    /// Returns whether the key was made for this request, for a visitor without a key.
    ///
    /// The visitor receives the key with the response. If the request was cancelled, failed or
    /// panicked, or the track was read after the head of the response, the visitor does not receive
    /// it, and the next visit gets another key.
    pub fn is_new(&self) -> bool {
        self.is_new
    }

    /// Returns the run, if the layer is configured for runs.
    pub fn run_id(&self) -> Option<RunId> {
        self.run_id
    }

    /// Returns when the track was first read in this request, by the wall clock.
    ///
    /// Outside a request, it is the time that was given to [`new`](Self::new).
    pub fn at(&self) -> SystemTime {
        self.at
    }

    /// Returns how the request ended; `None` outside a request.
    ///
    /// ```
    /// use tower_tracks::{Exposure, event::Outcome};
    ///
    /// fn log(exposure: &Exposure) {
    ///     match exposure.outcome() {
    ///         Some(Outcome::Completed { status }) => println!("{exposure}: {status}"),
    ///         Some(outcome) => println!("{exposure}: no response ({outcome})"),
    ///         None => println!("{exposure}: outside a request"),
    ///     }
    /// }
    /// ```
    pub fn outcome(&self) -> Option<Outcome> {
        self.ending.map(|ending| ending.outcome)
    }

    /// Returns how long the request took until the head of its response was ready, or until
    /// it ended without one; `None` outside a request.
    ///
    /// The time until a streaming body has ended is not included.
    ///
    /// ```
    /// use tower_tracks::Exposure;
    ///
    /// fn log(exposure: &Exposure) {
    ///     if let Some(duration) = exposure.duration() {
    ///         println!("{exposure} took {} ms", duration.as_millis());
    ///     }
    /// }
    /// ```
    pub fn duration(&self) -> Option<Duration> {
        self.ending.map(|ending| ending.duration)
    }

    /// Returns whether the track was first read after the head of the response was ready, for instance
    /// by a streaming body. A late exposure is not in the header.
    pub fn is_late(&self) -> bool {
        self.ending.is_some_and(|ending| ending.late)
    }
}

#[cfg(feature = "tower")]
impl Exposure {
    /// Sets how the request ended.
    pub(crate) fn ended(mut self, outcome: Outcome, duration: Duration, late: bool) -> Self {
        self.ending = Some(Ending {
            outcome,
            duration,
            late,
        });
        self
    }

    /// Removes the key: it belongs to this request alone and must not be stored.
    pub(crate) fn ephemeral(mut self) -> Self {
        self.who = None;
        self
    }

    /// Returns the exposure of a unit whose key is not known; `None` if the choice has no track.
    #[cfg(feature = "ofrep")]
    pub(crate) fn of_unit(choice: Choice<'_>, unit: Unit, at: SystemTime) -> Option<Self> {
        let exposure = Self::to(choice, None, at)?;
        Some(Self {
            who: Some(Who::Unit(unit)),
            ..exposure
        })
    }

    /// Marks the key as made for this request: the visitor may not have received it yet.
    pub(crate) fn new_visitor(mut self) -> Self {
        self.is_new = true;
        self
    }
}

impl fmt::Display for Exposure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.choice().fmt(f)
    }
}

impl fmt::Debug for Exposure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Without the key: it may identify a person, and `Debug` ends in logs.
        f.debug_struct("Exposure")
            .field("choice", &self.choice())
            .field("at", &self.at)
            .field("run_id", &self.run_id)
            .field("ending", &self.ending)
            .finish_non_exhaustive()
    }
}
