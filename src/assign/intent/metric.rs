use std::{borrow::Cow, time::Duration};

/// Millionths in one.
const MICROS: f64 = 1e6;

/// A metric of a plan: which number a report computes from the conversions of a goal.
///
/// It is compared between the tracks of a test. It needs no data beforehand: a conversion names no
/// set, so a metric that is added later counts earlier conversions as well.
///
/// ```
/// use tower_tracks::{Metric, assign::Sum};
///
/// let buyers = Metric::rate("purchase");
/// let revenue = Metric::value("purchase").cap(500.0);
/// let basket = Metric::ratio("purchase", Sum::Value, "purchase", Sum::Count);
/// let complaints = Metric::count("complaint").less_is_better();
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Metric {
    /// Checked when a set with the plan is built, not here.
    goal: Cow<'static, str>,
    kind: MetricKind,
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    cap: Option<i64>,
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    window: Option<Duration>,
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Duration::is_zero")
    )]
    window_from: Duration,
    #[cfg_attr(feature = "serde", serde(default))]
    less_is_better: bool,
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Option::is_none")
    )]
    margin: Option<f64>,
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Option::is_none")
    )]
    lookback: Option<Duration>,
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Option::is_none")
    )]
    cap_at: Option<f64>,
}

/// The number that is computed from the conversions of a unit.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
#[non_exhaustive]
pub enum MetricKind {
    /// Whether a unit reached the goal.
    Rate,
    /// How often a unit reached the goal.
    Count,
    /// The sum of the values of its conversions.
    Value,
    /// A sum over all units, divided by another sum.
    Ratio {
        /// The sum for the goal.
        numerator: Sum,
        /// The goal of the denominator.
        goal: Cow<'static, str>,
        /// The sum for the goal of the denominator.
        denominator: Sum,
    },
}

/// The quantity that is summed over conversions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
pub enum Sum {
    /// Their number, without conversions of a negative value.
    Count,
    /// Their value. A negative value is subtracted.
    Value,
}

impl Metric {
    /// Returns the metric of how many units reach a goal. A conversion with a negative value, such as a
    /// refund, does not reach it.
    ///
    /// The result for a track is the share of its units that reached the goal, such as 4.2%.
    ///
    /// ```
    /// use tower_tracks::{Metric, assign::MetricKind};
    ///
    /// let buyers = Metric::rate("purchase");
    /// assert_eq!((buyers.goal(), buyers.kind()), ("purchase", &MetricKind::Rate));
    /// ```
    pub fn rate(goal: impl Into<Cow<'static, str>>) -> Self {
        Self::new(goal, MetricKind::Rate)
    }

    /// Returns the metric of how often a unit reaches a goal. Conversions with a negative value are not
    /// counted.
    ///
    /// The result for a track is the mean over its units, including those without a conversion.
    ///
    /// ```
    /// use tower_tracks::{Metric, assign::MetricKind};
    ///
    /// let complaints = Metric::count("complaint").less_is_better();
    /// assert_eq!(complaints.kind(), &MetricKind::Count);
    /// ```
    pub fn count(goal: impl Into<Cow<'static, str>>) -> Self {
        Self::new(goal, MetricKind::Count)
    }

    /// Returns the metric of the value of a unit's conversions of a goal. Negative values, such as refunds,
    /// are subtracted.
    ///
    /// The result for a track is the mean over its units, in the currency or the unit of the goal. A few
    /// large values widen its interval: set a [`cap`](Self::cap).
    ///
    /// ```
    /// use tower_tracks::Metric;
    ///
    /// let revenue = Metric::value("purchase").cap(500.0);
    /// assert_eq!(revenue.most(), Some(500_000_000), "in millionths");
    /// ```
    pub fn value(goal: impl Into<Cow<'static, str>>) -> Self {
        Self::new(goal, MetricKind::Value)
    }

    /// Returns the metric of a sum over one goal's conversions, divided by a sum over another goal's, such as
    /// the value of orders divided by their number.
    ///
    /// Both sums are over all units of a track.
    ///
    /// ```
    /// use tower_tracks::{Metric, assign::{MetricKind, Sum}};
    ///
    /// let basket = Metric::ratio("purchase", Sum::Value, "purchase", Sum::Count);
    /// let kind = MetricKind::Ratio {
    ///     numerator: Sum::Value,
    ///     goal: "purchase".into(),
    ///     denominator: Sum::Count,
    /// };
    /// assert_eq!(basket.kind(), &kind);
    /// ```
    pub fn ratio(
        goal: impl Into<Cow<'static, str>>,
        numerator: Sum,
        by: impl Into<Cow<'static, str>>,
        denominator: Sum,
    ) -> Self {
        let kind = MetricKind::Ratio {
            numerator,
            goal: by.into(),
            denominator,
        };
        Self::new(goal, kind)
    }

