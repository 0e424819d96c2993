//! The counts of goals, before statistics read them.

use std::{collections::HashMap, time::Duration};

use crate::{
    assign::{Metric, MetricKind, Sum},
    report::{Answer, Estimated, GoalReport, GoalRole, GoalSource, GoalTrack, Utc, total::total},
    stats::{Counted, GoalCounts, NoAnswer, Role, Wanted},
    store::{AttributedGoal, Cell, Cohort, StoreError},
};

use super::{
    Draft, Looked, Midnight,
    cells::{TrackSums, cell, parts, parts_of, sums},
    detectable::deviation,
    midnights::looks,
};

/// The share of open units above which all units so far are shown beside the closed ones.
const OPEN: f64 = 0.01;

/// A goal as it was counted, before it is judged.
pub(super) struct Measured {
    pub(super) report: GoalReport,
    /// The counts that the statistics read.
    pub(super) counts: GoalCounts,
    /// The looks of a plan; empty without one.
    pub(super) looked: Vec<Looked>,
    /// The kind of the metric; `None` for sums over requests.
    pub(super) kind: Option<MetricKind>,
}

/// A metric with its role and window, and its counts in the store.
#[derive(Clone, Copy)]
pub(super) struct Asked<'a> {
    pub(super) role: GoalRole,
    pub(super) metric: &'a Metric,
    pub(super) window: Duration,
    pub(super) lookback: Option<Duration>,
    pub(super) cap: Option<i64>,
    pub(super) cells: &'a AttributedGoal,
}

impl Measured {
    /// Counts the goals of a plan. Two metrics of the same name get numbers, so that labels are
    /// unique.
    pub(super) fn goals(draft: &Draft<'_>) -> Result<Vec<Self>, StoreError> {
        let mut goals: Vec<Self> = Vec::new();
        let mut same: HashMap<String, u32> = HashMap::new();
        for asked in draft.reading.asked(draft.facts) {
            let mut goal = Self::new(draft, asked)?;
            let number = same.entry(goal.report.label.clone()).or_default();
            *number += 1;
            if *number > 1 {
                goal.report.label = format!("{} ({number})", goal.report.label);
            }
            goals.push(goal);
        }
        Ok(goals)
    }

    /// Counts one goal: the closed units, all units so far, the crossed units, and the looks of a
    /// plan.
    fn new(draft: &Draft<'_>, asked: Asked<'_>) -> Result<Self, StoreError> {
        let kind = asked.metric.kind();
        let now = sums(asked, &draft.lineup, |_| true, Cohort::is_crossed)?;
        let then = match asked.role {
            // What was decided is decided: later units change only guardrails.
            GoalRole::Exploratory => draft.reading.decided,
            _ => None,
        };
        let then = then.and_then(|day| Midnight::at(day, asked.window, draft.calendar()));
        let shown = match &then {
            Some(midnight) => midnight.sums(asked, &draft.lineup)?,
            None => now.clone(),
        };
        // A plan promises its number of units for the primary goal. The others are valid at every
        // look.
        let looks = match draft.reading.planned {
            Some(planned) if asked.role == GoalRole::Primary => Some(looks(draft, asked, planned)?),
            _ => None,
        };
        let is_crossed = |sums: &TrackSums| sums.with_crossed.units > sums.closed.units;
        let (looked, plan) = looks.map(|looks| looks.into_iter().unzip()).unzip();
        Ok(Self {
            counts: GoalCounts {
                role: role(asked.role),
                wanted: match asked.metric.is_less_better() {
                    true => Wanted::Less,
                    false => Wanted::More,
                },
                cells: shown.iter().map(|sums| sums.counted(kind)).collect(),
                so_far: match then.is_none() && is_open(&now) {
                    true => now.iter().map(|sums| cell(&sums.all, kind)).collect(),
                    false => Vec::new(),
                },
                // Leaving units out may bias a result, so the statistics compare both.
                with_crossed: match now.iter().any(is_crossed) {
                    true => now
                        .iter()
                        .map(|sums| cell(&sums.with_crossed, kind))
                        .collect(),
                    false => Vec::new(),
                },
                plan,
                margin: asked.metric.own_margin(),
                latencies: None,
            },
            report: report(draft, asked, (&shown, &now)),
            looked: looked.unwrap_or_default(),
            kind: Some(kind.clone()),
        })
    }
}

/// Returns whether more than 1% of the units still have time to convert.
fn is_open(sums: &[TrackSums]) -> bool {
    let units = total(sums.iter().map(|sums| sums.all.units));
    open(sums) as f64 > OPEN * units as f64
}

/// Returns the number of units that still have time to convert.
fn open(sums: &[TrackSums]) -> u64 {
    let open = |sums: &TrackSums| sums.all.units.saturating_sub(sums.closed.units);
    total(sums.iter().map(open))
}

/// Returns the role as the statistics name it.
fn role(role: GoalRole) -> Role {
    match role {
        GoalRole::Primary => Role::Primary,
        GoalRole::Exploratory => Role::Exploratory,
        GoalRole::Guardrail => Role::Guardrail,
    }
}

