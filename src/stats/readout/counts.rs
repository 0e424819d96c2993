//! The input of a readout: what was counted of a set, its goals and their tracks.

use crate::stats::{
    Comparison, Headcount, Mean, NoAnswer, Rate, Ratio, Test, compare_means, compare_rates,
    compare_ratios,
};

/// What was counted of one phase of a set.
///
/// Units that were exposed to more than one track are left out everywhere but in `crossed`.
///
/// A store's report fills it; a program with counts of its own writes the fields that it knows, and
/// takes the others from `SetCounts::default()`.
///
/// ```
/// use tower_tracks::stats::{Headcount, SetCounts, Test, Warning, read};
///
/// let counts = SetCounts {
///     tracks: [5000, 5100].map(|units| Headcount { weight: 1.0, units }).to_vec(),
///     days: 3.5,
///     weekdays: 4,
///     ..SetCounts::default()
/// };
/// let readout = read(&counts, &Test::always_valid(0.05)?)?;
/// assert_eq!(readout.units, 10_100);
/// assert_eq!(readout.warnings, [Warning::LessThanAWeek { days: 3.5 }]);
/// # Ok::<(), tower_tracks::stats::NoAnswer>(())
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct SetCounts {
    /// The tracks with their current weights, control first.
    pub tracks: Vec<Headcount>,
    /// The units of each definition that was in force, with the weights of that definition. Empty
    /// where one definition was in force: then `tracks` are those of it.
    pub periods: Vec<Vec<Headcount>>,
    /// The units that were exposed to more than one track, by their first track.
    pub crossed: Vec<u64>,
    /// The units in tracks that never had a weight.
    pub stray: u64,
    /// Whether definitions whose weights differ each served more than 1% of the units.
    pub weights_changed: bool,
    /// The days from the first exposure on.
    pub days: f64,
    /// How many of the seven days of the week had exposures.
    pub weekdays: u8,
    /// The goals.
    pub goals: Vec<GoalCounts>,
}

/// What was counted of one goal.
///
/// All lists of cells are in the order of the tracks of the set, control first.
/// [`new`](Self::new) makes the counts of a goal without open windows, crossed units or a plan.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct GoalCounts {
    /// What the goal is for.
    pub role: Role,
    /// Which way is better.
    pub wanted: Wanted,
    /// The units whose windows are over, by track, in the order of the set's. Verdicts are of them.
    pub cells: Vec<TrackCounts>,
    /// All units so far, where some still have time to convert; else empty.
    pub so_far: Vec<TrackCounts>,
    /// The same as `cells`, with the crossed units counted to their first track; empty where no
    /// unit is crossed.
    pub with_crossed: Vec<TrackCounts>,
    /// The looks of a plan so far; `None` where the goal is read at every look.
    pub plan: Option<Vec<Look>>,
}

/// One look of a plan: the units that were closed at that time.
///
/// [`TrackReadout::is_decided`](crate::stats::TrackReadout::is_decided) has an example.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Look {
    /// The closed units of all tracks together, by those that are planned. It grows from look to
    /// look.
    pub information: f64,
    /// The closed units, by track, in the order of the set's.
    pub cells: Vec<TrackCounts>,
    /// The tracks that took part at the time of the look, by index. A track that was switched off
    /// before it was decided is not decided any more.
    pub live: Vec<usize>,
    /// Among how many tracks alpha is shared: those that ever took part until then.
    pub sharing: usize,
}

/// What a goal is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
pub enum Role {
    /// The one that decides, named before the start. Alpha is shared among its comparisons (Holm).
    Primary,
    /// One that suggests what to test next. The share of false findings is held down (Benjamini &
    /// Hochberg).
    Exploratory,
    /// One that must not get worse. Each is tested at the whole of alpha, since to miss harm is
    /// the worse error.
    Guardrail,
}

/// Which way a goal is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
pub enum Wanted {
    /// More is better, as of sales.
    More,
    /// Less is better, as of errors.
    Less,
}

/// What was counted of one goal in one track.
///
/// A [`Counted`] converts into one, without the details that only some stores record.
///
/// ```
/// use tower_tracks::stats::{TrackCounts, Counted, Mean};
///
/// let counted = Counted::Mean(Mean { units: 500, mean: 12.0, variance: 40.0, ..Mean::default() });
/// // 13 of the units have a value, and one holds 9% of the sum.
/// let cell = TrackCounts {
///     converters: Some(13),
///     largest_share: Some(0.09),
///     ..TrackCounts::from(counted)
/// };
/// assert_eq!((cell.converters(), cell.counted.units()), (13, 500));
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct TrackCounts {
    /// All of the track.
    pub counted: Counted,
    /// The same by the coin: the two halves that nothing distinguishes, if it was recorded.
    pub halves: Option<[Counted; 2]>,
    /// The units with a value other than 0, where that is known; of a rate it is not needed.
    pub converters: Option<u64>,
    /// The share of the absolute sum that one unit holds, positive or negative, if it was recorded.
    pub largest_share: Option<f64>,
}