    fn new(goal: impl Into<Cow<'static, str>>, kind: MetricKind) -> Self {
        Self {
            goal: goal.into(),
            kind,
            cap: None,
            window: None,
            window_from: Duration::ZERO,
            less_is_better: false,
            margin: None,
            lookback: None,
            cap_at: None,
        }
    }

    /// Sets the largest amount that counts for one unit, up or down: a number of conversions for counts,
    /// otherwise a value. Without a cap, a few large values can hide an effect in noise.
    ///
    /// Defaults to no cap: then a unit counts at most ±9.2 · 10¹². Set it before the first look at the data.
    ///
    /// For a ratio, it limits only the numerator.
    ///
    /// ```
    /// use tower_tracks::Metric;
    ///
    /// assert_eq!(Metric::value("purchase").cap(19.90).most(), Some(19_900_000));
    /// assert_eq!(Metric::count("visit").cap(10.0).most(), Some(10));
    /// ```
    pub fn cap(mut self, most: f64) -> Self {
        let scale = match self.kind {
            MetricKind::Rate | MetricKind::Count => 1.0,
            MetricKind::Ratio {
                numerator: Sum::Count,
                ..
            } => 1.0,
            MetricKind::Value | MetricKind::Ratio { .. } => MICROS,
        };
        // A cap that 64 bits do not hold is the nearest that they do; `NaN` is 0.
        self.cap = Some((most * scale).round() as i64);
        self.cap_at = None;
        self
    }

    /// Sets how long conversions count after the first exposure. Defaults to the window of the
    /// plan, which is seven days by default.
    ///
    /// ```
    /// use std::time::Duration;
    /// use tower_tracks::{Metric, Plan};
    ///
    /// const DAY: Duration = Duration::from_secs(24 * 60 * 60);
    /// let buyers = Metric::rate("purchase").window(DAY);
    /// assert_eq!(Plan::default().window(14 * DAY).window_of(&buyers), DAY);
    /// ```
    pub fn window(mut self, window: Duration) -> Self {
        self.window = Some(window);
        self
    }

    /// Sets how long after the first exposure conversions begin to count, for instance for retention: units
    /// that return from day 7 to day 14. Defaults to zero. It must be less than the window, which also begins
    /// at the first exposure.
    ///
    /// ```
    /// # use std::time::Duration;
    /// use tower_tracks::Metric;
    ///
    /// const DAY: Duration = Duration::from_secs(24 * 60 * 60);
    /// let retention = Metric::rate("visit").window_from(7 * DAY).window(14 * DAY);
    /// ```
    pub fn window_from(mut self, from: Duration) -> Self {
        self.window_from = from;
        self
    }

    /// Marks a metric as better if it is less, such as complaints. By default, more is better.
    ///
    /// A report then reads a decrease as an improvement, and an increase of a guardrail as harm.
    ///
    /// ```
    /// use tower_tracks::Metric;
    ///
    /// assert!(Metric::count("complaint").less_is_better().is_less_better());
    /// assert!(!Metric::rate("purchase").is_less_better());
    /// ```
    pub fn less_is_better(mut self) -> Self {
        self.less_is_better = true;
        self
    }

    /// Sets the largest lift that does not matter, as a share of control's value: 0.02 is 2%. Defaults to none.
    ///
    /// A guardrail may get worse by less than this. Its verdict is “not worse than the margin” as soon as the whole
    /// interval is within it. One that is worse within its margin does not stop the set. For a primary goal, a lift of this size or less is too small to matter: the verdict
    /// says so if the whole interval is smaller, and it says if a track is better by more. An exploratory goal has
    /// no use for it.
    ///
    /// Choose it before the first look at the data. A set is not built if it is not above 0, or not finite.
    ///
    /// ```
    /// use tower_tracks::{Metric, Plan};
    ///
    /// // A price may cost some visitors, but no more than 2% of them; a lift of revenue below 1% is not worth it.
    /// let plan = Plan::default()
    ///     .primary(Metric::value("purchase").margin(0.01))
    ///     .guardrail(Metric::rate("visit").margin(0.02));
    /// assert_eq!(plan.guardrails()[0].own_margin(), Some(0.02));
    /// ```
    pub fn margin(mut self, lift: f64) -> Self {
        self.margin = Some(lift);
        self
    }

