use std::{any::type_name, error, fmt};

/// The error of a value that OFREP cannot send: only a text, a number, true, false or a JSON object is one.
///
/// ```
/// use tower_tracks::{SimpleTrackSet, TracksLayer, ofrep::Ofrep};
///
/// let sizes = SimpleTrackSet::new("sizes").track("two", vec![1, 2]).build()?;
/// let ofrep = Ofrep::new(&TracksLayer::new(sizes));
/// let error = ofrep.clone().value::<Vec<i32>>().unwrap_err();
/// assert_eq!((error.set(), error.track()), (Some("sizes"), Some("two")));
/// // The type of an integer literal is often another one.
/// let error = ofrep.value::<i64>().unwrap_err();
/// assert_eq!(error.to_string(), "no set of the layer carries a `i64`");
/// # Ok::<(), tower_tracks::DefinitionError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct OfrepError(Fault);

#[derive(Clone, PartialEq, Eq)]
enum Fault {
    Uncarried {
        name: &'static str,
    },
    Value {
        set: String,
        track: String,
        what: String,
    },
}

impl OfrepError {
    pub(super) fn uncarried<T>() -> Self {
        let name = type_name::<T>();
        Self(Fault::Uncarried { name })
    }

    pub(super) fn value(set: &str, track: &str, what: String) -> Self {
        let (set, track) = (set.to_owned(), track.to_owned());
        Self(Fault::Value { set, track, what })
    }

    /// Returns the name of the set; `None` if no set carries the type.
    pub fn set(&self) -> Option<&str> {
        match &self.0 {
            Fault::Uncarried { .. } => None,
            Fault::Value { set, .. } => Some(set),
        }
    }

    /// Returns the name of the track; `None` if no set carries the type.
    pub fn track(&self) -> Option<&str> {
        match &self.0 {
            Fault::Uncarried { .. } => None,
            Fault::Value { track, .. } => Some(track),
        }
    }
}

impl fmt::Display for OfrepError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Fault::Uncarried { name } => write!(f, "no set of the layer carries a `{name}`"),
            Fault::Value { set, track, what } => write!(
                f,
                "the value of the track {track:?} of the set {set:?} {what}; OFREP sends a text, a number, true, \
                 false or a JSON object"
            ),
        }
    }
}

debug_as_message!(OfrepError);

impl error::Error for OfrepError {}
