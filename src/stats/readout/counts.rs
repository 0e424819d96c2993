//! The input of a readout: what was counted of a set, its goals and their tracks.

use crate::stats::{
    Comparison, Covaried, Headcount, Latencies, Mean, NoAnswer, Rate, Ratio, Test,
    compare_adjusted_means, compare_means, compare_rates, compare_ratios,
};

/// The counts of one phase of a set.
///
/// Units that were exposed to more than one track are only in `crossed` and `with_crossed`.
///
/// The report of a store fills all fields. A program with its own counts sets the fields that it knows, and
/// uses `SetCounts::default()` for the others.
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
    /// The units of each definition that was in force, with the weights of that definition. It is empty if
    /// there was only one definition: then `tracks` has its units.
    pub periods: Vec<Vec<Headcount>>,
    /// The number of units that were exposed to more than one track, by their first track.
    pub crossed: Vec<u64>,
    /// The number of units in tracks that never had a weight.
    pub stray: u64,
    /// Whether at least two definitions with different weights each served more than 1% of the units.
    pub weights_changed: bool,
    /// The number of days since the first exposure.
    pub days: f64,
    /// The number of weekdays with exposures, at most seven.
    pub weekdays: u8,
    /// The goals.
    pub goals: Vec<GoalCounts>,
}

/// The counts of one goal.
///
/// All lists of cells are in the order of the tracks of the set, with control first. [`new`](Self::new)
/// returns the counts of a goal without open windows, crossed units or a plan.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct GoalCounts {
    /// The role of the goal.
    pub role: Role,
    /// The direction in which the goal is better.
    pub wanted: Wanted,
    /// The units whose windows have ended, by track. Verdicts count these.
    pub cells: Vec<TrackCounts>,
    /// All units so far, if some still have time to convert; otherwise empty.
    pub so_far: Vec<TrackCounts>,
    /// The same as `cells`, but with each crossed unit counted in its first track; empty if no unit is
    /// crossed.
    pub with_crossed: Vec<TrackCounts>,
    /// The looks of a plan so far; `None` if the goal is read at every look.
    pub plan: Option<Vec<Look>>,
    /// The largest lift that does not matter: how much worse a guardrail may get, or the smallest lift of a primary
    /// goal that matters. 0.02 is 2%.
    pub margin: Option<f64>,
    /// The durations of the requests of each track, if the goal is their 95th percentile. Then the cells only have
    /// the units. `None` for all other goals.
    #[cfg_attr(feature = "serde", serde(skip))]
    pub latencies: Option<Vec<Latencies>>,
}

/// One look of a plan: the closed units at that time.
///
/// [`TrackReadout::is_decided`](crate::stats::TrackReadout::is_decided) has an example.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Look {
    /// The closed units of all tracks together, divided by the planned units. It increases from look to look.
    pub information: f64,
    /// The closed units, by track.
    pub cells: Vec<TrackCounts>,
    /// The tracks that took part at the time of the look, by index. A track that was switched off before a
    /// look decided it is no longer decided.
    pub live: Vec<usize>,
    /// The number of tracks that share alpha: those that took part at any time up to this look.
    pub sharing: usize,
}

/// The role of a goal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
pub enum Role {
    /// The goal that decides, named before the start. Alpha is shared among its comparisons (Holm).
    Primary,
    /// An exploratory goal. Only the share of false findings is limited (Benjamini & Hochberg).
    Exploratory,
    /// A goal that must not get worse. Each is tested at the whole of alpha, because missed harm is the worse
    /// error.
    Guardrail,
}

/// The direction in which a goal is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
pub enum Wanted {
    /// More is better, such as sales.
    More,
    /// Less is better, such as errors.
    Less,
}

/// The counts of one goal in one track.
///
/// [`Counted`] converts into a cell without the details that only some stores record.
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
    /// The counts of the whole track.
    pub counted: Counted,
    /// The same counts by the coin, as two halves of the same track, if the coin was recorded.
    pub halves: Option<[Counted; 2]>,
    /// The number of units with a value other than 0, if it is known; not needed for a rate.
    pub converters: Option<u64>,
    /// The share of one unit in the sum of absolute values, if it was recorded.
    pub largest_share: Option<f64>,
}

/// The counts of one goal, by its kind.
///
/// All tracks of a goal have the same kind. A comparison of two kinds is
/// [`NoAnswer::Mixed`](crate::stats::NoAnswer::Mixed).
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
pub enum Counted {
    /// How many units converted.
    Rate(Rate),
    /// The mean of the values of the units.
    Mean(Mean),
    /// A mean beside a covariate that was known before the exposure, by which comparisons are adjusted:
    /// [`compare_adjusted_means`].
    Covaried(Covaried),
    /// The ratio of two sums over the units.
    Ratio(Ratio),
}

impl GoalCounts {
    /// Returns the counts of a goal that is read at every look, for units whose windows have all ended.
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
            margin: None,
            latencies: None,
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
    /// Returns the number of units that reached the goal: those that converted, or whose value is not 0. If
    /// it is not known, it is the number of all units.
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
    /// Returns the number of units. For a ratio, it counts the units, not the rows in which they were summed.
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
            Self::Covaried(covaried) => covaried.value.units,
            Self::Ratio(ratio) => ratio.units,
        }
    }

    /// Compares this cell with that of control.
    ///
    /// It uses [`compare_rates`](crate::stats::compare_rates), [`compare_means`](crate::stats::compare_means)
    /// or [`compare_ratios`](crate::stats::compare_ratios). It does not check for enough data: use
    /// [`Missing`](crate::stats::Missing) for that.
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
    /// If the kinds differ, or if the comparison has no answer.
    pub fn compare(&self, control: &Self, test: &Test) -> Result<Comparison, NoAnswer> {
        match (control, self) {
            (Self::Rate(control), Self::Rate(track)) => compare_rates(control, track, test),
            (Self::Mean(control), Self::Mean(track)) => compare_means(control, track, test),
            (Self::Covaried(control), Self::Covaried(track)) => {
                Ok(compare_adjusted_means(control, track, test)?.comparison)
            }
            (Self::Ratio(control), Self::Ratio(track)) => compare_ratios(control, track, test),
            _ => Err(NoAnswer::Mixed),
        }
    }
}
