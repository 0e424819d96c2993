use std::{error, fmt};

use crate::store::StoreError;

use super::{change::Change, void::Void};

/// Why a change was not made.
#[non_exhaustive]
pub enum ControlError {
    /// No layer with these controls has the set.
    UnknownSet(String),
    /// The change would have no effect.
    Refused(Void),
    /// Another change of the set was faster. Look at it, then decide again.
    Conflict(Box<Change>),
    /// The log has lost changes, and a change would not come into force before
    /// [`Controls::accept_log`](super::Controls::accept_log) was called.
    Regressed,
    /// The log failed. It is not known whether the change was made.
    Log(StoreError),
}

impl fmt::Display for ControlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownSet(set) => write!(f, "no layer with these controls has the set {set:?}"),
            Self::Refused(void) => void.fmt(f),
            Self::Conflict(change) => write!(f, "another change was faster: {change}"),
            Self::Regressed => f.write_str(
                "the log has lost changes, so it has to be accepted before a change is made",
            ),
            Self::Log(_) => f.write_str("the log of changes failed"),
        }
    }
}

debug_as_message!(ControlError);

impl error::Error for ControlError {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match self {
            Self::Log(error) => Some(error),
            _ => None,
        }
    }
}

impl From<StoreError> for ControlError {
    fn from(error: StoreError) -> Self {
        Self::Log(error)
    }
}
