//! The answer to a question: counts and sums by cohort. It has no row for a unit, so its size
//! depends on days, tracks and definitions.

use std::{collections::BTreeMap, sync::Arc};

use crate::store::{
    error::{StoreError, StoreErrorKind},
    timestamp::Timestamp,
};

use super::{
    cell::{GoalCells, overflow},
    sizes::Sizes,
};

/// The exposed units of a phase, and their conversions.
///
/// A unit's conversions count from its first exposure, less the skew, until the end of its window or the time
/// of the question. A unit that was exposed to more than one track is *crossed*: it is counted with its first
/// track, separately from the others. In a set by visitor, a conversion of a user counts for one visitor: the
/// visitor of the latest alias at or before the conversion. If several aliases have that time, it counts for
/// the visitor with the smallest unit.
///
/// ```
/// use tower_tracks::store::{Attribute, Memory, Question, Store, Timestamp};
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
/// let attribution = store.attribute(&Question::new(phase, Timestamp::MAX))?;
/// let attribution = attribution.expect("the phase is known");
/// for (cohort, units) in &attribution.units {
///     println!("{} on day {}: {units}", cohort.track, cohort.day);
/// }
/// assert_eq!(attribution.exposed, Some((at, at)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
///
/// # Definitions
///
/// An exposure names the definition that assigned its track. If it names none, for instance an exposure from
/// an access log, it counts under the latest definition of the phase whose first exposure is not later. If
/// there is no such definition, it counts under the earliest one.
///
/// # Crossed units
///
/// A unit that was exposed to two tracks has seen both, so its conversions cannot be attributed to one of
/// them for certain. It has cohorts of its own, under its first track:
///
/// ```
/// use tower_tracks::store::{Attribute, Memory, Question, Store, Timestamp};
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
/// let short = TrackName { phase: phase.clone(), track: "short".into(), control: false };
/// let track = batch.track(&short);
/// let first_at = Timestamp::from_micros(90_000_000);
/// batch.exposures.push(ExposureRow::new(track, unit, first_at, writer));
/// store.write(&batch)?;
///
/// let attribution = store.attribute(&Question::new(phase, Timestamp::MAX))?;
/// let attribution = attribution.expect("the phase is known");
/// assert_eq!(attribution.crossed(), 1);
/// let (cohort, _) = attribution.units.iter().next().expect("one cohort");
/// assert_eq!((&*cohort.track, cohort.crossed_on), ("long", Some(0)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
///
/// # Windows that are still open
///
/// A unit whose window has not ended may still convert. Its sums are in [`GoalCells::open`], so that a report
/// can compare only complete windows:
///
/// ```
/// use tower_tracks::store::{Attribute, AskedGoal, Measure, Memory, Question, Store, Timestamp};
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
/// // An hour after the exposure, and the window has seven days.
/// let question = Question::new(phase, Timestamp::from_micros(3_660_000_000)).goal(bought);
/// let attribution = store.attribute(&question)?.expect("the phase is known");
/// let cells = attribution.goals[0].cells.values().next().expect("one cohort");
/// assert_eq!((cells.closed.units, cells.open.units, cells.open.converters), (0, 1, 1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Attribution {
    /// The definitions of the phase, the earliest first, then by fingerprint. Definitions under which no unit
    /// was first exposed are also listed.
    pub definitions: Vec<ServedDefinition>,
    /// The earliest and the latest first exposure of a unit; `None` if no unit was exposed.
    pub exposed: Option<(Timestamp, Timestamp)>,
    /// The number of units in each cohort.
    pub units: BTreeMap<Cohort, u64>,
    /// The sums of each goal, in the order of the question.
    pub goals: Vec<AttributedGoal>,
    /// The number of units that were first exposed after the enrolment was closed, which are in no cohort.
    pub after_close: u64,
    /// The number of units that were first exposed in an excluded span, which are in no cohort.
    pub excluded: u64,
}

