use std::{any::Any, fmt, sync::Arc};

/// A type whose values tracks carry: `Debug + Send + Sync + 'static`.
///
/// Functions and closures are not values. They do not implement `Debug`, so passing one to `track` is an
/// error that names `run`. It cannot be implemented by hand.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the value of a track",
    label = "not a value; a function is given to `.run`",
    note = "a function is run, not carried: write `.run(name, function)`, or `.run_async(name, function)` for an `async fn`",
    note = "a type of your own needs `#[derive(Debug)]`, and to be `Send + Sync + 'static`"
)]
pub trait TrackValue: Send + Sync + 'static {}

#[diagnostic::do_not_recommend]
impl<T: fmt::Debug + Send + Sync + 'static> TrackValue for T {}

/// What a track carries, to be found again by its type.
pub(super) type Carried = Arc<dyn Any + Send + Sync>;

/// A built track of a set: its name, its weight, and its value.
///
/// [`Set::tracks`](crate::assign::Set::tracks) returns the tracks of a set. Read the value of a track from a
/// [`Choice`](crate::Choice), not from here.
///
/// ```
/// use tower_tracks::SimpleTrackSet;
///
/// let delay = SimpleTrackSet::new("delay").track("short", 500).track_weight("short", 3).build()?;
/// for set in delay.sets() {
///     let weights: Vec<_> = set.tracks().iter().map(|track| (track.name(), track.weight())).collect();
///     assert_eq!(weights, [("control", 1), ("short", 3)]);
/// }
/// # Ok::<(), tower_tracks::DefinitionError>(())
/// ```
#[derive(Clone)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Track {
    pub(super) name: Box<str>,
    pub(super) weight: u64,
    pub(super) control: bool,
    /// At most a value and what to run: short enough to be searched in line.
    #[cfg_attr(feature = "serde", serde(skip))]
    pub(super) carried: Vec<Carried>,
}

/// The weight of a track that was given none, so that all tracks are equal.
pub(super) const DEFAULT_WEIGHT: u64 = 1;

impl Track {
    /// A track with a value, of the default weight.
    pub(super) fn new(name: String, carried: Carried) -> Self {
        Self {
            carried: vec![carried],
            ..Self::without_value(name)
        }
    }

    /// A track that carries nothing, of the default weight.
    pub(super) fn without_value(name: String) -> Self {
        Self {
            name: name.into(),
            weight: DEFAULT_WEIGHT,
            control: false,
            carried: Vec::new(),
        }
    }

    /// The control that comes first by itself.
    pub(super) fn automatic_control() -> Self {
        Self {
            control: true,
            ..Self::without_value("control".to_owned())
        }
    }

    /// Returns the name, which is unique in the set.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the weight among the tracks of its set.
    ///
    /// A track is chosen with the probability of its weight, divided by the sum of the weights of
    /// the set.
    pub fn weight(&self) -> u64 {
        self.weight
    }

    /// Returns whether this is the control, which changes nothing and with which the others are compared.
    pub fn is_control(&self) -> bool {
        self.control
    }

    /// Returns what the track carries of this type: a value, or what is run.
    #[inline]
    pub(crate) fn carried<T: 'static>(&self) -> Option<&T> {
        self.carried
            .iter()
            .find_map(|carried| carried.downcast_ref())
    }
}

impl fmt::Debug for Track {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Track")
            .field("name", &self.name)
            .field("weight", &self.weight)
            .field("control", &self.control)
            .finish_non_exhaustive()
    }
}
