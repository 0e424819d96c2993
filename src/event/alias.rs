use std::{fmt, time::SystemTime};

use crate::assign::{Key, is_set_name};

/// The fact that one request had two keys: a visitor's, and that of somebody who is known
/// otherwise, such as a user who signed in.
///
/// It moves nobody: a visitor's tracks stay the visitor's. It tells a recorder whose conversions
/// are whose. It does not show the keys.
#[derive(Clone, PartialEq, Eq)]
pub struct Alias {
    visitor: Key<'static>,
    unit: Box<str>,
    key: Key<'static>,
    at: SystemTime,
}

impl Alias {
    /// Returns the pairing of a visitor with a key of another unit, seen at a time.
    pub fn new(visitor: Key<'_>, unit: &str, key: Key<'_>, at: SystemTime) -> Self {
        Self {
            visitor: visitor.into_owned(),
            unit: unit.into(),
            key: key.into_owned(),
            at,
        }
    }

    /// Returns whether it can be recorded: the kind is the name of a unit, and both keys are
    /// [valid](Key::is_valid).
    pub fn is_valid(&self) -> bool {
        is_set_name(&self.unit) && self.visitor.is_valid() && self.key.is_valid()
    }

    /// Returns the visitor's key.
    pub fn visitor(&self) -> &Key<'static> {
        &self.visitor
    }

    /// Returns the kind of the other key, such as `user`.
    pub fn unit(&self) -> &str {
        &self.unit
    }

    /// Returns the other key.
    pub fn key(&self) -> &Key<'static> {
        &self.key
    }

    /// Returns when the two were seen together, by the wall clock.
    pub fn at(&self) -> SystemTime {
        self.at
    }
}

impl fmt::Debug for Alias {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Alias")
            .field("unit", &self.unit)
            .field("at", &self.at)
            .finish_non_exhaustive()
    }
}
