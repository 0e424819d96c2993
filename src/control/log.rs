//! Where changes are kept, in the order in which they were made.

use crate::store::{StoreError, Timestamp};

use super::change::{Change, Draft};

/// A log of changes, which all nodes of a service read.
///
/// It only grows: a change is never edited and never deleted. It is a trait of its own beside
/// [`Store`](crate::store::Store), because changes belong to a deployment and are not merged with those of
/// another one.
///
/// # Contract
///
/// * Numbers begin at 1 or later and rise. A change that is visible is never followed by one of a lower
///   number that appears later, so a reader of `number > n` misses none.
/// * Of two appends that name the same previous change, one succeeds.
/// * Times are those of one clock, or of clocks that are kept in step.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a log of changes",
    note = "use `Sqlite`, `Postgres`, `JsonLog` or `MemoryLog`, or implement `ChangeLog`"
)]
pub trait ChangeLog: Send + Sync {
    /// Returns the changes with a higher number, in the order of their numbers.
    ///
    /// It is called every few seconds, so it is cheap where there are none.
    ///
    /// # Errors
    ///
    /// When the log cannot be read.
    fn after(&self, number: u64) -> Result<Changes, StoreError>;

    /// Adds a change, unless its set has had another change since `previous`, the number of the last change
    /// of that set and phase; 0 stands for none.
    ///
    /// # Errors
    ///
    /// When the log cannot be written.
    fn append(&self, draft: &Draft, previous: u64) -> Result<Appended, StoreError>;
}

/// The answer of [`ChangeLog::after`].
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Changes {
    /// The changes, in the order of their numbers.
    pub changes: Vec<Change>,
    /// The changes of these numbers that cannot be read. They have no effect, and the others count.
    pub malformed: Vec<Malformed>,
    /// The highest number of the log, also where no change is new; 0 if the log is empty.
    pub last: u64,
    /// The time of the log.
    pub now: Timestamp,
}

/// A change that cannot be read, since another program wrote or edited it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[non_exhaustive]
pub struct Malformed {
    /// The number in the log.
    pub number: u64,
    /// What is wrong with it.
    pub message: String,
}

/// The answer of [`ChangeLog::append`].
#[derive(Debug, Clone, PartialEq)]
#[must_use = "another person may have been faster"]
pub enum Appended {
    /// The change as it was added.
    Added(Change),
    /// Nothing was added: this change of the same set and phase was faster.
    Conflict(Change),
}

impl Changes {
    /// Returns an answer.
    pub fn new(changes: Vec<Change>, last: u64, now: Timestamp) -> Self {
        Self {
            changes,
            malformed: Vec::new(),
            last,
            now,
        }
    }
}

impl Malformed {
    /// Returns a change that cannot be read, with what is wrong.
    pub fn new(number: u64, message: impl ToString) -> Self {
        Self {
            number,
            message: message.to_string(),
        }
    }
}

impl<L: ChangeLog + ?Sized> ChangeLog for std::sync::Arc<L> {
    fn after(&self, number: u64) -> Result<Changes, StoreError> {
        (**self).after(number)
    }

    fn append(&self, draft: &Draft, previous: u64) -> Result<Appended, StoreError> {
        (**self).append(draft, previous)
    }
}