    /// Sets the cap to a percentile of the totals: 0.99 is the total that 99% of the units do not exceed, of those whose
    /// total is not 0. Defaults to none. It replaces [`cap`](Self::cap).
    ///
    /// The totals of all tracks together decide, or the cap would hide the effect of a track on its largest totals. It
    /// is rounded up by at most 1/64, and moves as data come. So prefer a [`cap`](Self::cap) that was set before the
    /// test; the primary goal of a plan with a number of units has to have one.
    ///
    /// ```
    /// use tower_tracks::{Metric, Plan};
    ///
    /// let plan = Plan::default().exploratory(Metric::value("purchase").cap_at(0.99));
    /// assert_eq!(plan.exploratory_metrics()[0].own_cap_at(), Some(0.99));
    /// ```
    ///
    /// # Errors
    ///
    /// `build` fails if it is not from 0.5 to 1, if the metric is a rate, or if the metric is the primary goal of a plan
    /// with a number of units.
    pub fn cap_at(mut self, percentile: f64) -> Self {
        self.cap_at = Some(percentile);
        self.cap = None;
        self
    }

    /// Sets how far before its first exposure the same total of a unit is read, to make the comparison sharper.
    /// Zero switches it off.
    ///
    /// Defaults to 28 days, or to zero if the unit of the set is the visitor: most visitors are new. What a unit did
    /// before its first exposure cannot depend on its track. The report removes the part of the variance that it
    /// explains, and shows the comparison without it beside (CUPED). The cap limits both totals. Rates and ratios
    /// ignore it.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use tower_tracks::{Metric, Plan};
    ///
    /// let a_week = Duration::from_secs(7 * 24 * 60 * 60);
    /// let plan = Plan::default().primary(Metric::value("purchase").lookback(a_week));
    /// assert_eq!(plan.primary_metric().and_then(Metric::own_lookback), Some(a_week));
    /// ```
    pub fn lookback(mut self, lookback: Duration) -> Self {
        self.lookback = Some(lookback);
        self
    }

    /// Returns the goal; for a ratio, the goal of its numerator.
    pub fn goal(&self) -> &str {
        &self.goal
    }

    /// Returns the kind of the metric.
    ///
    /// ```
    /// use tower_tracks::{Metric, assign::MetricKind};
    ///
    /// let unit = match Metric::value("purchase").kind() {
    ///     MetricKind::Rate => "%",
    ///     MetricKind::Value => "EUR",
    ///     _ => "",
    /// };
    /// assert_eq!(unit, "EUR");
    /// ```
    pub fn kind(&self) -> &MetricKind {
        &self.kind
    }

    /// Returns the largest amount that counts for one unit: a number of conversions, or millionths.
    ///
    /// `None` if no cap was set.
    pub fn most(&self) -> Option<i64> {
        self.cap
    }

    /// Returns the window of this metric, if it has one of its own.
    ///
    /// [`Plan::window_of`](crate::Plan::window_of) returns the window that applies.
    pub fn own_window(&self) -> Option<Duration> {
        self.window
    }

    /// Returns how long after the first exposure conversions begin to count.
    ///
    /// It is zero unless [`window_from`](Self::window_from) set it.
    pub fn own_window_from(&self) -> Duration {
        self.window_from
    }

    /// Returns the largest lift that does not matter.
    ///
    /// `None` if no [`margin`](Self::margin) was set.
    pub fn own_margin(&self) -> Option<f64> {
        self.margin
    }

    /// Returns the percentile to which the cap is set; `None` if no [`cap_at`](Self::cap_at) was set.
    pub fn own_cap_at(&self) -> Option<f64> {
        self.cap_at
    }

    /// Returns how far before its first exposure the total of a unit is read; `None` if no
    /// [`lookback`](Self::lookback) was set.
    pub fn own_lookback(&self) -> Option<Duration> {
        self.lookback
    }

    /// Returns whether less is better.
    pub fn is_less_better(&self) -> bool {
        self.less_is_better
    }

    /// Returns the names of its goals: that of a ratio's denominator comes second.
    pub(super) fn goals(&self) -> impl Iterator<Item = &str> {
        let denominator = match &self.kind {
            MetricKind::Ratio { goal, .. } => Some(&**goal),
            _ => None,
        };
        std::iter::once(self.goal()).chain(denominator)
    }
}
