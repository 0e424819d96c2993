//! The error of all stores. A recorder decides by its kind, so the same failure must have the same
//! kind in every store.

use std::{error, fmt};

/// The error of a store.
///
/// It has a [kind](Self::kind) for programs, a message for people, and the error of the database as
/// its `source`. `Debug` shows the message, so that a `main` that returns the error prints a
/// sentence.
///
/// ```
/// use tower_tracks::store::{StoreError, StoreErrorKind};
///
/// let error = StoreError::new(StoreErrorKind::Busy, "another process has locked the file");
/// assert_eq!(error.to_string(), "another process has locked the file");
/// assert!(error.is_transient());
/// ```
pub struct StoreError {
    kind: StoreErrorKind,
    message: String,
    source: Option<Box<dyn error::Error + Send + Sync>>,
}

/// The kind of a [`StoreError`].
///
/// It decides what a program does next: repeat the call, report to a person, or give up.
///
/// kind | the same call may succeed later
/// --- | ---
/// `Busy`, `TimedOut`, `Unavailable`, `Full`, `ReadOnly`, `Replaced` | yes
/// `NewerSchema`, `OtherUnits`, `Refused`, `Over`, `Corrupt`, `Other` | no
///
/// ```
/// use tower_tracks::store::{StoreError, StoreErrorKind};
///
/// fn advice(error: &StoreError) -> &'static str {
///     match error.kind() {
///         StoreErrorKind::Full => "make room on the disk",
///         StoreErrorKind::OtherUnits => "use the secret that the store began with",
///         _ if error.is_transient() => "try again",
///         _ => "read the message",
///     }
/// }
///
/// let error = StoreError::new(StoreErrorKind::Full, "there is no room");
/// assert_eq!(advice(&error), "make room on the disk");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum StoreErrorKind {
    /// Another process holds a lock, or there was a deadlock. Trying again helps.
    Busy,
    /// The store cannot be reached, or does not exist. Trying again may help.
    Unavailable,
    /// A query exceeded its [time limit](crate::store::Sqlite::read_timeout). More time may help.
    TimedOut,
    /// The disk is full. Trying again helps once there is room.
    Full,
    /// The store cannot be written, or the program lacks a permission.
    ReadOnly,
    /// The store was written by a later version of this crate.
    NewerSchema,
    /// The store has units of another secret, or raw units where the program has pseudonyms, or the reverse.
    OtherUnits,
    /// The file of the store was deleted or replaced while it was open. The new file, which is open now,
    /// does not have the earlier facts.
    Replaced,
    /// The store refuses a value for good; it accepts other values. A recorder sets such an event aside. With
    /// every other kind, events stay in the queue.
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
    ///
    /// ```
    /// use tower_tracks::store::{StoreError, StoreErrorKind};
    ///
    /// let error = StoreError::new(StoreErrorKind::Unavailable, "the server does not answer");
    /// assert_eq!(error.kind(), StoreErrorKind::Unavailable);
    /// ```
    pub fn new(kind: StoreErrorKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            source: None,
        }
    }

    /// Sets the source.
    ///
    /// The source is returned by `source()`. It is not repeated in the message, so that a report of
    /// the whole chain shows it once.
    ///
    /// ```
    /// use std::{error::Error, io};
    ///
    /// use tower_tracks::store::{StoreError, StoreErrorKind};
    ///
    /// let cause = io::Error::other("broken pipe");
    /// let error = StoreError::new(StoreErrorKind::Unavailable, "writing failed").caused_by(cause);
    /// assert_eq!(error.source().expect("a cause").to_string(), "broken pipe");
    /// ```
    pub fn caused_by(mut self, source: impl Into<Box<dyn error::Error + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// Returns the kind.
    ///
    /// ```
    /// use tower_tracks::store::{Memory, Store, StoreErrorKind};
    ///
    /// let store = Memory::default();
    /// store.claim("raw")?;
    /// let error = store.claim("pseudonyms").unwrap_err();
    /// assert_eq!(error.kind(), StoreErrorKind::OtherUnits);
    /// # Ok::<(), tower_tracks::store::StoreError>(())
    /// ```
    pub fn kind(&self) -> StoreErrorKind {
        self.kind
    }

    /// Returns whether the same call may succeed later.
    ///
    /// It depends on the [kind](Self::kind) alone. For `Full`, `ReadOnly` and `Unavailable`, a
    /// person may have to act first. A recorder keeps the events of such a write in its queue.
    ///
    /// ```
    /// use tower_tracks::store::{StoreError, StoreErrorKind};
    ///
    /// let of = |kind| StoreError::new(kind, "it failed").is_transient();
    /// assert!(of(StoreErrorKind::Busy) && of(StoreErrorKind::Full));
    /// assert!(!of(StoreErrorKind::Corrupt) && !of(StoreErrorKind::Refused));
    /// ```
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
