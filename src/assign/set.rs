use std::{any::TypeId, fmt};

use super::{bucketing::Bucketing, intent::Plan, segment::Segments, track::Track};

/// A built set: one test, checked.
///
/// [`MultiTrackSet::sets`](crate::MultiTrackSet::sets) returns the sets of a group, and
/// [`Choice::definition`](crate::Choice::definition) returns the chosen one. It cannot be changed. To edit a
/// set, edit its definition and build the group again.
///
/// ```
/// use tower_tracks::SimpleTrackSet;
///
/// let delay = SimpleTrackSet::new("delay").track("short", 500).track("long", 2000).build()?;
/// for set in delay.sets() {
///     let tracks: Vec<_> = set.tracks().iter().map(|track| track.name()).collect();
///     assert_eq!((set.name(), &*tracks), ("delay", &["control", "short", "long"][..]));
///     assert_eq!((set.phase(), set.unit_kind(), set.weight(), set.share()), (1, "visitor", 100, 1.0));
/// }
/// # Ok::<(), tower_tracks::DefinitionError>(())
/// ```
pub struct Set {
    pub(super) name: String,
    /// The names before this one, the oldest first.
    pub(super) former_names: Vec<String>,
    /// The text that is hashed, without the phase; `None` for the first name.
    pub(super) salt: Option<String>,
    pub(super) phase: u32,
    pub(super) unit: String,
    pub(super) weight: u64,
    pub(super) share: f64,
    /// In the order in which a scheme counts them; one at least has a weight above 0.
    pub(super) tracks: Vec<Track>,
    pub(super) bucketing: Bucketing,
    /// What a track of this set may carry, though not every track does: a lookup by type must know
    /// control too.
    pub(super) carries: Vec<Carries>,
    /// The enum of a typed set, which a layer has at most once.
    pub(super) typed: Option<TypeId>,
    pub(super) plan: Option<Plan>,
    pub(super) segments: Option<Segments>,
    pub(super) is_holdout: bool,
}

/// A type that the tracks of a set carry.
#[derive(Debug, Clone, Copy)]
pub(super) struct Carries {
    id: TypeId,
    /// For the layer's messages alone: two types may share it.
    #[cfg(feature = "tower")]
    name: &'static str,
}

impl Carries {
    pub(super) fn of<T: 'static>() -> Self {
        Self {
            id: TypeId::of::<T>(),
            #[cfg(feature = "tower")]
            name: std::any::type_name::<T>(),
        }
    }
}

impl Set {
    /// Returns the name: 1 to 64 of `a-z`, `0-9`, `_`, `-`, `.` and `*`.
    ///
    /// Within one layer it is unique.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the names that the set had before, the oldest first.
    ///
    /// [`SimpleTrackSet::formerly`](crate::SimpleTrackSet::formerly) sets them. Facts and changes under these
    /// names belong to the set.
    ///
    /// ```
    /// use tower_tracks::SimpleTrackSet;
    ///
    /// let delay = SimpleTrackSet::new("page-delay").formerly("delay").track("short", 500).build()?;
    /// let names: Vec<_> = delay.sets().flat_map(|set| set.former_names()).collect();
    /// assert_eq!(names, ["delay"]);
    /// # Ok::<(), tower_tracks::DefinitionError>(())
    /// ```
    pub fn former_names(&self) -> &[String] {
        &self.former_names
    }

    /// Returns whether the set has this name, or had it.
    #[cfg(feature = "tower")]
    pub(crate) fn is_named(&self, name: &str) -> bool {
        self.name == name || self.former_names.iter().any(|former| former == name)
    }

    /// Returns the salt without the phase; by default, it is the first name of the set.
    ///
    /// ```
    /// use tower_tracks::SimpleTrackSet;
    ///
    /// let renamed = SimpleTrackSet::new("page-delay").salt("delay").track("short", 500).build()?;
    /// let salts: Vec<_> = renamed.sets().map(|set| (set.name(), set.salt())).collect();
    /// assert_eq!(salts, [("page-delay", "delay")]);
    /// # Ok::<(), tower_tracks::DefinitionError>(())
    /// ```
    pub fn salt(&self) -> &str {
        let first_name = self.former_names.first().unwrap_or(&self.name);
        self.salt.as_deref().unwrap_or(first_name)
    }

    /// Returns the text that is hashed with the key: the salt, followed by `@` and the phase from phase 2 on.
    ///
    /// ```
    /// use tower_tracks::SimpleTrackSet;
    ///
    /// let delay = SimpleTrackSet::new("delay").track("short", 500).phase(2).build()?;
    /// let salts: Vec<_> = delay.sets().map(|set| set.effective_salt()).collect();
    /// assert_eq!(salts, ["delay@2"]);
    /// # Ok::<(), tower_tracks::DefinitionError>(())
    /// ```
    pub fn effective_salt(&self) -> String {
        match self.phase {
            1 => self.salt().to_owned(),
            phase => format!("{}@{phase}", self.salt()),
        }
    }