/// One of the kinds of goals.
///
/// All tracks of a goal are of one kind; a comparison of two kinds is
/// [`NoAnswer::Mixed`](crate::stats::NoAnswer::Mixed).
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
pub enum Counted {
    /// How many units did something.
    Rate(Rate),
    /// How much a unit did.
    Mean(Mean),
    /// How much of one thing there was for each of another.
    Ratio(Ratio),
}

impl GoalCounts {
    /// Makes the counts of a goal that is read at every look, of units whose windows are all over.
    ///
    /// ```
    /// use tower_tracks::stats::{TrackCounts, Counted, GoalCounts, Rate, Role, Wanted};
    ///
    /// let rate = |units, converters| TrackCounts::from(Counted::Rate(Rate { units, converters }));
    /// let goal = GoalCounts::new(Role::Guardrail, Wanted::Less, [rate(500, 3), rate(510, 4)]);
    /// assert_eq!(goal.cells.len(), 2);
    /// assert!(goal.so_far.is_empty() && goal.plan.is_none());
    /// ```
    pub fn new(role: Role, wanted: Wanted, cells: impl Into<Vec<TrackCounts>>) -> Self {
        Self {
            role,
            wanted,
            cells: cells.into(),
            so_far: Vec::new(),
            with_crossed: Vec::new(),
            plan: None,
        }
    }
}

impl From<Counted> for TrackCounts {
    fn from(counted: Counted) -> Self {
        Self {
            counted,
            halves: None,
            converters: None,
            largest_share: None,
        }
    }
}

impl TrackCounts {
    /// Returns the units that reached the goal: those that converted, or whose value is not 0. Where
    /// that is not known, all.
    ///
    /// ```
    /// use tower_tracks::stats::{TrackCounts, Counted, Mean, Rate};
    ///
    /// let rate = TrackCounts::from(Counted::Rate(Rate { units: 500, converters: 50 }));
    /// assert_eq!(rate.converters(), 50);
    /// let mean = TrackCounts::from(Counted::Mean(Mean { units: 500, ..Mean::default() }));
    /// assert_eq!(mean.converters(), 500);
    /// assert_eq!(TrackCounts { converters: Some(13), ..mean }.converters(), 13);
    /// ```
    pub fn converters(&self) -> u64 {
        match (&self.counted, self.converters) {
            (Counted::Rate(rate), _) => rate.converters,
            (counted, converters) => converters.unwrap_or_else(|| counted.units()),
        }
    }
}

impl Counted {
    /// Returns the units counted. Of a ratio they are the units, not the rows they were summed in.
    ///
    /// ```
    /// use tower_tracks::stats::{Counted, Ratio};
    ///
    /// let groups = Ratio { rows: 1024, units: 1024, ..Ratio::default() };
    /// assert_eq!(Counted::Ratio(groups.of_units(50_000)).units(), 50_000);
    /// ```
    pub fn units(&self) -> u64 {
        match self {
            Self::Rate(rate) => rate.units,
            Self::Mean(mean) => mean.units,
            Self::Ratio(ratio) => ratio.units,
        }
    }

    /// Compares it with that of control.
    ///
    /// It is [`compare_rates`](crate::stats::compare_rates),
    /// [`compare_means`](crate::stats::compare_means) or
    /// [`compare_ratios`](crate::stats::compare_ratios), and asks for no least number of units: see
    /// [`Missing`](crate::stats::Missing).
    ///
    /// ```
    /// use tower_tracks::stats::{Counted, Mean, NoAnswer, Rate, Test};
    ///
    /// let control = Counted::Rate(Rate { units: 10_000, converters: 1000 });
    /// let track = Counted::Rate(Rate { units: 10_000, converters: 1100 });
    /// let test = Test::fixed(0.05)?;
    /// assert!(track.compare(&control, &test)?.is_significant());
    /// let mean = Counted::Mean(Mean { units: 500, ..Mean::default() });
    /// assert_eq!(mean.compare(&control, &test), Err(NoAnswer::Mixed));
    /// # Ok::<(), NoAnswer>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Unless both are of one kind, and where its comparison has no answer.
    pub fn compare(&self, control: &Self, test: &Test) -> Result<Comparison, NoAnswer> {
        match (control, self) {
            (Self::Rate(control), Self::Rate(track)) => compare_rates(control, track, test),
            (Self::Mean(control), Self::Mean(track)) => compare_means(control, track, test),
            (Self::Ratio(control), Self::Ratio(track)) => compare_ratios(control, track, test),
            _ => Err(NoAnswer::Mixed),
        }
    }
}
