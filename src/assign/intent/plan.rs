use std::{
    borrow::Cow,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use super::{Metric, MetricKind};
use crate::assign::{DefinitionError, name};

/// The plan of a test, made before the first look at the data.
///
/// All settings are optional. A plan does not change any assignment, and you can change it at any
/// time. But a goal that becomes the primary goal after a look at the data is only exploratory.
///
/// ```
/// use tower_tracks::{Metric, Plan, SimpleTrackSet};
///
/// let delay = SimpleTrackSet::new("delay").track("short", 500).track("long", 2000).plan(
///     Plan::default()
///         .hypothesis("waiting visitors do not come back")
///         .primary(Metric::rate("purchase"))
///         .exploratory(Metric::value("purchase").cap(500.0))
///         .guardrail(Metric::count("complaint").less_is_better())
///         .units(20_000),
/// );
/// # delay.build().map(drop)
/// # ;Ok::<(), tower_tracks::DefinitionError>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default))]
#[must_use = "a plan is given to a set"]
pub struct Plan {
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    primary: Option<Metric>,
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Vec::is_empty"))]
    also: Vec<Metric>,
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Vec::is_empty"))]
    guardrails: Vec<Metric>,
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    window: Option<Duration>,
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    units: Option<u64>,
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    expected_units: Option<u64>,
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "str::is_empty"))]
    owner: Cow<'static, str>,
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "str::is_empty"))]
    hypothesis: Cow<'static, str>,
    /// In seconds since 1970.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    start: Option<u64>,
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    time_zone: Option<Cow<'static, str>>,
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "std::ops::Not::not"))]
    stop_if_harmed: bool,
}

impl Plan {
    /// The default window: conversions count for seven days after the first exposure.
    pub const WINDOW: Duration = Duration::from_secs(7 * 24 * 60 * 60);

    /// Sets the primary metric, which decides the test. Defaults to none; then all verdicts are exploratory.
    ///
    /// A test has one question, and so one primary metric. A second call replaces it.
    ///
    /// ```
    /// use tower_tracks::{Metric, Plan};
    ///
    /// let plan = Plan::default().primary(Metric::rate("purchase"));
    /// assert_eq!(plan.primary_metric(), Some(&Metric::rate("purchase")));
    /// ```
    pub fn primary(mut self, metric: Metric) -> Self {
        self.primary = Some(metric);
        self
    }

    /// Adds an exploratory metric: what it finds suggests a test of its own, and confirms nothing.
    ///
    /// ```
    /// use tower_tracks::{Metric, Plan};
    ///
    /// let plan = Plan::default().exploratory(Metric::rate("search")).exploratory(Metric::count("visit"));
    /// let goals: Vec<_> = plan.exploratory_metrics().iter().map(|metric| metric.goal()).collect();
    /// assert_eq!(goals, ["search", "visit"]);
    /// ```
    pub fn exploratory(mut self, metric: Metric) -> Self {
        self.also.push(metric);
        self
    }

    /// Adds a metric that must not get worse. Errors, aborts and durations of requests are always
    /// guardrails.
    ///
    /// ```
    /// use tower_tracks::{Metric, Plan};
    ///
    /// let complaints = Metric::count("complaint").less_is_better();
    /// let plan = Plan::default().guardrail(complaints.clone());
    /// assert_eq!(plan.guardrails(), [complaints]);
    /// ```
    pub fn guardrail(mut self, metric: Metric) -> Self {
        self.guardrails.push(metric);
        self
    }

    /// Sets how long conversions count after the first exposure. Defaults to seven days.
    ///
    /// A metric may have a [window of its own](Metric::window). A longer window covers more of the effect,
    /// but delays the result, because units are counted when their windows have ended.
    ///
    /// ```
    /// use std::time::Duration;
    /// use tower_tracks::{Metric, Plan};
    ///
    /// const DAY: Duration = Duration::from_secs(24 * 60 * 60);
    /// let buyers = Metric::rate("purchase");
    /// assert_eq!(Plan::default().window_of(&buyers), 7 * DAY);
    /// assert_eq!(Plan::default().window(14 * DAY).window_of(&buyers), 14 * DAY);
    /// ```
    pub fn window(mut self, window: Duration) -> Self {
        self.window = Some(window);
        self
    }

