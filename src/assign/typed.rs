use std::{any::TypeId, fmt, marker::PhantomData, sync::Arc};

use super::{
    ContextState, Definition, DefinitionError, For, Join, MultiTrackSet, NoContext, Plan, Track,
    context::{JoinedContext, erased},
    definition::{Control, Draft, Order, Pinned, definition_methods, sealed::IntoDraft},
    segment::{Segments, erased_segment},
    set::Carries,
    track::DEFAULT_WEIGHT,
};

/// An enum whose variants are the tracks of a set.
///
/// It is implemented by `#[derive(TrackSet)]` (feature `derive`). A `match` over such an enum
/// is exhaustive, and a misspelt track does not compile.
///
/// | attribute | on | meaning | default |
/// | --- | --- | --- | --- |
/// | `track_set(name = "…")` | enum | the set's name | the enum's name in snake case |
/// | `track_set(formerly = "…")` | enum | see [`TypedTrackSet::formerly`]; may be repeated | none |
/// | `track_set(weight = 1000)` | enum | see [`TypedTrackSet::weight`] | 100 |
/// | `track_set(salt = "…")` | enum | see [`TypedTrackSet::salt`] | the oldest name |
/// | `track_set(phase = 2)` | enum | see [`TypedTrackSet::phase`] | 1 |
/// | `track_set(unit_kind = "user")` | enum | see [`TypedTrackSet::unit_kind`] | `visitor` |
/// | `track(control)` | variant | marks the control, on exactly one variant | |
/// | `track(name = "…")` | variant | the track's name | the variant's name in snake case |
/// | `track(weight = 3)` | variant | see [`TypedTrackSet::track_weight`] | 1 |
///
/// ```
/// # #[cfg(feature = "derive")] {
/// use tower_tracks::TrackSet;
///
/// #[derive(Clone, Copy, Debug, PartialEq, Eq, TrackSet)]
/// #[track_set(name = "pricing", weight = 1000)]
/// enum Pricing {
///     #[track(control)]
///     Control,
///     Cheap,
///     #[track(name = "10-up", weight = 2)]
///     Expensive,
/// }
///
/// let sets = Pricing::track_set().build()?;
/// let choice = sets.assign("bob", &());
/// assert_eq!(choice.value::<Pricing>(), Some(&Pricing::Expensive));
/// assert_eq!(choice.track(), Some("10-up"));
/// # }
/// # Ok::<(), tower_tracks::DefinitionError>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a typed set",
    label = "this enum does not name tracks",
    note = "put `#[derive(TrackSet)]` and `use tower_tracks::TrackSet` on the enum, and `#[track(control)]` on one of its variants"
)]
pub trait TrackSet: Clone + Send + Sync + 'static {
    /// The name of the set.
    ///
    /// By default it is the name of the enum in snake case.
    const NAME: &'static str;

    /// Returns the definition of the set.
    ///
    /// [`build`](TypedTrackSet::build) makes a group of it, and `MultiTrackSetBuilder::add` adds it
    /// to one. Its methods set what the attributes do not, such as [`share`](TypedTrackSet::share).
    fn track_set() -> TypedTrackSet<Self>;

    /// Returns the variant that changes nothing.
    ///
    /// It is what a handler uses where no track was assigned.
    fn control() -> Self;
}

/// One variant of a [`TrackSet`] as a track.
///
/// The derive macro makes one for each variant. [`TypedTrackSet::new`] has an example without the
/// macro.
#[derive(Debug, Clone)]
#[must_use]
pub struct TypedTrack<E> {
    name: String,
    weight: u64,
    control: bool,
    variant: E,
}

impl<E> TypedTrack<E> {
    /// Returns a track for a variant.
    ///
    /// The name is 1 to 64 of `A-Z`, `a-z`, `0-9`, `_`, `-`, `.` and `*`. It is checked when the set is
    /// built.
    pub fn new(name: impl Into<String>, variant: E) -> Self {
        Self {
            name: name.into(),
            weight: DEFAULT_WEIGHT,
            control: false,
            variant,
        }
    }

    /// Sets the weight among the tracks of the set, from 0 (never) to 2³². Defaults to 1.
    pub fn weight(mut self, weight: u64) -> Self {
        self.weight = weight;
        self
    }

    /// Makes this track the control, which changes nothing. A set has exactly one.
    pub fn control(mut self) -> Self {
        self.control = true;
        self
    }
}

/// The definition of a set whose tracks are the variants of an enum.
///
/// [`TrackSet::track_set`] returns it. Its settings are those of a [`SimpleTrackSet`](crate::SimpleTrackSet),
/// except that the enum defines the tracks and the control. A track is named by its variant or by its name.
#[must_use = "a definition is finished by `.build()?` or added to a group"]
pub struct TypedTrackSet<E, S = NoContext> {
    pub(super) draft: Draft,
    pub(super) state: PhantomData<fn() -> (E, S)>,
}

impl<E: TrackSet> TypedTrackSet<E, NoContext> {
    /// Returns a set with these tracks. The derive macro calls it.
    ///
    /// Each variant is one track. One of the tracks must be control.
    ///
    /// ```
    /// use tower_tracks::{TrackSet, assign::{TypedTrack, TypedTrackSet}};
    ///
    /// #[derive(Clone, Debug, PartialEq)]
    /// enum Colour { Grey, Red }
    ///
    /// impl TrackSet for Colour {
    ///     const NAME: &'static str = "colour";
    ///
    ///     fn track_set() -> TypedTrackSet<Self> {
    ///         let grey = TypedTrack::new("grey", Self::Grey).control();
    ///         TypedTrackSet::new(Self::NAME, [grey, TypedTrack::new("red", Self::Red).weight(3)])
    ///     }
    ///
    ///     fn control() -> Self {
    ///         Self::Grey
    ///     }
    /// }
    ///
    /// let colour = Colour::track_set().build()?;
    /// assert_eq!(colour.assign("alice", &()).value(), Some(&Colour::Red));
    /// # Ok::<(), tower_tracks::DefinitionError>(())
    /// ```
    pub fn new(name: impl Into<String>, tracks: impl IntoIterator<Item = TypedTrack<E>>) -> Self {
        let mut draft = Draft::new(name.into(), Some(Carries::of::<E>()), Order::MethodName);
        draft.set.typed = Some(TypeId::of::<E>());
        // No name is given here: the track that is control has said so, and none is put in front.
        draft.control = Control::Named(Vec::new());
        draft.set.tracks = tracks.into_iter().map(Track::from).collect();
        Self {
            draft,
            state: PhantomData,
        }
    }

    /// Returns the variants, in the order of the definition.
    #[cfg(feature = "test-util")]
    pub(crate) fn into_variants(self) -> Vec<E> {
        let tracks = self.draft.set.tracks.iter();
        tracks
            .filter_map(|track| track.carried().cloned())
            .collect()
    }
}

impl<E: TrackSet> From<TypedTrack<E>> for Track {
    fn from(track: TypedTrack<E>) -> Self {
        Self {
            name: track.name.into(),
            weight: track.weight,
            control: track.control,
            carried: vec![Arc::new(track.variant)],
        }
    }
}

definition_methods!(TypedTrackSet<E>);
