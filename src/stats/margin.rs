//! Intervals of a lift, read against a margin.
//!
//! An interval is first turned so that more is better. So goals of which less is better need no rules
//! of their own.

use crate::stats::{Comparison, Interval, Wanted};

/// The interval of a lift, oriented so that more is better.
///
/// [`non_inferiority`](crate::stats::non_inferiority) and [`relevance`](crate::stats::relevance) compare it
/// with a margin. If less is better, both limits change their sign and their places: an upper limit of 2%
/// more errors becomes a lower limit of −2%.
///
/// ```
/// use tower_tracks::stats::{Interval, LiftBounds, Wanted};
///
/// let errors = Interval { lower: -0.01, upper: 0.02 };
/// let lift = LiftBounds::new(errors, false, Wanted::Less);
/// assert_eq!((lift.lower, lift.upper), (-0.02, 0.01));
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct LiftBounds {
    /// The lower limit; minus infinity if there is none.
    pub lower: f64,
    /// The upper limit; infinite if there is none.
    pub upper: f64,
    /// Whether the difference is significant. It matters only if a limit is at 0, because rounding may move a
    /// limit exactly to 0.
    pub significant: bool,
}

impl LiftBounds {
    /// Returns the bounds of an interval of a lift, mirrored if less is better.
    ///
    /// `significant` is the result of [`is_significant`](crate::stats::Comparison::is_significant) of the
    /// same comparison.
    ///
    /// ```
    /// use tower_tracks::stats::{Interval, LiftBounds, Wanted};
    ///
    /// let interval = Interval { lower: 0.01, upper: 0.03 };
    /// assert!(LiftBounds::new(interval, true, Wanted::More).is_better());
    /// assert!(LiftBounds::new(interval, true, Wanted::Less).is_worse());
    /// ```
    pub fn new(interval: Interval, significant: bool, wanted: Wanted) -> Self {
        let Interval { lower, upper } = interval;
        let (lower, upper) = match wanted {
            Wanted::More => (lower, upper),
            Wanted::Less => (-upper, -lower),
        };
        Self {
            lower,
            upper,
            significant,
        }
    }

    /// Returns the bounds of a comparison; infinite ones if the lift has no interval.
    ///
    /// ```
    /// use tower_tracks::stats::{LiftBounds, Rate, Test, Wanted, compare_rates};
    ///
    /// let control = Rate { units: 10_000, converters: 1000 };
    /// let track = Rate { units: 10_000, converters: 1100 };
    /// let comparison = compare_rates(&control, &track, &Test::fixed(0.05)?)?;
    /// let lift = LiftBounds::of(&comparison, Wanted::More);
    /// assert_eq!([lift.lower, lift.upper].map(|limit| (limit * 1e4).round()), [144.0, 1928.0]);
    /// # Ok::<(), tower_tracks::stats::NoAnswer>(())
    /// ```
    pub fn of(comparison: &Comparison, wanted: Wanted) -> Self {
        match comparison.lift_interval {
            Ok(interval) => Self::new(interval, comparison.is_significant(), wanted),
            // Nothing is excluded then, so that no margin is kept either.
            Err(_) => Self {
                lower: f64::NEG_INFINITY,
                upper: f64::INFINITY,
                significant: false,
            },
        }
    }

    /// Returns whether the track is better than control: the difference is significant, and the whole
    /// interval is at or above 0.
    ///
    /// ```
    /// use tower_tracks::stats::{Interval, LiftBounds, Wanted};
    ///
    /// let interval = Interval { lower: 0.0, upper: 0.02 };
    /// assert!(LiftBounds::new(interval, true, Wanted::More).is_better());
    /// // The limit is on the border, and the test decides.
    /// assert!(!LiftBounds::new(interval, false, Wanted::More).is_better());
    /// ```
    pub fn is_better(&self) -> bool {
        self.significant && self.lower >= 0.0
    }

