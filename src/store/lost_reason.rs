use std::fmt;

/// The reason for a loss.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum LostReason {
    /// The queue was full: the sink is slower than the events.
    QueueFull,
    /// The recorder was already shut down.
    Closed,
    /// The time of a shutdown was over before the event was written.
    TimeOver,
    /// The event could neither be written nor set aside.
    Unwritable,
    /// The set of the event has another unit than its phase had so far.
    OtherUnit,
    /// The sink has reached the ceiling that the application set.
    Ceiling,
}

impl LostReason {
    /// Returns the reason as it is recorded, such as `queue-full`.
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
