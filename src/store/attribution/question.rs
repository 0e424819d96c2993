//! What a report asks of a store: one phase, a time, and the goals with their windows.

use std::{collections::HashSet, ops::Range, time::Duration};

use crate::{
    assign::Sum,
    event::Goal,
    store::{calendar::Calendar, facts::PhaseName, timestamp::Timestamp},
};

/// How long a conversion counts after the first exposure by default.
const WINDOW: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// By how much a conversion may be earlier than the exposure by default, because the clocks of two
/// machines differ.
const SKEW: Duration = Duration::from_secs(2);

/// A query about one phase: its exposed units and their conversions.
///
/// The store answers it with an [`Attribution`](crate::store::Attribution), in one snapshot. All
/// goals of one query share the scan of the exposures, so one query with ten goals is cheaper than
/// ten queries.
///
/// ```
/// use tower_tracks::{Goal, assign::Sum, store::{AskedGoal, Measure, PhaseName, Question, Timestamp}};
///
/// let phase = PhaseName { set: "delay".into(), phase: 1, kind: "visitor".into() };
/// let revenue = AskedGoal::new(Goal::new("bought")?, Measure::Total(Sum::Value));
/// let question = Question::new(phase, Timestamp::now()).goal(revenue);
/// assert_eq!(question.goals.len(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Other settings have a method each, such as days of a time zone:
///
/// ```
/// use tower_tracks::store::{Calendar, PhaseName, Question, Timestamp};
///
/// let phase = PhaseName { set: "delay".into(), phase: 1, kind: "visitor".into() };
/// let calendar = Calendar::new(9 * 3600, []);
/// let question = Question::new(phase, Timestamp::now()).calendar(calendar);
/// assert_ne!(question.calendar, Calendar::default());
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Question {
    /// The phase.
    pub phase: PhaseName,
    /// The same phase under former names of its set. Units that were exposed under several names count once,
    /// by their first exposure.
    pub former: Vec<PhaseName>,
    /// The time before which facts count. A fact at exactly this time does not count.
    pub as_of: Timestamp,
    /// How much earlier than the first exposure a conversion may be. It applies to windows that begin with
    /// the exposure, and not to goals with a `window_from`.
    pub skew: Duration,
    /// The calendar that decides on which day a unit was first exposed.
    pub calendar: Calendar,
    /// The goals, in any order and number. A goal may occur several times, with different windows.
    pub goals: Vec<AskedGoal>,
    /// When the enrolment was closed. Units that were first exposed then or later are left out.
    pub closed_at: Option<Timestamp>,
    /// Spans of times: units that were first exposed in one of them are left out.
    pub excluded: Vec<Range<Timestamp>>,
    /// Another phase, under all names of its set; empty for none. Then only units that were exposed in both count,
    /// from the later of both first exposures on, and their segment is their track in the other phase. Units that
    /// were exposed to several tracks of either are left out. Totals before the exposure are not summed: they would
    /// be of a time in which the unit may have been in one of both.
    pub beside: Vec<PhaseName>,
    /// Spans of times: units whose first exposure in the other phase is in one of them are left out. A close is a
    /// span without an end.
    pub beside_left_out: Vec<Range<Timestamp>>,
}

/// A query about one goal of a phase.
///
/// A conversion counts if it is in the window of its unit: from the first exposure plus
/// `window_from`, to the first exposure plus `window`. The end is exclusive.
///
/// ```
/// use std::time::Duration;
///
/// use tower_tracks::{Goal, store::{AskedGoal, Measure}};
///
/// let day = Duration::from_secs(86_400);
/// // From the second day to the end of the seventh.
/// let returned = AskedGoal::new(Goal::new("opened")?, Measure::Rate)
///     .window_from(day)
///     .window(7 * day);
/// assert_eq!(returned.window.as_secs(), 604_800);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct AskedGoal {
    /// The goal; the numerator of a ratio.
    pub goal: Goal,
    /// The quantity that is computed for each unit.
    pub measure: Measure,
    /// The time from the first exposure to the beginning of the window. Defaults to zero.
    pub window_from: Duration,
    /// The time from the first exposure to the end of the window. Defaults to seven days.
    pub window: Duration,
    /// The largest total that counts for one unit, positive or negative: a number of conversions, or a value
    /// in millionths. It limits the numerator of a ratio. Defaults to `None`; then only the limit of 64 bits
    /// applies.
    pub cap: Option<i64>,
    /// How far before the first exposure the same total of the unit is also summed, as
    /// [`Cell::second`](crate::store::Cell::second). Defaults to zero, for not at all. Only a
    /// [`Total`](Measure::Total) has it.
    pub lookback: Duration,
    /// Whether the totals are also counted by size, after the cap, to choose a cap by a percentile. Defaults to
    /// false.
    pub sizes: bool,
}

