use std::{
    cmp::Ordering,
    convert::Infallible,
    error, fmt,
    hash::{Hash, Hasher},
    sync::Arc,
};

use crate::assign::{KEY_RULE, SET_RULE, is_set_name};

/// The name of a goal, such as `purchase`.
///
/// It is 1 to 64 of `a-z`, `0-9`, `_`, `-`, `.` and `*`, the first of them a letter or `*`, like
/// the name of a set. Goals have global names: a conversion names no set.
///
/// ```
/// use tower_tracks::Goal;
///
/// assert_eq!(Goal::new("purchase")?.as_str(), "purchase");
/// assert!(Goal::new("Purchase!").is_err());
/// # Ok::<(), tower_tracks::event::GoalError>(())
/// ```
///
/// If several places record a goal, define a [constant](Self::from_static): the compiler checks the
/// name, and no place can misspell it.
#[derive(Clone)]
pub struct Goal(Name);

/// A constant goal needs no allocation; clones of any other share one.
#[derive(Clone)]
enum Name {
    Static(&'static str),
    Shared(Arc<str>),
}

impl Goal {
    /// Returns the goal of this name.
    ///
    /// # Errors
    ///
    /// If the name is invalid.
    ///
    /// ```
    /// use tower_tracks::{Goal, event::GoalError};
    ///
    /// let goal = Goal::new("newsletter-2026")?;
    /// assert_eq!(goal.to_string(), "newsletter-2026");
    /// let refused = Goal::new("Newsletter 2026");
    /// assert!(matches!(refused, Err(GoalError::Name { .. })));
    /// # Ok::<(), GoalError>(())
    /// ```
    pub fn new(name: &str) -> Result<Self, GoalError> {
        match is_set_name(name) {
            true => Ok(Self(Name::Shared(name.into()))),
            false => Err(GoalError::Name { name: name.into() }),
        }
    }

    /// Returns the goal of this name, for constants: an invalid name does not compile.
    ///
    /// ```
    /// use tower_tracks::Goal;
    ///
    /// const PURCHASE: Goal = Goal::from_static("purchase");
    /// assert_eq!(PURCHASE.as_str(), "purchase");
    /// ```
    ///
    /// ```compile_fail
    /// # use tower_tracks::Goal;
    /// const PURCHASE: Goal = Goal::from_static("Purchase!");
    /// # let _ = PURCHASE;
    /// ```
    ///
    /// # Panics
    ///
    /// If the name is invalid and the call is not evaluated at compile time. For names that are known
    /// only at run time, use [`new`](Self::new).
    pub const fn from_static(name: &'static str) -> Self {
        assert!(
            is_set_name(name),
            "the name of the goal is against the rule"
        );
        Self(Name::Static(name))
    }

    /// Returns the name.
    pub fn as_str(&self) -> &str {
        match &self.0 {
            Name::Static(name) => name,
            Name::Shared(name) => name,
        }
    }
}

impl fmt::Debug for Goal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Without the variant, which makes no difference.
        f.debug_tuple("Goal").field(&self.as_str()).finish()
    }
}

// Not derived: a constant and a name that was made at run time are equal if their texts are.
impl PartialEq for Goal {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for Goal {}

impl Hash for Goal {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

impl PartialOrd for Goal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Goal {
    fn cmp(&self, other: &Self) -> Ordering {
        self.as_str().cmp(other.as_str())
    }
}

impl fmt::Display for Goal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl TryFrom<&str> for Goal {
    type Error = GoalError;

    fn try_from(name: &str) -> Result<Self, GoalError> {
        Self::new(name)
    }
}

impl TryFrom<&String> for Goal {
    type Error = GoalError;

    fn try_from(name: &String) -> Result<Self, GoalError> {
        Self::new(name)
    }
}

impl From<&Goal> for Goal {
    fn from(goal: &Goal) -> Self {
        goal.clone()
    }
}

/// The reason why a conversion was refused: an invalid goal, value, unit or key.
///
/// `Display` and `Debug` write the same message. It shows the name or the value, but never a key.
///
/// ```
/// use tower_tracks::event::GoalError;
///
/// let message = GoalError::Key { len: 0 }.to_string();
/// assert!(message.starts_with("key of 0 bytes"));
/// ```
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub enum GoalError {
    /// The name of the goal is invalid.
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

// Conversions take what converts into a goal, and a goal converts into itself with this error.
impl From<Infallible> for GoalError {
    fn from(never: Infallible) -> Self {
        match never {}
    }
}

impl error::Error for GoalError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_constant_equals_what_is_made_while_the_program_runs() {
        const PURCHASE: Goal = Goal::from_static("purchase");
        let made = Goal::new("purchase").unwrap();
        assert_eq!(PURCHASE, made);
        assert!(PURCHASE < Goal::new("refund").unwrap());
        let known = std::collections::HashSet::from([PURCHASE]);
        assert!(known.contains(&made));
    }

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
