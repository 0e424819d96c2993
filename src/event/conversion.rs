use std::time::SystemTime;

use sha2::{Digest, Sha256};

use super::goal::{Goal, GoalError};
use crate::unit::Subject;

/// Millionths in one.
const MICROS: f64 = 1e6;

/// The fact that a unit reached a goal.
///
/// It names no set. A report attributes conversions to tracks when it is computed, so you can add a
/// goal to a running test and still see its earlier conversions.
///
/// ```
/// use std::time::SystemTime;
/// use tower_tracks::{Goal, Key, event::Conversion};
///
/// let buyer = ("user", &Key::from(42));
/// let purchase = Conversion::new(buyer, Goal::new("purchase")?, SystemTime::now())
///     .value(19.90)?
///     .once("order 17");
/// assert_eq!(purchase.micros(), 19_900_000);
/// # Ok::<(), tower_tracks::event::GoalError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Conversion {
    pub(super) subject: Subject,
    pub(super) goal: Goal,
    pub(super) at: SystemTime,
    /// In millionths, so that sums are exact and do not depend on their order.
    pub(super) micros: i64,
    /// Of two conversions with one subject, goal and id, one counts.
    pub(super) id: Option<[u8; 16]>,
}

impl Conversion {
    /// Returns a conversion without a value and without an id that recognises repetitions.
    ///
    /// The subject is a key, which is that of a visitor, or a pair of a kind and a key.
    ///
    /// ```
    /// use std::time::SystemTime;
    /// use tower_tracks::{Goal, Key, event::Conversion};
    ///
    /// let alice = Key::from("alice");
    /// let signup = Conversion::new(&alice, Goal::new("signup")?, SystemTime::now());
    /// assert_eq!((signup.subject().kind(), signup.micros(), signup.id()), ("visitor", 0, None));
    /// # Ok::<(), tower_tracks::event::GoalError>(())
    /// ```
    pub fn new(subject: impl Into<Subject>, goal: Goal, at: SystemTime) -> Self {
        Self {
            subject: subject.into(),
            goal,
            at,
            micros: 0,
            id: None,
        }
    }

    /// Sets the value, in the one currency or unit of the goal. It is rounded to millionths.
    ///
    /// A negative value, such as a refund, is subtracted from the unit's sum and does not count as
    /// reaching the goal.
    ///
    /// # Errors
    ///
    /// When the value is not finite, or beyond ±9.22 · 10¹².
    ///
    /// ```
    /// use std::time::SystemTime;
    /// use tower_tracks::{Goal, Key, event::Conversion};
    ///
    /// let alice = Key::from("alice");
    /// let purchase = Conversion::new(&alice, Goal::new("purchase")?, SystemTime::now());
    /// assert_eq!(purchase.clone().value(19.90)?.micros(), 19_900_000);
    /// assert!(purchase.value(f64::NAN).is_err());
    /// # Ok::<(), tower_tracks::event::GoalError>(())
    /// ```
    pub fn value(self, value: f64) -> Result<Self, GoalError> {
        Ok(self.value_micros(micros(value)?))
    }

    /// Sets the value in millionths: 19,900,000 is 19.90.
    ///
    /// It is exact where a float is not, such as for amounts of money in cents.
    ///
    /// ```
    /// use std::time::SystemTime;
    /// use tower_tracks::{Goal, Key, event::Conversion};
    ///
    /// let alice = Key::from("alice");
    /// let cents = 1_990;
    /// let purchase = Conversion::new(&alice, Goal::new("purchase")?, SystemTime::now());
    /// let purchase = purchase.value_micros(cents * 10_000);
    /// assert_eq!(purchase.micros(), 19_900_000);
    /// # Ok::<(), tower_tracks::event::GoalError>(())
    /// ```
    pub fn value_micros(mut self, micros: i64) -> Self {
        self.micros = micros;
        self
    }

    /// Sets the key that recognises repetitions, such as the number of an order: of all conversions
    /// of one subject, goal and key, one counts.
    ///
    /// ```
    /// use std::time::SystemTime;
    /// use tower_tracks::{Goal, Key, event::Conversion};
    ///
    /// let alice = Key::from("alice");
    /// let purchase = Conversion::new(&alice, Goal::new("purchase")?, SystemTime::now());
    /// let id = |order: &str| purchase.clone().once(order).id();
    /// assert_eq!(id("order 17"), id("order 17"));
    /// assert_ne!(id("order 17"), id("order 18"));
    /// # Ok::<(), tower_tracks::event::GoalError>(())
    /// ```
    pub fn once(self, key: impl AsRef<[u8]>) -> Self {
        self.identified(id(key.as_ref()))
    }

    /// Sets the sixteen bytes of the id that recognises repetitions.
    ///
    /// Use it for an id that another program computed, such as a UUID; [`once`](Self::once) hashes
    /// a text.
    pub fn identified(mut self, id: [u8; 16]) -> Self {
        self.id = Some(id);
        self
    }

    /// Returns the subject that reached the goal.
    pub fn subject(&self) -> &Subject {
        &self.subject
    }

    /// Returns the goal.
    pub fn goal(&self) -> &Goal {
        &self.goal
    }

    /// Returns the time of the conversion, by the wall clock.
    pub fn at(&self) -> SystemTime {
        self.at
    }

    /// Returns the value in millionths; 0 if none was set.
    pub fn micros(&self) -> i64 {
        self.micros
    }

    /// Returns the sixteen bytes of the id; `None` if every recording of the conversion counts.
    ///
    /// [`once`](Self::once) sets them to the first sixteen bytes of the SHA-256 of its key.
    pub fn id(&self) -> Option<[u8; 16]> {
        self.id
    }
}

/// Returns a value in millionths.
pub(super) fn micros(value: f64) -> Result<i64, GoalError> {
    // Rounded and not cut: most decimal fractions are a little less or more in binary.
    let micros = (value * MICROS).round();
    // The largest float below 2⁶³ fits; 2⁶³ itself does not.
    match micros.is_finite() && micros.abs() < -(i64::MIN as f64) {
        true => Ok(micros as i64),
        false => Err(GoalError::Value { value }),
    }
}

/// Returns the id of a key.
pub(super) fn id(key: &[u8]) -> [u8; 16] {
    let digest = Sha256::digest(key);
    // Half of the digest: with 128 bits, two different keys practically never have the same id.
    std::array::from_fn(|index| digest[index])
}

#[cfg(test)]
mod tests {
    use crate::assign::Key;

    use super::*;

    fn conversion() -> Conversion {
        let goal = Goal::new("purchase").unwrap();
        Conversion::new(&Key::from("alice"), goal, SystemTime::UNIX_EPOCH)
    }

    #[test]
    fn values_become_millionths() {
        let micros = |value| conversion().value(value).map(|told| told.micros()).ok();
        assert_eq!(micros(19.90), Some(19_900_000));
        assert_eq!(micros(-0.1), Some(-100_000));
        assert_eq!(micros(9.2e12), Some(9_200_000_000_000_000_000));
        for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 9.3e12, -9.3e12] {
            assert_eq!(micros(bad), None, "{bad}");
        }
    }

    #[test]
    fn the_same_key_is_the_same_conversion() {
        let id = |key: &str| conversion().once(key).id();
        assert_eq!(id("order 17"), id("order 17"));
        assert_ne!(id("order 17"), id("order 18"));
        assert_eq!(conversion().id(), None);
    }
}