/// Returns the report of a goal with its counts. `shown` are the sums that the verdicts are about,
/// `now` those of all units.
fn report(
    draft: &Draft<'_>,
    asked: Asked<'_>,
    (shown, now): (&[TrackSums], &[TrackSums]),
) -> GoalReport {
    let (metric, kind, cap) = (asked.metric, asked.metric.kind(), asked.cap);
    let source = source(metric);
    let open = open(now);
    // The window of the unit that was exposed last is the last to end.
    let latest = draft.facts.attribution.exposed.filter(|_| open > 0);
    let tracks = draft.lineup.tracks.iter().zip(shown);
    GoalReport {
        label: label(&source),
        source,
        role: asked.role,
        less_is_better: metric.is_less_better(),
        window_from_seconds: Some(metric.own_window_from().as_secs()),
        window_seconds: Some(asked.window.as_secs()),
        open,
        open_until: latest.map(|(_, latest)| Utc(latest.plus(asked.window))),
        lookback_seconds: asked.lookback.map(|lookback| lookback.as_secs()),
        cap: cap.map(|cap| cap.unsigned_abs() as f64 / parts(kind)),
        // From an engine that counts no totals by size, there is no such cap.
        cap_at: metric.own_cap_at().filter(|_| cap.is_some()),
        margin: metric
            .own_margin()
            .filter(|_| asked.role != GoalRole::Exploratory),
        tracks: tracks
            .map(|(track, sums)| of_track(&track.name, &sums.closed, kind))
            .collect(),
    }
}

/// Returns the counts of a track, before it is judged.
pub(super) fn of_track(name: &str, sums: &Cell, kind: &MetricKind) -> GoalTrack {
    let by = match kind {
        MetricKind::Ratio { denominator, .. } => sums.second as f64 / parts_of(*denominator),
        _ => sums.units as f64,
    };
    GoalTrack {
        units: sums.units,
        converters: Some(sums.converters),
        sum: match kind {
            MetricKind::Rate => sums.converters as f64,
            _ => sums.sum as f64 / parts(kind),
        },
        by,
        capped: sums.capped,
        ..unjudged(name, &cell(sums, kind).counted)
    }
}

/// Returns a track with its value, before it is judged.
pub(super) fn unjudged(name: &str, counted: &Counted) -> GoalTrack {
    let estimated = |value| Estimated {
        value,
        interval: None,
    };
    GoalTrack {
        track: name.to_owned(),
        units: counted.units(),
        converters: None,
        sum: 0.0,
        by: 0.0,
        capped: 0,
        value: Answer::from(value(counted)).map(estimated),
        compared: None,
        verdict: None,
        look: None,
        so_far: None,
        chance: None,
        detectable: None,
        percentiles: None,
        deviation: deviation(counted)
            .ok()
            .filter(|deviation| deviation.is_finite() && *deviation > 0.0),
    }
}

/// Returns the rate, the mean or the ratio.
pub(super) fn value(counted: &Counted) -> Result<f64, NoAnswer> {
    let value = match counted {
        Counted::Rate(rate) => rate.value()?,
        // The mean of no units is 0 here, which would read as a result.
        Counted::Mean(mean) if mean.units == 0 => return Err(NoAnswer::NoUnits),
        Counted::Mean(mean) => mean.mean,
        Counted::Covaried(covaried) if covaried.value.units == 0 => return Err(NoAnswer::NoUnits),
        Counted::Covaried(covaried) => covaried.value.mean,
        Counted::Ratio(ratio) => ratio.value()?,
    };
    // The sums of a damaged store become NaN, which JSON does not have.
    value
        .is_finite()
        .then_some(value)
        .ok_or(NoAnswer::Impossible)
}

/// Returns the quantity that a metric measures.
pub(super) fn source(metric: &Metric) -> GoalSource {
    let goal = metric.goal().to_owned();
    match metric.kind() {
        MetricKind::Rate => GoalSource::Rate { goal },
        MetricKind::Count => GoalSource::Count { goal },
        MetricKind::Value => GoalSource::Value { goal },
        MetricKind::Ratio {
            numerator,
            goal: by,
            denominator,
        } => GoalSource::Ratio {
            numerator: summed(&goal, *numerator),
            denominator: summed(by, *denominator),
        },
    }
}

/// Returns the name of a sum, such as `purchase value`.
fn summed(goal: &str, sum: Sum) -> String {
    match sum {
        Sum::Count => format!("{goal} count"),
        Sum::Value => format!("{goal} value"),
    }
}

/// Returns the label of a quantity, such as `purchase` or `errors per request`.
pub(super) fn label(source: &GoalSource) -> String {
    match source {
        GoalSource::Rate { goal } => goal.clone(),
        GoalSource::Count { goal } => summed(goal, Sum::Count),
        GoalSource::Value { goal } => summed(goal, Sum::Value),
        GoalSource::Ratio {
            numerator,
            denominator,
        } => format!("{numerator} / {denominator}"),
        GoalSource::Errors => "errors per request".to_owned(),
        GoalSource::Aborts => "aborts per request".to_owned(),
        GoalSource::Duration => "milliseconds per request".to_owned(),
        GoalSource::P95 => "p95 milliseconds".to_owned(),
    }
}