    /// Returns the phase, from 1.
    ///
    /// A later phase is a new test with the same name: keys are assigned anew.
    pub fn phase(&self) -> u32 {
        self.phase
    }

    /// Returns the kind of key of this set.
    ///
    /// It is `visitor` by default. All sets of a group have the same.
    pub fn unit_kind(&self) -> &str {
        &self.unit
    }

    /// Returns the weight among the sets of its group.
    ///
    /// It is 100 by default, and from 0 to 2³². With 0, the group never chooses the set.
    pub fn weight(&self) -> u64 {
        self.weight
    }

    /// Returns the share of the set's traffic that takes part, from 0.0 to 1.0.
    ///
    /// A key outside the share is in no track, although the set was chosen for it.
    pub fn share(&self) -> f64 {
        self.share
    }

    /// Returns the scheme that assigns.
    ///
    /// All sets of a group have the same scheme.
    pub fn bucketing(&self) -> Bucketing {
        self.bucketing
    }

    /// Returns the tracks in the order in which they are assigned.
    ///
    /// In [`Bucketing::V1`], control comes first, then the others as they were added. The order is
    /// part of the [fingerprint](Self::fingerprint).
    ///
    /// ```
    /// use tower_tracks::SimpleTrackSet;
    ///
    /// let theme = SimpleTrackSet::new("theme").track("light", 1).track("dark", 2).control("dark");
    /// let theme = theme.build()?;
    /// for set in theme.sets() {
    ///     let tracks = set.tracks().iter().map(|track| (track.name(), track.is_control()));
    ///     assert!(tracks.eq([("dark", true), ("light", false)]));
    /// }
    /// # Ok::<(), tower_tracks::DefinitionError>(())
    /// ```
    pub fn tracks(&self) -> &[Track] {
        &self.tracks
    }

    /// Returns the plan of the test: its metrics, size, owner and hypothesis. `None` if none was
    /// given.
    ///
    /// ```
    /// use tower_tracks::{Metric, Plan, SimpleTrackSet};
    ///
    /// let plan = Plan::default().primary(Metric::rate("purchase")).units(20_000);
    /// let delay = SimpleTrackSet::new("delay").track("short", 500).plan(plan).build()?;
    /// for set in delay.sets() {
    ///     assert_eq!(set.plan().and_then(|plan| plan.planned_units()), Some(20_000));
    /// }
    /// # Ok::<(), tower_tracks::DefinitionError>(())
    /// ```
    pub fn plan(&self) -> Option<&Plan> {
        self.plan.as_ref()
    }

    /// Returns whether its control is left out of all other sets of its layer, as a `Holdout` makes it.
    pub fn is_holdout(&self) -> bool {
        self.is_holdout
    }

    /// Returns the name of the dimension of its segments, such as `device`; `None` if it has none.
    ///
    /// ```
    /// use tower_tracks::SimpleTrackSet;
    ///
    /// let delay = SimpleTrackSet::new("delay").track("long", 2000);
    /// let delay = delay.segment("device", |device: &String| device).build()?;
    /// assert_eq!(delay.sets().next().and_then(|set| set.segment()), Some("device"));
    /// # Ok::<(), tower_tracks::DefinitionError>(())
    /// ```
    pub fn segment(&self) -> Option<&str> {
        self.segments.as_ref().map(Segments::dimension)
    }

    /// Returns the number of a segment by its name; `None` if the set has no segments.
    #[cfg(any(feature = "ofrep", feature = "propagation"))]
    pub(crate) fn segment_number(&self, name: &str) -> Option<u8> {
        let segments = self.segments.as_ref()?;
        Some(segments.number(name))
    }

    /// Returns whether tracks of this set carry a `T`, even though its control may carry
    /// nothing.
    ///
    /// ```
    /// use tower_tracks::SimpleTrackSet;
    ///
    /// let delay = SimpleTrackSet::new("delay").track("short", 500_u64).build()?;
    /// for set in delay.sets() {
    ///     assert!(set.carries::<u64>() && !set.carries::<i32>());
    /// }
    /// # Ok::<(), tower_tracks::DefinitionError>(())
    /// ```
    pub fn carries<T: 'static>(&self) -> bool {
        let id = TypeId::of::<T>();
        self.carries.iter().any(|carries| carries.id == id)
    }

    /// Returns the names of the types that tracks of this set carry.
    #[cfg(feature = "tower")]
    pub(crate) fn carried_types(&self) -> impl Iterator<Item = &'static str> {
        self.carries.iter().map(|carries| carries.name)
    }

    /// The enum of a typed set.
    #[cfg(feature = "tower")]
    pub(crate) fn typed(&self) -> Option<TypeId> {
        self.typed
    }
}

impl fmt::Debug for Set {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Set")
            .field("name", &self.name)
            .field("former_names", &self.former_names)
            .field("salt", &self.salt())
            .field("phase", &self.phase)
            .field("unit", &self.unit)
            .field("weight", &self.weight)
            .field("share", &self.share)
            .field("bucketing", &self.bucketing)
            .field("tracks", &self.tracks)
            .finish_non_exhaustive()
    }
}