    /// Sets the number of units, of all tracks together, with which the test ends. Defaults to none:
    /// then verdicts are valid at every look, and you may stop at any of them, but intervals are
    /// somewhat wider.
    ///
    /// A plan has a look at each midnight of its [time zone](Self::time_zone), over the units whose
    /// windows have ended. The first difference beyond the boundary of its look decides the test;
    /// otherwise the first look with all planned units does. So the result does not depend on who
    /// looks, or how often. Set the number and the primary metric before the first exposure. If one
    /// of them changes later, the phase is read without a plan.
    ///
    /// `stats::PowerAnalysis` computes the number from the smallest effect that matters. The number 0 means
    /// none.
    ///
    /// ```
    /// use tower_tracks::{Metric, Plan};
    ///
    /// let plan = Plan::default().primary(Metric::rate("purchase")).units(20_000);
    /// assert_eq!(plan.planned_units(), Some(20_000));
    /// ```
    pub fn units(mut self, units: u64) -> Self {
        self.units = Some(units);
        self
    }

    /// Sets the number of units of two tracks together that a test without planned units will probably reach.
    /// Defaults to the [planned units](Self::units), otherwise to 10,000.
    ///
    /// Intervals that are valid at every look are narrowest around this number. If a site has far fewer or
    /// far more units, set it before the first exposure.
    ///
    /// ```
    /// use tower_tracks::Plan;
    ///
    /// assert_eq!(Plan::default().tuned_for(), 10_000);
    /// assert_eq!(Plan::default().expected_units(400).tuned_for(), 400);
    /// ```
    pub fn expected_units(mut self, units: u64) -> Self {
        self.expected_units = Some(units);
        self
    }

    /// Sets the owner of the test.
    ///
    /// It is the person or the team to ask about the test. Reports and the dashboard show it.
    /// Defaults to an empty text.
    ///
    /// ```
    /// use tower_tracks::Plan;
    ///
    /// assert_eq!(Plan::default().owner("checkout team").owned_by(), "checkout team");
    /// ```
    pub fn owner(mut self, owner: impl Into<Cow<'static, str>>) -> Self {
        self.owner = owner.into();
        self
    }

    /// Sets the hypothesis: what the test should show, and why. Reports and the dashboard show it. Defaults
    /// to an empty text.
    ///
    /// ```
    /// use tower_tracks::Plan;
    ///
    /// let plan = Plan::default().hypothesis("waiting visitors do not come back");
    /// assert_eq!(plan.thought(), "waiting visitors do not come back");
    /// ```
    pub fn hypothesis(mut self, hypothesis: impl Into<Cow<'static, str>>) -> Self {
        self.hypothesis = hypothesis.into();
        self
    }

    /// Sets the planned start of the test, in whole seconds. Defaults to the first exposure.
    ///
    /// A time before 1970 counts as 1970.
    ///
    /// ```
    /// use std::time::{Duration, UNIX_EPOCH};
    /// use tower_tracks::Plan;
    ///
    /// let start = UNIX_EPOCH + Duration::from_secs(1_790_000_000);
    /// assert_eq!(Plan::default().start(start).planned_start(), Some(start));
    /// ```
    pub fn start(mut self, start: SystemTime) -> Self {
        let since = start.duration_since(UNIX_EPOCH).unwrap_or_default();
        self.start = Some(since.as_secs());
        self
    }

    /// Sets the time zone in which the days of reports begin, by its IANA name such as
    /// `America/New_York`. Defaults to UTC.
    ///
    /// Reports group units by the day of their first exposure, and a plan is read at midnight. The
    /// zone has to be set before the first exposure: a phase keeps the zone that it began with.
    /// Reports use time zone data of this crate, so they do not depend on the machine. If the name is
    /// unknown, a report uses UTC and has a notice.
    ///
    /// ```
    /// use tower_tracks::{Metric, Plan};
    ///
    /// let plan = Plan::default().primary(Metric::rate("purchase")).time_zone("Europe/Berlin");
    /// assert_eq!(plan.named_time_zone(), Some("Europe/Berlin"));
    /// ```
    pub fn time_zone(mut self, name: impl Into<Cow<'static, str>>) -> Self {
        self.time_zone = Some(name.into());
        self
    }

    /// Lets the guard pause the set if a track does harm. Defaults to false: then people are only
    /// notified.
    ///
    /// The guard is `Controls::guard` of the feature `control`. It pauses the set when a guardrail is
    /// worse at two looks in a row, or when the numbers of units differ from the weights at two looks in
    /// a row. It never resumes a set.
    ///
    /// ```
    /// use tower_tracks::{Metric, Plan};
    ///
    /// let plan = Plan::default().primary(Metric::rate("purchase")).stop_if_harmed();
    /// assert!(plan.stops_if_harmed() && !Plan::default().stops_if_harmed());
    /// ```
    pub fn stop_if_harmed(mut self) -> Self {
        self.stop_if_harmed = true;
        self
    }

    /// Returns the primary metric.
    ///
    /// `None` if the plan has none; then all verdicts are exploratory.
    pub fn primary_metric(&self) -> Option<&Metric> {
        self.primary.as_ref()
    }

