use std::{error, fmt};

/// What goes wrong with a store.
pub struct StoreError {
    kind: StoreErrorKind,
    message: String,
    source: Option<Box<dyn error::Error + Send + Sync>>,
}

/// What kind of thing goes wrong with a store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum StoreErrorKind {
    /// Somebody else holds what is needed: a locked database, a deadlock. Trying again helps.
    Busy,
    /// The store cannot be reached, or is not there. Trying again may help.
    Unavailable,
    /// Reading took longer than it [may](super::Sqlite::read_timeout). More time may help.
    TimedOut,
    /// There is no room. Trying again helps once a person made some.
    Full,
    /// The store may not be written, or the program lacks a right to use it.
    ReadOnly,
    /// The store was written by a later version of this crate.
    NewerSchema,
    /// The store has the units of another secret, or raw ones where pseudonyms are asked for, or
    /// the other way round.
    OtherUnits,
    /// The file of the store was deleted or replaced while it was open. What was written to it
    /// before is not in the new one, which is open now.
    Replaced,
    /// A value of what was to be written can never be written; other values can. A recorder sets
    /// such an event aside. With every other kind events wait in the queue.
    Refused,
    /// What the store runs on has ended, as the runtime of its connections. Trying again does not
    /// help, and a recorder that is shut down does not wait for it.
    Over,
    /// What is stored is not what this crate wrote.
    Corrupt,
    /// Anything else. Nothing is known of the cause, so it is not blamed on what was to be written.
    Other,
}

impl StoreError {
    /// Returns an error of a kind, with a message in lower case and without a full stop.
    pub fn new(kind: StoreErrorKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            source: None,
        }
    }

    /// Says what it comes from.
    pub fn caused_by(mut self, source: impl Into<Box<dyn error::Error + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// Returns what kind it is.
    pub fn kind(&self) -> StoreErrorKind {
        self.kind
    }

    /// Returns whether the same may succeed when it is tried again.
    pub fn is_transient(&self) -> bool {
        use StoreErrorKind::{Busy, Full, ReadOnly, Replaced, TimedOut, Unavailable};
        let is_place = matches!(self.kind, Unavailable | Full | ReadOnly | Replaced);
        is_place || matches!(self.kind, Busy | TimedOut)
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

debug_as_message!(StoreError);

impl error::Error for StoreError {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        let source = self.source.as_deref()?;
        Some(source)
    }
}
