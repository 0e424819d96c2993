use std::{fmt, sync::Arc};

use crate::assign::{DEFAULT_UNIT, Key, is_set_name};

use super::unit::Unit;
use crate::event::GoalError;

/// The subject of a conversion: a key with its kind, or a unit, as in a receipt.
///
/// A key alone is that of a visitor. For another kind, use a pair of the kind and the key.
///
/// ```
/// use tower_tracks::{Key, unit::Subject};
///
/// assert_eq!(Subject::from(&Key::from("alice")).kind(), "visitor");
/// assert_eq!(Subject::from(("user", &Key::from(42))).kind(), "user");
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Subject {
    /// The unit of sets that the subject belongs to, such as `visitor`.
    kind: Arc<str>,
    who: Who,
}

/// A key while the program knows it; a unit where only the recorded form is known.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Who {
    Key(Key<'static>),
    Unit(Unit),
}

impl Subject {
    /// Returns the subject with a key of this kind, without checking whether it is
    /// [valid](Self::is_valid).
    ///
    /// `Subject::from` does the same for a borrowed kind.
    ///
    /// ```
    /// use tower_tracks::{Key, unit::Subject};
    ///
    /// let user = Subject::of_key("user", &Key::from(42));
    /// assert_eq!((user.kind(), user.key()), ("user", Some(&Key::from(42))));
    /// ```
    pub fn of_key(kind: impl Into<Arc<str>>, key: &Key<'_>) -> Self {
        Self {
            kind: kind.into(),
            who: Who::Key(key.clone().into_owned()),
        }
    }

    /// Returns the subject with a unit of this kind, without checking whether it is
    /// [valid](Self::is_valid).
    ///
    /// Use it where the key is not known, such as for units that were read from a log.
    ///
    /// ```
    /// use tower_tracks::unit::{Subject, Unit};
    ///
    /// let unit = Unit::from_bytes([0xab; 16]);
    /// let visitor = Subject::of_unit("visitor", unit);
    /// assert_eq!((visitor.key(), visitor.unit()), (None, Some(unit)));
    /// ```
    pub fn of_unit(kind: impl Into<Arc<str>>, unit: Unit) -> Self {
        Self {
            kind: kind.into(),
            who: Who::Unit(unit),
        }
    }

    /// Returns the kind, such as `visitor`.
    ///
    /// It decides which sets a conversion can belong to: those whose unit it is, and sets by
    /// visitor through an alias of the key.
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// Returns whether the subject can be recorded: the kind is 1 to 64 of `a-z`, `0-9`, `_`, `-`, `.` and
    /// `*`, the first of them a letter or `*`, like the unit of a set, and the key is
    /// [valid](Key::is_valid).
    ///
    /// A recorder refuses a conversion of an invalid subject with a `GoalError`.
    ///
    /// ```
    /// use tower_tracks::{Key, unit::Subject};
    ///
    /// assert!(Subject::of_key("user", &Key::from(42)).is_valid());
    /// assert!(!Subject::of_key("User", &Key::from(42)).is_valid());
    /// assert!(!Subject::of_key("user", &Key::from("")).is_valid());
    /// ```
    pub fn is_valid(&self) -> bool {
        self.check().is_ok()
    }

    /// Returns the reason why the subject cannot be recorded, if there is one.
    pub(crate) fn check(&self) -> Result<(), GoalError> {
        match self.key().filter(|key| !key.is_valid()) {
            _ if !is_set_name(&self.kind) => Err(GoalError::Unit {
                unit: (*self.kind).to_owned(),
            }),
            Some(key) => Err(GoalError::Key {
                len: key.as_bytes().len(),
            }),
            None => Ok(()),
        }
    }

    /// Returns the key, if it is known.
    ///
    /// It may name a person. Exactly one of the key and the [`unit`](Self::unit) is known.
    pub fn key(&self) -> Option<&Key<'static>> {
        match &self.who {
            Who::Key(key) => Some(key),
            Who::Unit(_) => None,
        }
    }

    /// Returns the unit, if the key is not known.
    pub fn unit(&self) -> Option<Unit> {
        match self.who {
            Who::Key(_) => None,
            Who::Unit(unit) => Some(unit),
        }
    }

    /// Returns the unit as it is recorded: computed from the key, or known already.
    #[cfg(feature = "record")]
    pub(crate) fn recorded(&self, units: &super::Units) -> Unit {
        match &self.who {
            Who::Key(key) => units.unit(&self.kind, key),
            Who::Unit(unit) => *unit,
        }
    }
}

impl From<&Key<'_>> for Subject {
    fn from(key: &Key<'_>) -> Self {
        Self::of_key(DEFAULT_UNIT, key)
    }
}

impl From<(&str, &Key<'_>)> for Subject {
    fn from((kind, key): (&str, &Key<'_>)) -> Self {
        Self::of_key(kind, key)
    }
}

/// Shows the kind, but neither the key nor the unit.
impl fmt::Debug for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // They may identify a person, and `Debug` ends in logs.
        f.debug_struct("Subject")
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}
