use std::{fmt, time::Duration};

use serde::{Deserialize, Serialize};

use crate::store::Timestamp;

use super::{act::Act, void::Void};

/// A change to a running set, as a log has it.
///
/// A change is about one phase of a set, and is void in every other phase. It is never edited and never
/// deleted; a later change takes its place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Change {
    /// The number in the log. Numbers rise, from 1, and may have gaps.
    pub number: u64,
    /// The name of the set.
    pub set: String,
    /// The phase of the set.
    pub phase: u32,
    /// What it does.
    #[serde(flatten)]
    pub act: Act,
    /// Who made it.
    pub author: String,
    /// Why it was made.
    pub reason: String,
    /// When it was made, by the clock of the log.
    pub at: Timestamp,
    /// When it comes into force. A change that enrols more units does so some seconds after it was made,
    /// so that all nodes have read it before.
    pub effective_at: Timestamp,
    /// Whether it is void until another person [approves](Act::Approve) it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub needs_approval: bool,
}

/// A change before a log gives it a number and a time.
///
/// ```
/// use tower_tracks::control::{Act, Draft};
///
/// let draft = Draft::new("delay", 1, Act::Pause, "alice", "errors in checkout");
/// assert_eq!((draft.delay.as_secs(), draft.needs_approval), (0, false));
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Draft {
    /// The name of the set.
    pub set: String,
    /// The phase of the set.
    pub phase: u32,
    /// What it does.
    pub act: Act,
    /// Who makes it.
    pub author: String,
    /// Why it is made.
    pub reason: String,
    /// How long after it was made it comes into force.
    pub delay: Duration,
    /// Whether it is void until another person approves it.
    pub needs_approval: bool,
}

impl Draft {
    /// Returns a change that comes into force at once and needs no approval.
    pub fn new(
        set: impl Into<String>,
        phase: u32,
        act: Act,
        author: impl Into<String>,
        reason: impl Into<String>,
    ) -> Self {
        Self {
            set: set.into(),
            phase,
            act,
            author: author.into(),
            reason: reason.into(),
            delay: Duration::ZERO,
            needs_approval: false,
        }
    }

    /// Returns the change as a log stores it, with its number and time.
    ///
    /// ```
    /// use tower_tracks::{control::{Act, Draft}, store::Timestamp};
    ///
    /// let draft = Draft::new("delay", 1, Act::Pause, "alice", "errors in checkout");
    /// let change = draft.numbered(7, Timestamp::from_micros(1_000_000));
    /// assert_eq!((change.number, change.effective_at), (7, change.at));
    /// ```
    pub fn numbered(&self, number: u64, at: Timestamp) -> Change {
        Change {
            number,
            set: self.set.clone(),
            phase: self.phase,
            act: self.act.clone(),
            author: self.author.clone(),
            reason: self.reason.clone(),
            at,
            effective_at: at.plus(self.delay),
            needs_approval: self.needs_approval,
        }
    }
}

impl Change {
    /// Returns why the change has no effect, apart from what it does.
    pub(super) fn unsigned(&self) -> Option<Void> {
        let is_blank = |text: &str| text.trim().is_empty();
        (is_blank(&self.author) || is_blank(&self.reason)).then_some(Void::Unsigned)
    }

    /// Returns whether the change and a draft are about one set and phase.
    pub(super) fn is_of_set_of(&self, draft: &Draft) -> bool {
        self.set == draft.set && self.phase == draft.phase
    }

    /// Returns whether two changes have one author. Case and spaces around a name are no difference,
    /// since a person must not approve a change of their own by writing the name in another way.
    pub(super) fn is_by_author_of(&self, other: &Self) -> bool {
        let name = |change: &Self| change.author.trim().to_lowercase();
        name(self) == name(other)
    }
}

/// Writes a sentence such as `change 7 of delay: pause, by alice: errors in checkout`.
impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            number,
            set,
            act,
            author,
            reason,
            ..
        } = self;
        write!(f, "change {number} of {set}: {act}, by {author}: {reason}")
    }
}
