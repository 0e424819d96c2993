use std::{error, fmt};

/// The error of a value that OFREP cannot send: only a text, a number, true, false or a JSON object is one.
///
/// ```
/// use tower_tracks::{SimpleTrackSet, TracksLayer, ofrep::Ofrep};
///
/// let sizes = SimpleTrackSet::new("sizes").track("two", vec![1, 2]).build()?;
/// let error = Ofrep::new(&TracksLayer::new(sizes)).value::<Vec<i32>>().unwrap_err();
/// assert_eq!((error.set(), error.track()), ("sizes", "two"));
/// # Ok::<(), tower_tracks::DefinitionError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct OfrepError {
    pub(super) set: String,
    pub(super) track: String,
    pub(super) what: String,
}

impl OfrepError {
    /// Returns the name of the set.
    pub fn set(&self) -> &str {
        &self.set
    }

    /// Returns the name of the track.
    pub fn track(&self) -> &str {
        &self.track
    }
}

impl fmt::Display for OfrepError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { set, track, what } = self;
        write!(
            f,
            "the value of the track {track:?} of the set {set:?} {what}; OFREP sends a text, a number, true, false or \
             a JSON object"
        )
    }
}

debug_as_message!(OfrepError);

impl error::Error for OfrepError {}
