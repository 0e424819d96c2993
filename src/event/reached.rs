//! The builder of a conversion, which `Goals` and a recorder share. What it does with the data is a
//! closure of theirs, so that both have the same settings and the same rules.

use std::{fmt, time::SystemTime};

use crate::unit::Subject;

use super::{
    conversion::{self, Conversion},
    goal::{Goal, GoalError},
};

/// A conversion that is not recorded yet.
///
/// `Goals::reached` returns it inside a request, and `Recorder::reached` outside one.
/// [`once`](Self::once) or [`every_time`](Self::every_time) records it. If neither is called,
/// nothing is recorded.
///
/// ```
/// # use tower_tracks::{Key, Units, record::Recorder, store::Memory};
/// # let recorder = Recorder::builder(Units::raw()).store(Memory::default()).start()?;
/// let user = Key::from(42);
/// recorder.reached(("user", &user), "renewal").value(9.90).once("invoice 2026-117")?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use = "the conversion is recorded by `once` or `every_time`"]
pub struct Reached<'a> {
    /// An error is kept until the conversion is recorded, so that methods can be chained.
    told: Result<Told, GoalError>,
    /// Records the data.
    tell: Box<dyn FnOnce(Told) + 'a>,
}

/// The data of a conversion, without its subjects.
pub(crate) struct Told {
    pub(crate) goal: Goal,
    pub(crate) at: SystemTime,
    pub(crate) micros: i64,
    pub(crate) id: Option<[u8; 16]>,
}

impl Told {
    /// Returns a conversion of each subject. All of them have the same id, which is random if none was
    /// set: so a conversion of a visitor who is also a user counts once, in whichever sets the two are
    /// units.
    pub(crate) fn conversions(
        self,
        subjects: Vec<Subject>,
        random: impl FnOnce() -> Option<[u8; 16]>,
    ) -> impl Iterator<Item = Conversion> {
        let id = self.id.or_else(random);
        subjects.into_iter().map(move |subject| Conversion {
            subject,
            goal: self.goal.clone(),
            at: self.at,
            micros: self.micros,
            id,
        })
    }
}

impl<'a> Reached<'a> {
    /// Returns a conversion of a goal at a time; `tell` records it.
    pub(crate) fn new(
        goal: Result<Goal, GoalError>,
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
            told: goal.map(told),
            // Boxed, so that the public type has no parameter for the closure.
            tell: Box::new(tell),
        }
    }

    /// Sets the value, in the one currency or unit of the goal. It is rounded to millionths.
    ///
    /// A negative value, such as a refund, is subtracted from the unit's sum and does not count as
    /// reaching the goal. A value that is not finite or beyond ±9.22 · 10¹² is refused. The sum of a
    /// unit is limited to the same range.
    ///
    /// Defaults to 0.
    ///
    /// ```
    /// # use tower_tracks::{Key, Units, record::Recorder, store::Memory};
    /// # let recorder = Recorder::builder(Units::raw()).store(Memory::default()).start()?;
    /// let user = Key::from(42);
    /// assert!(recorder.reached(("user", &user), "refund").value(-9.90).once("refund 8").is_ok());
    /// assert!(recorder.reached(("user", &user), "renewal").value(f64::NAN).every_time().is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn value(self, value: f64) -> Self {
        let told = self.told.and_then(|told| {
            let micros = conversion::micros(value)?;
            Ok(Told { micros, ..told })
        });
        Self { told, ..self }
    }

    /// Sets the value in millionths: 9,900,000 is 9.90. Use it for amounts that are kept in cents.
    pub fn value_micros(self, micros: i64) -> Self {
        let told = self.told.map(|told| Told { micros, ..told });
        Self { told, ..self }
    }

    /// Sets the time of the conversion. Defaults to now.
    ///
    /// Set it if the conversion is recorded later than it happened, such as by a job at night.
    ///
    /// ```
    /// # use tower_tracks::{Key, Units, record::Recorder, store::Memory};
    /// # let recorder = Recorder::builder(Units::raw()).store(Memory::default()).start()?;
    /// let user = Key::from(42);
    /// let paid_at = std::time::SystemTime::now() - std::time::Duration::from_secs(3_600);
    /// recorder.reached(("user", &user), "renewal").at(paid_at).once("invoice 2026-117")?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
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
    ///
    /// ```
    /// # use tower_tracks::{Key, Units, record::Recorder, store::Memory};
    /// # let recorder = Recorder::builder(Units::raw()).store(Memory::default()).start()?;
    /// let user = Key::from(42);
    /// for _retry in 0..2 {
    ///     recorder.reached(("user", &user), "renewal").once("invoice 2026-117")?; // counts once
    /// }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn once(self, key: impl AsRef<[u8]>) -> Result<(), GoalError> {
        self.tell(Some(conversion::id(key.as_ref())))
    }

    /// Records the conversion every time that this runs, also if a client repeats a request that had
    /// succeeded.
    ///
    /// # Errors
    ///
    /// The same as [`once`](Self::once).
    ///
    /// ```
    /// # use tower_tracks::{Key, Units, record::Recorder, store::Memory};
    /// # let recorder = Recorder::builder(Units::raw()).store(Memory::default()).start()?;
    /// let user = Key::from(42);
    /// recorder.reached(("user", &user), "support-call").every_time()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
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
