use std::{fmt, time::SystemTime};

use super::goal::{Goal, GoalError};

/// A conversion that is not recorded yet.
///
/// [`once`](Self::once) or [`every_time`](Self::every_time) records it.
#[must_use = "the conversion is recorded by `once` or `every_time`"]
pub struct Reached<'a> {
    told: Result<Told, GoalError>,
    tell: Box<dyn FnOnce(Told) + 'a>,
}

/// The data of a conversion, without its subjects.
pub(crate) struct Told {
    pub(crate) goal: Goal,
    pub(crate) at: SystemTime,
    pub(crate) micros: i64,
    pub(crate) id: Option<[u8; 16]>,
}

impl<'a> Reached<'a> {
    /// Returns a conversion of a goal at a time; `tell` records it.
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

    /// Refuses the conversion, if there is an error.
    #[cfg(feature = "record")]
    pub(crate) fn refused(self, error: Option<GoalError>) -> Self {
        let told = self.told.and_then(|told| error.map_or(Ok(told), Err));
        Self { told, ..self }
    }

    /// Sets the value, in the one currency or unit of the goal. It is rounded to millionths.
    ///
    /// A negative value, such as a refund, is subtracted from the unit's sum and does not count as
    /// reaching the goal. A value that is not finite or beyond ±9.22 · 10¹² is refused. The sum of a
    /// unit is limited to the same range.
    ///
    /// Defaults to 0.
    pub fn value(self, value: f64) -> Self {
        let told = self.told.and_then(|told| {
            let micros = super::conversion::micros(value)?;
            Ok(Told { micros, ..told })
        });
        Self { told, ..self }
    }

    /// Sets the value in millionths.
    pub fn worth(self, micros: i64) -> Self {
        let told = self.told.map(|told| Told { micros, ..told });
        Self { told, ..self }
    }

    /// Sets the time of the conversion. Defaults to now.
    pub fn at(self, at: SystemTime) -> Self {
        let told = self.told.map(|told| Told { at, ..told });
        Self { told, ..self }
    }

    /// Records the conversion once for each key, such as the number of an order. Repeated calls with
    /// the same key count once, also in another process.
    ///
    /// # Errors
    ///
    /// If the name of the goal, the key or the value is invalid. Then nothing is recorded.
    pub fn once(self, key: impl AsRef<[u8]>) -> Result<(), GoalError> {
        self.tell(Some(super::conversion::id(key.as_ref())))
    }

    /// Records the conversion every time that this runs, also if a client repeats a request that had
    /// succeeded.
    ///
    /// # Errors
    ///
    /// The same as [`once`](Self::once).
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
