use std::{error, fmt, sync::Arc};

use crate::assign::{KEY_RULE, SET_RULE, is_set_name};

/// The name of what one hopes for, such as `purchase`.
///
/// It is 1 to 64 of `a-z`, `0-9`, `_`, `-`, `.` and `*`, the first of them a letter or `*`, like
/// the name of a set. Goals have global names: a conversion names no set.
///
/// ```
/// use tower_tracks::Goal;
///
/// assert_eq!(Goal::new("purchase")?.as_str(), "purchase");
/// assert!(Goal::new("Purchase!").is_err());
/// # Ok::<(), tower_tracks::GoalError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Goal(Arc<str>);

impl Goal {
    /// Returns the goal of this name.
    ///
    /// # Errors
    ///
    /// When the name is against the rule.
    pub fn new(name: &str) -> Result<Self, GoalError> {
        match is_set_name(name) {
            true => Ok(Self(name.into())),
            false => Err(GoalError::Name { name: name.into() }),
        }
    }

    /// Returns the name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Goal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Why a conversion was refused: its goal, its value, or the unit or the key of its subject is not
/// one.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub enum GoalError {
    /// The name of the goal is against the rule.
    Name {
        /// The name.
        name: String,
    },
    /// The value is not finite, or beyond what 64 bits of millionths hold: ±9.22 · 10¹².
    Value {
        /// The value.
        value: f64,
    },
    /// The unit of the subject is against the rule of the names of units.
    Unit {
        /// The unit, such as `visitor`.
        unit: String,
    },
    /// The key of the subject is not [valid](crate::Key::is_valid), such as an empty id.
    Key {
        /// The length of the key in bytes; the error does not show the key.
        len: usize,
    },
}

impl fmt::Display for GoalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name { name } => write!(f, "goal {name:?}: a name is {SET_RULE}"),
            Self::Value { value } => {
                write!(f, "value {value}: it is finite and within ±9.22e12")
            }
            Self::Unit { unit } => write!(f, "unit {unit:?}: a unit's name is {SET_RULE}"),
            Self::Key { len } => write!(f, "key of {len} bytes: a key is {KEY_RULE}"),
        }
    }
}

debug_as_message!(GoalError);

impl error::Error for GoalError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_name_value_and_rule() {
        let error = Goal::new("Purchase").unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("goal \"Purchase\": a name is {SET_RULE}")
        );
        let error = GoalError::Value { value: f64::NAN };
        assert_eq!(
            error.to_string(),
            "value NaN: it is finite and within ±9.22e12"
        );
        let error = GoalError::Key { len: 0 };
        assert_eq!(
            error.to_string(),
            "key of 0 bytes: a key is 1 to 1024 bytes long, and not only of empty parts"
        );
    }
}
