use std::fmt;

/// How a request with an exposure ended.
///
/// Requests that end without a response are reported like all others. A test of a slow page needs
/// them: they are the visitors who left while they waited.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Outcome {
    /// The service returned a response with this status code.
    Completed {
        /// The status code, from 100 to 999.
        status: u16,
    },
    /// The service returned an error instead of a response.
    Failed,
    /// The request was dropped before the response, for instance because the client disconnected or a
    /// timeout expired.
    Cancelled,
    /// The service panicked.
    Panicked,
}

impl Outcome {
    /// Returns the outcome as it is recorded: `completed`, `failed`, `cancelled` or
    /// `panicked`.
    ///
    /// The texts are stable: stores and logs keep them. `Display` adds the status code.
    ///
    /// ```
    /// use tower_tracks::event::Outcome;
    ///
    /// let outcome = Outcome::Completed { status: 200 };
    /// assert_eq!((outcome.as_str(), outcome.to_string().as_str()), ("completed", "completed (200)"));
    /// ```
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
