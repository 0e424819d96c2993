//! The trait of whatever answers a question.

use std::fmt;

use crate::store::{error::StoreError, facts::PhaseName, timestamp::Timestamp};

use super::{answer::Attribution, question::Question};

/// Answers a [`Question`] with an [`Attribution`].
///
/// A [`Store`](crate::store::Store) answers from its own facts. Other implementations get the answer from
/// elsewhere, for instance from a data warehouse.
///
/// ```
/// use tower_tracks::store::{Attribute, Attribution, Question, StoreError};
///
/// /// The answers that another program computed.
/// #[derive(Debug)]
/// struct Computed(Vec<(Question, Attribution)>);
///
/// impl Attribute for Computed {
///     fn attribute(&self, question: &Question) -> Result<Option<Attribution>, StoreError> {
///         let mut answers = self.0.iter();
///         let answer = answers.find(|(asked, _)| asked == question);
///         Ok(answer.map(|(_, answer)| answer.clone()))
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` answers no questions about a phase",
    label = "expected a store, or another source of attributions",
    note = "`Memory`, `Sqlite` and `Postgres` answer them, and so does an `Arc` of one; your own store implements `Attribute` and `Store`"
)]
pub trait Attribute: fmt::Debug + Send + Sync + 'static {
    /// Counts the exposures of a phase, and attributes conversions to its units; `None` if the phase is
    /// unknown under all names of the question. [`Attribution`] documents the rules. The memory use does not
    /// depend on the number of units.
    ///
    /// ```
    /// use tower_tracks::store::{AskedGoal, Attribute, Measure, Memory, Question, Store, Timestamp};
    ///
    /// # use tower_tracks::store::{Batch, ConversionRow, ExposureRow, PhaseName, TrackName, WriterRow};
    /// # use tower_tracks::{Goal, unit::Unit};
    /// # let (unit, at) = (Unit::from_bytes([1; 16]), Timestamp::from_micros(60_000_000));
    /// # let phase = PhaseName { set: "delay".into(), phase: 1, kind: "visitor".into() };
    /// # let mut batch = Batch::default();
    /// # let writer = batch.writer(&WriterRow::new([7; 16], at));
    /// # let track = TrackName { phase: phase.clone(), track: "long".into(), control: false };
    /// # let track = batch.track(&track);
    /// # batch.exposures.push(ExposureRow::new(track, unit, at, writer));
    /// # let (goal, idem) = (batch.goal(&Goal::new("bought")?), [1; 16]);
    /// # batch.conversions.push(ConversionRow::new(goal, unit, idem, at, writer).value(2_500_000));
    /// # let store = Memory::default();
    /// # store.write(&batch)?;
    /// let bought = AskedGoal::new(Goal::new("bought")?, Measure::Rate);
    /// let question = Question::new(phase, Timestamp::MAX).goal(bought);
    /// let attribution = store.attribute(&question)?.expect("the phase is known");
    ///
    /// assert_eq!(attribution.units.values().sum::<u64>(), 1);
    /// let cells = attribution.goals[0].cells.values().next().expect("one cohort");
    /// assert_eq!((cells.closed.units, cells.closed.converters), (1, 1));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`TimedOut`](crate::store::StoreErrorKind::TimedOut) if it takes longer than the limit of the store.
    /// Also if the facts cannot be read.
    fn attribute(&self, question: &Question) -> Result<Option<Attribution>, StoreError>;

    /// Returns the latest time, at most `asked`, for which there is an answer about a phase, or `asked` if there is
    /// none. Defaults to `asked`, for a store.
    ///
    /// The report of the phase then counts the facts before this time.
    ///
    /// ```
    /// use tower_tracks::store::{Attribute, Memory, PhaseName, Timestamp};
    ///
    /// let phase = PhaseName { set: "delay".into(), phase: 1, kind: "visitor".into() };
    /// let now = Timestamp::now();
    /// assert_eq!(Memory::default().as_of(&phase, now)?, now);
    /// # Ok::<(), tower_tracks::store::StoreError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If the answers cannot be read.
    fn as_of(&self, phase: &PhaseName, asked: Timestamp) -> Result<Timestamp, StoreError> {
        // The parameter has no underscore in its name, since the documentation shows it.
        let _ = phase;
        Ok(asked)
    }
}
