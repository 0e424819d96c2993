use std::{any::Any, fmt, sync::Arc};

/// A type whose values tracks carry: `Debug + Send + Sync + 'static`.
///
/// Functions and closures are not values. They are not `Debug`, so that giving one to
/// `track` is an error that names `run`. It cannot be implemented by hand.
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

/// One way a set can go.
#[derive(Clone)]
pub struct Track {
    pub(super) name: Box<str>,
    pub(super) weight: u64,
    pub(super) control: bool,
    /// At most a value and what to run: short enough to be searched in line.
    pub(super) carried: Vec<Carried>,
}

pub(super) const DEFAULT_WEIGHT: u64 = 1;

impl Track {
    pub(super) fn new(name: String, carried: Carried) -> Self {
        Self {
            carried: vec![carried],
            ..Self::without_value(name)
        }
    }

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

    /// Returns the name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the weight among the tracks of its set.
    pub fn weight(&self) -> u64 {
        self.weight
    }

    /// Returns whether this is the track that changes nothing.
    pub fn is_control(&self) -> bool {
        self.control
    }

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