    /// Returns the exploratory metrics.
    ///
    /// They are in the order in which [`exploratory`](Self::exploratory) added them.
    pub fn exploratory_metrics(&self) -> &[Metric] {
        &self.also
    }

    /// Returns the metrics that must not get worse.
    ///
    /// They are in the order in which [`guardrail`](Self::guardrail) added them. Errors, aborts and
    /// durations of requests are not among them, although they are always guardrails.
    pub fn guardrails(&self) -> &[Metric] {
        &self.guardrails
    }

    /// Returns the window of a metric: how long conversions count after the first exposure.
    ///
    /// It is the window of the metric, otherwise that of the plan, otherwise [`WINDOW`](Self::WINDOW).
    pub fn window_of(&self, metric: &Metric) -> Duration {
        let own = metric.own_window().or(self.window);
        own.unwrap_or(Self::WINDOW)
    }

    /// Returns the number of units with which the test ends.
    ///
    /// `None` if there is no planned number, and for the number 0.
    pub fn planned_units(&self) -> Option<u64> {
        self.units.filter(|units| *units > 0)
    }

    /// Returns the number of units around which always-valid intervals are narrowest.
    ///
    /// It is the number of [expected units](Self::expected_units), otherwise that of planned units, otherwise
    /// 10,000.
    pub fn tuned_for(&self) -> u64 {
        let expected = self.expected_units.filter(|units| *units > 0);
        expected.or(self.planned_units()).unwrap_or(10_000)
    }

    /// Returns the owner; may be empty.
    pub fn owned_by(&self) -> &str {
        &self.owner
    }

    /// Returns the hypothesis; may be empty.
    pub fn thought(&self) -> &str {
        &self.hypothesis
    }

    /// Returns the planned start; `None` also if this machine cannot represent the time.
    ///
    /// It is in whole seconds.
    pub fn planned_start(&self) -> Option<SystemTime> {
        let seconds = self.start?;
        UNIX_EPOCH.checked_add(Duration::from_secs(seconds))
    }

    /// Returns the time zone in which the days of reports begin, if it is set.
    pub fn named_time_zone(&self) -> Option<&str> {
        self.time_zone.as_deref()
    }

    /// Returns whether the guard may pause the set.
    pub fn stops_if_harmed(&self) -> bool {
        self.stop_if_harmed
    }

    /// Checks the names of goals and of the time zone, that every window ends after it begins, and that every
    /// margin is one.
    pub(in crate::assign) fn check(&self, set: &str) -> Result<(), DefinitionError> {
        let set = set.to_owned();
        let is_bad = |goal: &&str| !name::is_set_name(goal);
        if let Some(goal) = self.metrics().flat_map(Metric::goals).find(is_bad) {
            let goal = goal.to_owned();
            return Err(DefinitionError::GoalName { set, goal });
        }
        let is_empty = |metric: &&Metric| {
            let from = metric.own_window_from();
            !from.is_zero() && from >= self.window_of(metric)
        };
        if let Some(metric) = self.metrics().find(is_empty) {
            let goal = metric.goal().to_owned();
            return Err(DefinitionError::Window { set, goal });
        }
        let is_no_margin = |metric: &&Metric| {
            let margin = metric.own_margin();
            margin.is_some_and(|margin| !(margin > 0.0 && margin.is_finite()))
        };
        if let Some(metric) = self.metrics().find(is_no_margin) {
            let goal = metric.goal().to_owned();
            return Err(DefinitionError::Margin { set, goal });
        }
        if let Some(metric) = self.metrics().find(|metric| !self.may_have_cap(metric)) {
            let goal = metric.goal().to_owned();
            return Err(DefinitionError::CapAt { set, goal });
        }
        match self.named_time_zone() {
            Some(zone) if !name::is_time_zone(zone) => {
                let zone = zone.to_owned();
                Err(DefinitionError::TimeZone { set, zone })
            }
            _ => Ok(()),
        }
    }

    /// Returns whether a metric may have its cap at a percentile, if it has one.
    fn may_have_cap(&self, metric: &Metric) -> bool {
        // A decision must not change with a cap that moves.
        let is_planned = self.planned_units().is_some() && self.primary_metric() == Some(metric);
        let is_rate = *metric.kind() == MetricKind::Rate;
        metric
            .own_cap_at()
            .is_none_or(|percentile| (0.5..1.0).contains(&percentile) && !is_planned && !is_rate)
    }

    /// Returns all metrics.
    pub(crate) fn metrics(&self) -> impl Iterator<Item = &Metric> {
        let primary = self.primary.iter();
        primary.chain(&self.also).chain(&self.guardrails)
    }
}
