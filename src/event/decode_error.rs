use std::{error, fmt};

use crate::assign::SET_RULE;

/// Why a header was refused by [`decode`](super::decode).
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum DecodeError {
    /// It is longer than 16 KiB.
    TooLong {
        /// The length in bytes.
        length: usize,
    },
    /// It is no dictionary of RFC 9651.
    Syntax {
        /// What is wrong with it, in words.
        reason: String,
    },
    /// A member's name is not of the grammar of sets.
    Set {
        /// The name.
        set: String,
    },
    /// A member is not the name of a track.
    Track {
        /// The set.
        set: String,
    },
    /// A parameter has a value that is never written.
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
            Self::Track { set } => write!(f, "set {set:?}: its member is no track"),
            Self::Parameter { set, parameter } => write!(
                f,
                "set {set:?}: the value of `{parameter}` is not one that is written"
            ),
        }
    }
}

debug_as_message!(DecodeError);

impl error::Error for DecodeError {}
