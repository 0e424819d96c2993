use std::fmt;

/// How a request ended in which a track was read.
///
/// Those who leave while a slow track keeps them waiting are the answer that its test looks
/// for, so a request that never got a response is told like any other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Outcome {
    /// A response was made, with this status code.
    Completed {
        /// The status code, from 100 to 999.
        status: u16,
    },
    /// The service returned an error in place of a response.
    Failed,
    /// The request was dropped before there was a response, as when its client went away or
    /// a timeout struck.
    Cancelled,
    /// The service panicked.
    Panicked,
}

impl Outcome {
    /// Returns the outcome as it is recorded: `completed`, `failed`, `cancelled` or
    /// `panicked`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Completed { .. } => "completed",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
            Self::Panicked => "panicked",
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Completed { status } => write!(f, "completed ({status})"),
            other => f.write_str(other.as_str()),
        }
    }
}
