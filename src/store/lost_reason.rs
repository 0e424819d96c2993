//! The reasons for which a sink loses events. The texts are stored, so they never change.

use std::fmt;

/// The reason for a loss.
///
/// A recorder counts each lost event under one reason, and writes the counts into the store as
/// [`LossRow`](crate::store::LossRow)s. A report compares them with the recorded events.
///
/// ```
/// use tower_tracks::store::LostReason;
///
/// assert_eq!(LostReason::QueueFull.to_string(), "queue-full");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum LostReason {
    /// The queue was full: the sink is slower than the events.
    QueueFull,
    /// The recorder was already shut down.
    Closed,
    /// The shutdown timed out before the event was written.
    TimeOver,
    /// The event could neither be written nor set aside.
    Unwritable,
    /// The set of the event has another unit than its phase had so far.
    OtherUnit,
    /// A ceiling, set by the application, refused the event.
    Ceiling,
}

impl LostReason {
    /// Returns the reason as it is recorded, such as `queue-full`.
    ///
    /// The text is stable: it is the `reason` of a [`Loss`](crate::store::Loss).
    ///
    /// ```
    /// use tower_tracks::store::LostReason;
    ///
    /// assert_eq!(LostReason::OtherUnit.as_str(), "other-unit");
    /// assert_eq!(LostReason::Ceiling.as_str(), "ceiling");
    /// ```
    pub fn as_str(self) -> &'static str {
        match self {
            Self::QueueFull => "queue-full",
            Self::Closed => "closed",
            Self::TimeOver => "time-over",
            Self::Unwritable => "unwritable",
            Self::OtherUnit => "other-unit",
            Self::Ceiling => "ceiling",
        }
    }
}

impl fmt::Display for LostReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
