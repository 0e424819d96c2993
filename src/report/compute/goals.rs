use std::collections::BTreeMap;

use crate::{
    assign::{Metric, MetricKind, Sum},
    record::{Cell, CellKey, StoreError},
    report::{Answer, Estimated, GoalReport, GoalRole, GoalSource, GoalTrack, StatedPlan},
    stats::{self, Counted, GoalCounts, NoAnswer, Role, Wanted},
};

use super::{
    Lineup, Track,
    cells::{parts, parts_of},
};

/// A goal as it was counted, before it is judged.
pub(super) struct Measured {
    pub(super) report: GoalReport,
    /// The tracks, in the order of the line-up.
    pub(super) cells: Vec<stats::Cell>,
}

impl Measured {
    /// Counts the goals of a plan, of which `cells` are in the order of its question.
    pub(super) fn goals(
        plan: &StatedPlan,
        lineup: &Lineup,
        cells: &[BTreeMap<CellKey, Cell>],
    ) -> Result<Vec<Self>, StoreError> {
        let mut goals: Vec<Self> = Vec::new();
        for ((role, metric), cells) in plan.metrics().zip(cells) {
            let mut goal = Self::new(plan, (role, metric), lineup, cells)?;
            let same = goals
                .iter()
                .filter(|other| other.report.source == goal.report.source);
            if let n @ 1.. = same.count() {
                goal.report.label = format!("{} ({})", goal.report.label, n + 1);
            }
            goals.push(goal);
        }
        Ok(goals)
    }

    fn new(
        plan: &StatedPlan,
        (role, metric): (GoalRole, &Metric),
        lineup: &Lineup,
        cells: &BTreeMap<CellKey, Cell>,
    ) -> Result<Self, StoreError> {
        let source = source(metric);
        let mut goal = Self {
            report: GoalReport {
                label: label(&source),
                source,
                role,
                less_is_better: metric.is_less_better(),
                window_seconds: Some(plan.plan().window_of(metric).as_secs()),
                cap: metric.most().map(|cap| cap as f64 / parts(metric.kind())),
                tracks: Vec::new(),
            },
            cells: Vec::new(),
        };
        for track in &lineup.tracks {
            let sums = Track::of(cells, &track.name)?;
            let counted = sums.counted(metric.kind());
            goal.report
                .tracks
                .push(of_track(&track.name, &sums.all, metric.kind(), &counted));
            goal.cells.push(counted);
        }
        Ok(goal)
    }

    /// Returns it as statistics count it.
    pub(super) fn counts(&self) -> GoalCounts {
        GoalCounts {
            role: match self.report.role {
                GoalRole::Primary => Role::Primary,
                GoalRole::Exploratory => Role::Secondary,
                GoalRole::Guardrail => Role::Guardrail,
            },
            wanted: match self.report.less_is_better {
                true => Wanted::Less,
                false => Wanted::More,
            },
            cells: self.cells.clone(),
        }
    }
}

fn of_track(name: &str, cell: &Cell, kind: &MetricKind, counted: &stats::Cell) -> GoalTrack {
    let by = match kind {
        MetricKind::Ratio { denominator, .. } => cell.denominator as f64 / parts_of(*denominator),
        _ => cell.units as f64,
    };
    GoalTrack {
        units: cell.units,
        converters: Some(cell.converters),
        sum: match kind {
            MetricKind::Rate => cell.converters as f64,
            _ => cell.sum as f64 / parts(kind),
        },
        by,
        capped: cell.capped,
        unfinished: cell.unfinished,
        ..unjudged(name, &counted.counted)
    }
}

/// Returns a track with its value alone.
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
        unfinished: 0,
        value: Answer::from(value(counted)).map(estimated),
        compared: None,
        verdict: None,
        chance: None,
        detectable: None,
    }
}

/// Returns the rate, the mean or the ratio.
pub(super) fn value(counted: &Counted) -> Result<f64, NoAnswer> {
    let value = match counted {
        Counted::Rate(rate) => rate.value()?,
        Counted::Mean(mean) if mean.units == 0 => return Err(NoAnswer::NoUnits),
        Counted::Mean(mean) => mean.mean,
        Counted::Ratio(ratio) => ratio.value()?,
    };
    value
        .is_finite()
        .then_some(value)
        .ok_or(NoAnswer::Impossible)
}

fn source(metric: &Metric) -> GoalSource {
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

fn summed(goal: &str, sum: Sum) -> String {
    match sum {
        Sum::Count => format!("{goal} count"),
        Sum::Value => format!("{goal} value"),
    }
}

/// Returns what a goal is called in lists.
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
    }
}