/// The quantity that is computed from the conversions of a goal.
///
/// ```
/// use tower_tracks::{Goal, assign::Sum, store::Measure};
///
/// // The mean value of an order: revenue divided by the number of orders.
/// let mean_order = Measure::Ratio {
///     numerator: Sum::Value,
///     goal: Goal::new("bought")?,
///     denominator: Sum::Count,
/// };
/// assert_ne!(mean_order, Measure::Total(Sum::Value));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Measure {
    /// The share of units that reached the goal: those with a conversion whose value is not negative.
    Rate,
    /// The number of a unit's conversions, or the sum of their values.
    Total(Sum),
    /// A sum over units, divided by another sum over the same units.
    Ratio {
        /// The quantity that is summed for the goal.
        numerator: Sum,
        /// The goal of the denominator.
        goal: Goal,
        /// The quantity that is summed for the goal of the denominator.
        denominator: Sum,
    },
}

impl Question {
    /// Returns a query without goals, which counts the exposed units. The skew is two seconds, and
    /// days are days of UTC.
    ///
    /// ```
    /// use tower_tracks::store::{Attribute, Memory, PhaseName, Question, Store, Timestamp};
    ///
    /// let phase = PhaseName { set: "delay".into(), phase: 1, kind: "visitor".into() };
    /// let question = Question::new(phase, Timestamp::now());
    /// assert_eq!(question.skew.as_secs(), 2);
    /// // The phase is unknown to an empty store.
    /// assert_eq!(Memory::default().attribute(&question)?, None);
    /// # Ok::<(), tower_tracks::store::StoreError>(())
    /// ```
    pub fn new(phase: PhaseName, as_of: Timestamp) -> Self {
        Self {
            phase,
            former: Vec::new(),
            as_of,
            skew: SKEW,
            calendar: Calendar::default(),
            goals: Vec::new(),
            closed_at: None,
            excluded: Vec::new(),
            beside: Vec::new(),
            beside_left_out: Vec::new(),
        }
    }

    /// Adds the same phase under a former name of its set. Defaults to none.
    ///
    /// ```
    /// use tower_tracks::store::{PhaseName, Question, Timestamp};
    ///
    /// let phase = |set: &str| PhaseName { set: set.into(), phase: 1, kind: "visitor".into() };
    /// let question = Question::new(phase("page-delay"), Timestamp::now()).formerly(phase("delay"));
    /// assert_eq!(question.former.len(), 1);
    /// ```
    pub fn formerly(mut self, phase: PhaseName) -> Self {
        self.former.push(phase);
        self
    }

    /// Sets by how much a conversion may be earlier than the first exposure. Defaults to two seconds.
    pub fn skew(mut self, skew: Duration) -> Self {
        self.skew = skew;
        self
    }

    /// Sets the calendar that decides on which day a unit was first exposed. Defaults to days of UTC.
    pub fn calendar(mut self, calendar: Calendar) -> Self {
        self.calendar = calendar;
        self
    }

    /// Adds a goal. The answer has the goals in the same order.
    ///
    /// ```
    /// use tower_tracks::{Goal, store::{AskedGoal, Measure, PhaseName, Question, Timestamp}};
    ///
    /// let phase = PhaseName { set: "delay".into(), phase: 1, kind: "visitor".into() };
    /// let question = Question::new(phase, Timestamp::now())
    ///     .goal(AskedGoal::new(Goal::new("opened")?, Measure::Rate))
    ///     .goal(AskedGoal::new(Goal::new("bought")?, Measure::Rate));
    /// assert_eq!(question.goals[1].goal.as_str(), "bought");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn goal(mut self, goal: AskedGoal) -> Self {
        self.goals.push(goal);
        self
    }

    /// Counts only units that were also exposed in another phase; see [`beside`](Self::beside). Call it for each name
    /// of the set of that phase.
    ///
    /// ```
    /// use tower_tracks::store::{PhaseName, Question, Timestamp};
    ///
    /// let phase = |set: &str| PhaseName { set: set.into(), phase: 1, kind: "visitor".into() };
    /// // Whether the effect of `delay` depends on the track of `banner`.
    /// let question = Question::new(phase("delay"), Timestamp::now()).beside(phase("banner"));
    /// assert_eq!(question.beside.len(), 1);
    /// ```
    pub fn beside(mut self, phase: PhaseName) -> Self {
        self.beside.push(phase);
        self
    }

    /// Returns the phase under all names of its set.
    pub(crate) fn names(&self) -> impl Iterator<Item = &PhaseName> {
        std::iter::once(&self.phase).chain(&self.former)
    }

    /// Returns whether units that were first exposed at a time were enrolled.
    pub(super) fn is_enrolled(&self, first_at: Timestamp) -> bool {
        self.closed_at.is_none_or(|closed_at| first_at < closed_at)
    }

    /// Returns whether units that were first exposed at a time are in an excluded span.
    pub(super) fn is_excluded(&self, first_at: Timestamp) -> bool {
        self.excluded.iter().any(|span| span.contains(&first_at))
    }

    /// Returns the goals whose conversions are needed, each once.
    pub(crate) fn streams(&self) -> Vec<&Goal> {
        let mut known = HashSet::new();
        let goals = self.goals.iter().flat_map(AskedGoal::goals);
        goals.filter(|goal| known.insert(*goal)).collect()
    }
}

