use std::{error, fmt};

/// The error of a store.
pub struct StoreError {
    kind: StoreErrorKind,
    message: String,
    source: Option<Box<dyn error::Error + Send + Sync>>,
}

/// The kind of a [`StoreError`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum StoreErrorKind {
    /// Another process holds a lock, or there was a deadlock. Trying again helps.
    Busy,
    /// The store cannot be reached, or does not exist. Trying again may help.
    Unavailable,
    /// A query exceeded its [time limit](crate::store::Sqlite::read_timeout). More time may help.
    TimedOut,
    /// The disk is full. Trying again helps after a person made room.
    Full,
    /// The store cannot be written, or the program lacks a right.
    ReadOnly,
    /// The store was written by a later version of this crate.
    NewerSchema,
    /// The store has the units of another secret, or raw units instead of pseudonyms, or the reverse.
    OtherUnits,
    /// The file of the store was deleted or replaced while it was open. The new file, which is open now,
    /// does not have the earlier facts.
    Replaced,
    /// A value can never be written; other values can. A recorder sets such an event aside. With every
    /// other kind, events stay in the queue.
    Refused,
    /// A part that the store needs has ended, such as the runtime of its connections. Trying again does not
    /// help, and a shutdown of a recorder does not wait for it.
    Over,
    /// The stored data are not those of this crate.
    Corrupt,
    /// Any other error. Its cause is unknown, so it is not attributed to the written values.
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

    /// Sets the source.
    pub fn caused_by(mut self, source: impl Into<Box<dyn error::Error + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// Returns the kind.
    pub fn kind(&self) -> StoreErrorKind {
        self.kind
    }

    /// Returns whether the same call may succeed later.
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