/// Units whose first exposures have the same track, day, definition, side of the coin and segment.
///
/// A report adds the cohorts that it does not distinguish.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Cohort {
    /// The name of the track that the units were first exposed to.
    pub track: Arc<str>,
    /// The side of the coin; `None` if the scheme has no coin.
    pub coin: Option<bool>,
    /// The day of the first exposure, counted from 1970-01-01, by the calendar of the question.
    pub day: i32,
    /// The index in [`Attribution::definitions`] of the definition under which the units were first exposed;
    /// `None` if the phase has no definition.
    pub definition: Option<u32>,
    /// The day on which the units were first exposed to another track; `None` if they were exposed to only
    /// one track.
    pub crossed_on: Option<i32>,
    /// The segment that was recorded with the first exposure, such as `mobile`; `None` if there is none.
    pub segment: Option<Arc<str>>,
}

/// A definition, and when units were first exposed under it.
///
/// Overlapping times can mean that programs with different definitions ran at the same time, for instance
/// during a deployment.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ServedDefinition {
    /// The fingerprint.
    pub fingerprint: [u8; 32],
    /// The earliest and the latest of these first exposures; `None` if there are none.
    pub served: Option<(Timestamp, Timestamp)>,
}

impl ServedDefinition {
    /// Returns a definition with the earliest and the latest first exposure under it.
    pub fn new(fingerprint: [u8; 32], served: Option<(Timestamp, Timestamp)>) -> Self {
        Self {
            fingerprint,
            served,
        }
    }
}

/// The conversions of one goal.
///
/// `matched` and `shortly_before` do not depend on windows. Compare them to find clocks that differ: many
/// conversions shortly before an exposure probably happened after it.
///
/// ```
/// use tower_tracks::store::{Attribute, AskedGoal, Measure, Memory, Question, Store, Timestamp};
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
/// // The clock of the machine that records purchases is 30 seconds slow.
/// batch.conversions[0].at = Timestamp::from_micros(30_000_000);
/// let store = Memory::default();
/// store.write(&batch)?;
///
/// let bought = AskedGoal::new(Goal::new("bought")?, Measure::Rate);
/// let question = Question::new(phase, Timestamp::MAX).goal(bought);
/// let attribution = store.attribute(&question)?.expect("the phase is known");
/// let goal = &attribution.goals[0];
/// assert_eq!((goal.matched, goal.shortly_before), (0, 1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct AttributedGoal {
    /// The sums of each cohort.
    pub cells: BTreeMap<Cohort, GoalCells>,
    /// The number of conversions of exposed units, from the first exposure less the skew on, whether they
    /// count or not.
    pub matched: u64,
    /// The number of conversions less than a minute before the first exposure of their unit, but earlier than
    /// the skew allows, so that they do not count.
    pub shortly_before: u64,
    /// The units by the size of their total, if the question asks for [sizes](crate::store::AskedGoal::sizes): those
    /// whose window has ended, and that were exposed to one track alone.
    pub sizes: Sizes,
}

impl Attribution {
    /// Adds the answer to the same question about other units.
    ///
    /// So a store can count ranges of units apart, for instance in parallel. The sum is what it would
    /// have counted at once.
    ///
    /// ```
    /// use tower_tracks::store::{Attribution, Cohort};
    ///
    /// let cohort = Cohort::new("long".into(), 20_000);
    /// let mut one = Attribution::default();
    /// one.units.insert(cohort.clone(), 900);
    /// let mut other = Attribution::default();
    /// other.units.insert(cohort.clone(), 50);
    /// one.add(other)?;
    /// assert_eq!(one.units[&cohort], 950);
    /// # Ok::<(), tower_tracks::store::StoreError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Refused`](crate::store::StoreErrorKind::Refused) if the answers have other definitions or another number
    /// of goals, or if a sum is too large. The answer is then of no use.
    pub fn add(&mut self, other: Self) -> Result<(), StoreError> {
        let is_same = |(one, other): (&ServedDefinition, &ServedDefinition)| {
            one.fingerprint == other.fingerprint
        };
        let lengths = |answer: &Self| (answer.definitions.len(), answer.goals.len());
        if lengths(self) != lengths(&other)
            || !self.definitions.iter().zip(&other.definitions).all(is_same)
        {
            return Err(StoreError::new(
                StoreErrorKind::Refused,
                "the answers are not to the same question",
            ));
        }
        for (one, other) in self.definitions.iter_mut().zip(other.definitions) {
            one.served = span(one.served, other.served);
        }
        self.exposed = span(self.exposed, other.exposed);
        for (cohort, units) in other.units {
            add(self.units.entry(cohort).or_default(), units)?;
        }
        for (one, other) in self.goals.iter_mut().zip(other.goals) {
            one.add(other)?;
        }
        add(&mut self.after_close, other.after_close)?;
        add(&mut self.excluded, other.excluded)
    }