impl AskedGoal {
    /// Returns a query about a goal, with a window of seven days from the exposure and without a
    /// cap.
    ///
    /// ```
    /// use tower_tracks::{Goal, store::{AskedGoal, Measure}};
    ///
    /// let opened = AskedGoal::new(Goal::new("opened")?, Measure::Rate);
    /// assert_eq!(opened.window.as_secs(), 7 * 86_400);
    /// assert_eq!(opened.cap, None);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn new(goal: Goal, measure: Measure) -> Self {
        Self {
            goal,
            measure,
            window_from: Duration::ZERO,
            window: WINDOW,
            cap: None,
            lookback: Duration::ZERO,
            sizes: false,
        }
    }

    /// Sets the time from the first exposure to the beginning of the window. Defaults to zero.
    pub fn window_from(mut self, window_from: Duration) -> Self {
        self.window_from = window_from;
        self
    }

    /// Sets the time from the first exposure to the end of the window. Defaults to seven days.
    pub fn window(mut self, window: Duration) -> Self {
        self.window = window;
        self
    }

    /// Sets the largest total that counts for one unit, positive or negative: a number of
    /// conversions, or a value in millionths. Defaults to `None`.
    pub fn cap(mut self, cap: impl Into<Option<i64>>) -> Self {
        self.cap = cap.into();
        self
    }

    /// Sets how far before the first exposure the same total of the unit is also summed. Defaults to zero, for
    /// not at all.
    ///
    /// What a unit did before its exposure cannot depend on its track. So it explains a part of the variance
    /// between units, and the comparison of tracks becomes sharper.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use tower_tracks::{Goal, assign::Sum, store::{AskedGoal, Measure}};
    ///
    /// let four_weeks = Duration::from_secs(28 * 24 * 60 * 60);
    /// let revenue = AskedGoal::new(Goal::new("bought")?, Measure::Total(Sum::Value));
    /// assert_eq!(revenue.lookback(four_weeks).lookback, four_weeks);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn lookback(mut self, lookback: Duration) -> Self {
        self.lookback = lookback;
        self
    }

    /// Sets whether the totals are also counted by size. Defaults to false.
    pub fn sizes(mut self, sizes: bool) -> Self {
        self.sizes = sizes;
        self
    }

    /// Returns from when to when conversions before the exposure are summed; `None` if they are not. None of
    /// them is also in the window.
    pub(super) fn before(
        &self,
        first_at: Timestamp,
        skew: Duration,
    ) -> Option<(Timestamp, Timestamp)> {
        self.looks_back()
            .then(|| (first_at.minus(self.lookback), first_at.minus(skew)))
    }

    /// Returns whether the total before the exposure is summed.
    pub(crate) fn looks_back(&self) -> bool {
        matches!(self.measure, Measure::Total(_)) && !self.lookback.is_zero()
    }

    /// Returns whether the conversions in the window are all that it sums.
    pub(super) fn counts_only_its_window(&self) -> bool {
        !matches!(self.measure, Measure::Ratio { .. }) && !self.looks_back()
    }

    /// Returns from when to when the conversions of a unit count. The skew is of windows that begin
    /// with the exposure.
    pub(super) fn span(&self, first_at: Timestamp, skew: Duration) -> (Timestamp, Timestamp) {
        let begin = match self.window_from {
            // Later windows begin long after the exposure, where clocks that differ do not matter.
            Duration::ZERO => first_at.minus(skew),
            from => first_at.plus(from),
        };
        (begin, first_at.plus(self.window))
    }

    /// Returns whether the query needs the conversions of a goal: as its own goal, or as the denominator of
    /// its ratio.
    ///
    /// ```
    /// use tower_tracks::{Goal, assign::Sum, store::{AskedGoal, Measure}};
    ///
    /// let (bought, opened) = (Goal::new("bought")?, Goal::new("opened")?);
    /// let denominator = Sum::Count;
    /// let ratio = Measure::Ratio { numerator: Sum::Value, goal: opened.clone(), denominator };
    /// let asked = AskedGoal::new(bought.clone(), ratio);
    /// assert!(asked.concerns(&bought) && asked.concerns(&opened));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn concerns(&self, goal: &Goal) -> bool {
        self.goals().any(|other| other == goal)
    }

    /// Returns the goals whose conversions it is about.
    pub(crate) fn goals(&self) -> impl Iterator<Item = &Goal> {
        let denominator = match &self.measure {
            Measure::Ratio { goal, .. } => Some(goal),
            _ => None,
        };
        std::iter::once(&self.goal).chain(denominator)
    }
}
