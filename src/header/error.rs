use std::{error, fmt};

use crate::assign::SET_RULE;

/// The error of [`decode`](crate::header::decode).
///
/// It refuses the whole header: a part of it could be read, but exposures would be missing without
/// notice. `Display` and `Debug` write the same message.
///
/// ```
/// use tower_tracks::header::{DecodeError, decode};
///
/// let refused = decode("pricing=cheap, delay=2");
/// assert_eq!(refused, Err(DecodeError::Track { set: "delay".to_owned() }));
/// ```
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum DecodeError {
    /// The header is longer than 16 KiB.
    TooLong {
        /// The length in bytes.
        length: usize,
    },
    /// The header is not a dictionary of RFC 9651.
    Syntax {
        /// The error in words.
        reason: String,
    },
    /// The name of a member is not a valid name of a set.
    Set {
        /// The name.
        set: String,
    },
    /// A member is not the name of a track.
    ///
    /// Its value is not a token or a string, or not a legal name of a track.
    Track {
        /// The set.
        set: String,
    },
    /// A parameter has a value that the layer never writes.
    ///
    /// The parameters are `phase`, `forced`, `run` and `unit`.
    Parameter {
        /// The set.
        set: String,
        /// The parameter's name.
        parameter: &'static str,
    },
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong { length } => {
                write!(f, "a header of {length} bytes is longer than 16 KiB")
            }
            Self::Syntax { reason } => write!(f, "not a dictionary of RFC 9651: {reason}"),
            Self::Set { set } => write!(f, "set {set:?}: a set's name is {SET_RULE}"),
            Self::Track { set } => write!(f, "set {set:?}: the value is not a track name"),
            Self::Parameter { set, parameter } => {
                write!(f, "set {set:?}: the value of `{parameter}` is invalid")
            }
        }
    }
}

debug_as_message!(DecodeError);

impl error::Error for DecodeError {}