    /// Returns the sum of the answers about ranges of units; `None` if the phase is unknown.
    #[cfg(any(feature = "clickhouse", feature = "postgres", feature = "sqlite"))]
    pub(in crate::store) fn sum(answers: Vec<Option<Self>>) -> Result<Option<Self>, StoreError> {
        let mut answers = answers.into_iter().flatten();
        let Some(mut sum) = answers.next() else {
            return Ok(None);
        };
        answers.try_for_each(|answer| sum.add(answer))?;
        Ok(Some(sum))
    }

    /// Returns how many units were exposed to more than one track.
    ///
    /// ```
    /// use tower_tracks::store::{Attribution, Cohort};
    ///
    /// let cohort = Cohort::new("long".into(), 20_000);
    /// let mut attribution = Attribution::default();
    /// attribution.units.insert(cohort.clone(), 900);
    /// attribution.units.insert(cohort.crossed_on(20_003), 7);
    /// assert_eq!(attribution.crossed(), 7);
    /// ```
    pub fn crossed(&self) -> u64 {
        let crossed = self.units.iter().filter(|(cohort, _)| cohort.is_crossed());
        crossed.fold(0, |sum, (_, units)| sum.saturating_add(*units))
    }
}

impl AttributedGoal {
    /// Adds the conversions of other units.
    fn add(&mut self, other: Self) -> Result<(), StoreError> {
        for (cohort, cells) in other.cells {
            self.cells.entry(cohort).or_default().add(&cells)?;
        }
        add(&mut self.matched, other.matched)?;
        self.sizes.add(&other.sizes);
        add(&mut self.shortly_before, other.shortly_before)
    }
}

fn add(sum: &mut u64, other: u64) -> Result<(), StoreError> {
    *sum = sum.checked_add(other).ok_or_else(overflow)?;
    Ok(())
}

/// Returns the earliest and the latest time of both.
fn span(
    one: Option<(Timestamp, Timestamp)>,
    other: Option<(Timestamp, Timestamp)>,
) -> Option<(Timestamp, Timestamp)> {
    let both = [one, other].into_iter().flatten();
    both.reduce(|(first, last), (earlier, later)| (first.min(earlier), last.max(later)))
}

impl Cohort {
    /// Returns the units that were first exposed to a track on a day, counted from 1970-01-01.
    ///
    /// They have no coin, definition and segment, and were exposed to one track alone.
    pub fn new(track: Arc<str>, day: i32) -> Self {
        Self {
            track,
            coin: None,
            day,
            definition: None,
            crossed_on: None,
            segment: None,
        }
    }

    /// Sets the side of the coin. Defaults to `None`, for a scheme that has none.
    pub fn coin(mut self, coin: impl Into<Option<bool>>) -> Self {
        self.coin = coin.into();
        self
    }

    /// Sets the index of the definition under which the units were first exposed. Defaults to
    /// `None`, for a phase without definitions.
    pub fn definition(mut self, definition: impl Into<Option<u32>>) -> Self {
        self.definition = definition.into();
        self
    }

    /// Sets the day on which the units were first exposed to another track. Defaults to `None`.
    pub fn crossed_on(mut self, day: impl Into<Option<i32>>) -> Self {
        self.crossed_on = day.into();
        self
    }

    /// Sets the segment of the first exposures. Defaults to `None`.
    pub fn segment(mut self, segment: impl Into<Option<Arc<str>>>) -> Self {
        self.segment = segment.into();
        self
    }

    /// Returns whether its units were exposed to more than one track.
    ///
    /// Many such units can mean that keys change, or that the set was edited.
    ///
    /// ```
    /// use tower_tracks::store::Cohort;
    ///
    /// let cohort = Cohort::new("long".into(), 20_000);
    /// assert!(!cohort.is_crossed());
    /// assert!(cohort.crossed_on(20_003).is_crossed());
    /// ```
    pub fn is_crossed(&self) -> bool {
        self.crossed_on.is_some()
    }
}
