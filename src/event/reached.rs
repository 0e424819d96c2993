use std::{fmt, time::SystemTime};

use super::{Goal, GoalError};

/// A goal that was reached, about to be told.
///
/// [`once`](Self::once) or [`every_time`](Self::every_time) tells it; before that, nothing
/// happened.
#[must_use = "it is told by `once` or `every_time`"]
pub struct Reached<'a> {
    told: Result<Told, GoalError>,
    tell: Box<dyn FnOnce(Told) + 'a>,
}

/// What there is to tell of a goal that was reached.
pub(crate) struct Told {
    pub(crate) goal: Goal,
    pub(crate) at: SystemTime,
    pub(crate) micros: i64,
    pub(crate) id: Option<[u8; 16]>,
}

impl<'a> Reached<'a> {
    /// Returns the goal of this name, reached at a time, and what is to be done with it.
    pub(crate) fn new(
        goal: impl TryInto<Goal, Error: Into<GoalError>>,
        at: SystemTime,
        tell: impl FnOnce(Told) + 'a,
    ) -> Self {
        let told = |goal| Told {
            goal,
            at,
            micros: 0,
            id: None,
        };
        Self {
            told: goal.try_into().map(told).map_err(Into::into),
            tell: Box::new(tell),
        }
    }

    /// Refuses to tell it for this reason, if there is one.
    #[cfg(feature = "record")]
    pub(crate) fn refused(self, error: Option<GoalError>) -> Self {
        let told = self.told.and_then(|told| error.map_or(Ok(told), Err));
        Self { told, ..self }
    }

    /// Says what it is worth, in the goal's one currency or unit; it may be negative,
    /// as of a refund, and then it reaches no goal but is subtracted. It is rounded to millionths. Defaults to 0.
    ///
    /// It is refused unless it is finite and within ±9.22 · 10¹². Every accepted value can be summed:
    /// that is also the most that a unit counts in all, in each direction.
    pub fn value(self, value: f64) -> Self {
        let told = self.told.and_then(|told| {
            let micros = super::conversion::micros(value)?;
            Ok(Told { micros, ..told })
        });
        Self { told, ..self }
    }

    /// Says what it is worth, in millionths.
    pub fn worth(self, micros: i64) -> Self {
        let told = self.told.map(|told| Told { micros, ..told });
        Self { told, ..self }
    }

    /// Says when it was reached. Defaults to now.
    pub fn at(self, at: SystemTime) -> Self {
        let told = self.told.map(|told| Told { at, ..told });
        Self { told, ..self }
    }

    /// Tells it, once for each key, such as the number of an order: however often this runs, in
    /// this process or another, it counts once.
    ///
    /// # Errors
    ///
    /// When the goal's name or the key is against the rule, or the value cannot be told. Then
    /// nothing is.
    pub fn once(self, key: impl AsRef<[u8]>) -> Result<(), GoalError> {
        self.tell(Some(super::conversion::id(key.as_ref())))
    }

    /// Tells it, and counts it each time that this runs: also when a client tries again what had
    /// succeeded.
    ///
    /// # Errors
    ///
    /// As [`once`](Self::once).
    pub fn every_time(self) -> Result<(), GoalError> {
        self.tell(None)
    }

    fn tell(self, id: Option<[u8; 16]>) -> Result<(), GoalError> {
        let told = self.told?;
        (self.tell)(Told { id, ..told });
        Ok(())
    }
}

impl fmt::Debug for Reached<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let goal = self.told.as_ref().map(|told| &told.goal);
        f.debug_struct("Reached")
            .field("goal", &goal)
            .finish_non_exhaustive()
    }
}
