use std::{fmt, time::SystemTime};

use crate::assign::{Key, is_set_name};

/// The fact that one request had two keys: that of a visitor, and that of another unit, such as
/// a signed-in user.
///
/// It changes no assignment. A recorder uses it to attribute the user's conversions to the
/// visitor's tracks. `Debug` does not show the keys.
#[derive(Clone, PartialEq, Eq)]
pub struct Alias {
    visitor: Key<'static>,
    unit: Box<str>,
    key: Key<'static>,
    at: SystemTime,
}

impl Alias {
    /// Returns the alias of a visitor's key and the key of another unit, seen in one request at `at`.
    ///
    /// It is not checked here: see [`is_valid`](Self::is_valid).
    ///
    /// ```
    /// use std::time::SystemTime;
    /// use tower_tracks::{Key, event::Alias};
    ///
    /// let visitor = Key::from("AAECAwQFBgcICQoLDA0ODw");
    /// let alias = Alias::new(visitor, "user", Key::from(42), SystemTime::now());
    /// assert_eq!((alias.unit_kind(), alias.key()), ("user", &Key::from(42)));
    /// ```
    pub fn new(visitor: Key<'_>, unit: &str, key: Key<'_>, at: SystemTime) -> Self {
        Self {
            // Owned, because it is recorded after the request has ended.
            visitor: visitor.into_owned(),
            unit: unit.into(),
            key: key.into_owned(),
            at,
        }
    }

    /// Returns whether the alias can be recorded: the kind is a valid name of a unit, and both keys
    /// are [valid](Key::is_valid).
    ///
    /// ```
    /// use std::time::SystemTime;
    /// use tower_tracks::{Key, event::Alias};
    ///
    /// let alias = |id| Alias::new(Key::from("AAECAwQFBgcICQoLDA0ODw"), "user", id, SystemTime::now());
    /// assert!(alias(Key::from(42)).is_valid());
    /// assert!(!alias(Key::from("")).is_valid(), "a guest has no id");
    /// ```
    pub fn is_valid(&self) -> bool {
        is_set_name(&self.unit) && self.visitor.is_valid() && self.key.is_valid()
    }

    /// Returns the visitor's key.
    ///
    /// It is the value of the visitor cookie, or of another source of the unit `visitor`.
    pub fn visitor(&self) -> &Key<'static> {
        &self.visitor
    }

    /// Returns the kind of the other key, such as `user`.
    pub fn unit_kind(&self) -> &str {
        &self.unit
    }

    /// Returns the other key.
    ///
    /// It may name a person.
    pub fn key(&self) -> &Key<'static> {
        &self.key
    }

    /// Returns the time of the request, by the wall clock.
    pub fn at(&self) -> SystemTime {
        self.at
    }
}

impl fmt::Debug for Alias {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Without the keys: they may identify a person, and `Debug` ends in logs.
        f.debug_struct("Alias")
            .field("unit", &self.unit)
            .field("at", &self.at)
            .finish_non_exhaustive()
    }
}