    /// Returns whether the track is worse than control: the difference is significant, and the whole interval
    /// is at or below 0.
    ///
    /// ```
    /// use tower_tracks::stats::{Interval, LiftBounds, Wanted};
    ///
    /// let interval = Interval { lower: -0.04, upper: -0.001 };
    /// assert!(LiftBounds::new(interval, true, Wanted::More).is_worse());
    /// ```
    pub fn is_worse(&self) -> bool {
        self.significant && self.upper <= 0.0
    }
}

/// The result for a guardrail that may get worse by less than a margin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
pub enum NonInferiority {
    /// It is worse.
    Worse {
        /// Whether it is worse by less than the margin for certain.
        within_margin: bool,
    },
    /// It is not worse than control by the margin or more.
    NotWorseThanMargin,
    /// Neither is certain yet.
    Unclear,
}

/// Compares the interval of a lift with the margin of a guardrail. A margin of 0.02 is 2%.
///
/// The result is worse if the whole interval is below 0. Otherwise it is not worse than the margin if the
/// whole interval is above minus the margin. A limit exactly on a border does not cross it. An interval at
/// `1 − α` makes a non-inferiority test at `α/2`.
///
/// ```
/// use tower_tracks::stats::{Interval, LiftBounds, NonInferiority, Wanted, non_inferiority};
///
/// let interval = Interval { lower: -0.01, upper: 0.02 };
/// let more = LiftBounds::new(interval, false, Wanted::More);
/// assert_eq!(non_inferiority(&more, 0.02), NonInferiority::NotWorseThanMargin);
/// // Of errors, 2% more may be too many.
/// let less = LiftBounds::new(interval, false, Wanted::Less);
/// assert_eq!(non_inferiority(&less, 0.02), NonInferiority::Unclear);
/// ```
///
/// Source: Piaggio, Elbourne, Pocock, Evans & Altman 2012, "Reporting of noninferiority and
/// equivalence randomized trials".
pub fn non_inferiority(lift: &LiftBounds, margin: f64) -> NonInferiority {
    let within_margin = lift.lower > -margin;
    // A track can be worse and within the margin, and that it is worse must be seen.
    if lift.is_worse() {
        NonInferiority::Worse { within_margin }
    } else if within_margin {
        NonInferiority::NotWorseThanMargin
    } else {
        NonInferiority::Unclear
    }
}

/// The result for a goal in which only a lift of some size matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
pub enum Relevance {
    /// It is better by more than the smallest lift that matters.
    BetterByMore,
    /// It is worse by more than the smallest lift that matters.
    WorseByMore,
    /// It is better, but perhaps by less.
    Better,
    /// It is worse, but perhaps by less.
    Worse,
    /// The difference is too small to matter, even if there is one.
    TooSmallToMatter,
    /// None of these is certain yet.
    Unclear,
}

/// Compares the interval of a lift with the smallest lift that matters. A lift of 0.02 is 2%.
///
/// The first variant that applies is the result. A limit exactly on a border does not cross it.
///
/// ```
/// use tower_tracks::stats::{Interval, LiftBounds, Relevance, Wanted, relevance};
///
/// let interval = Interval { lower: -0.01, upper: 0.02 };
/// let lift = LiftBounds::new(interval, false, Wanted::More);
/// assert_eq!(relevance(&lift, 0.03), Relevance::TooSmallToMatter);
/// assert_eq!(relevance(&lift, 0.015), Relevance::Unclear);
/// ```
///
/// Source: Schuirmann 1987, "A comparison of the two one-sided tests procedure and the power
/// approach for assessing the equivalence of average bioavailability".
pub fn relevance(lift: &LiftBounds, smallest: f64) -> Relevance {
    let (lower, upper) = (lift.lower, lift.upper);
    // What is better by more is better too, so the stronger answers come first.
    if lower > smallest {
        Relevance::BetterByMore
    } else if upper < -smallest {
        Relevance::WorseByMore
    } else if lift.is_better() {
        Relevance::Better
    } else if lift.is_worse() {
        Relevance::Worse
    } else if lower > -smallest && upper < smallest {
        Relevance::TooSmallToMatter
    } else {
        Relevance::Unclear
    }
}
