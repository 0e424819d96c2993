use crate::{
    dashboard::plot::Bars,
    figures::{self, count, number, p_value, percent, plural},
    report::{
        Answer, Compared, Estimated, GoalReport, GoalRole, GoalSource, GoalTrack, Percentiles,
        PhaseReport, total,
    },
};

use super::{
    Tone,
    advice::is_short,
    lines::{Lines, bar, compared, margin},
    people::people,
    words::{lift, or_dash},
};

/// A goal, as a table, sentences and a plot.
#[derive(Debug)]
pub(in crate::dashboard) struct GoalView {
    /// Unique on its page.
    pub(in crate::dashboard) id: String,
    pub(in crate::dashboard) label: String,
    /// What it is for, and what counts.
    pub(in crate::dashboard) about: String,
    /// What the first number counts.
    pub(in crate::dashboard) by: &'static str,
    /// What the value is, such as `Rate`.
    pub(in crate::dashboard) value: &'static str,
    pub(in crate::dashboard) has_converters: bool,
    pub(in crate::dashboard) has_chances: bool,
    pub(in crate::dashboard) has_percentiles: bool,
    /// What the intervals are called, such as `95% interval`.
    pub(in crate::dashboard) interval: String,
    pub(in crate::dashboard) rows: Vec<Row>,
    /// What the intervals of all units so far are called.
    pub(in crate::dashboard) so_far_interval: String,
    /// All units so far, where some still have time to convert.
    pub(in crate::dashboard) so_far: Vec<Row>,
    pub(in crate::dashboard) sentences: Vec<Sentence>,
    /// What an adjustment did to each track.
    pub(in crate::dashboard) adjustments: Vec<String>,
    /// Whether nothing happened that it counts.
    pub(in crate::dashboard) is_silent: bool,
    /// The same in a line for each track.
    pub(in crate::dashboard) lines: Lines,
    pub(in crate::dashboard) is_primary: bool,
    pub(in crate::dashboard) is_guardrail: bool,
}

#[derive(Debug, Default)]
pub(in crate::dashboard) struct Row {
    pub(in crate::dashboard) track: String,
    pub(in crate::dashboard) units: String,
    pub(in crate::dashboard) converters: String,
    pub(in crate::dashboard) value: String,
    pub(in crate::dashboard) lift: String,
    pub(in crate::dashboard) limits: String,
    pub(in crate::dashboard) p: String,
    pub(in crate::dashboard) best: String,
    pub(in crate::dashboard) detectable: String,
    pub(in crate::dashboard) p50: String,
    pub(in crate::dashboard) p99: String,
}

#[derive(Debug)]
pub(in crate::dashboard) struct Sentence {
    pub(in crate::dashboard) tone: Tone,
    pub(in crate::dashboard) track: String,
    pub(in crate::dashboard) text: String,
}

impl GoalView {
    pub(in crate::dashboard) fn of(id: String, goal: &GoalReport, phase: &PhaseReport) -> Self {
        let has = |of: fn(&GoalTrack) -> bool| goal.tracks.iter().any(of);
        Self {
            label: goal.label.clone(),
            about: about(goal, phase),
            by: match goal.is_of_requests() {
                true => "Requests",
                false => people(&phase.unit).title,
            },
            value: value_name(goal),
            has_converters: has(|track| track.converters.is_some()),
            // Before a full week, a chance would sound like an answer.
            has_chances: has(|track| track.chance.is_some()) && !is_short(phase),
            has_percentiles: has(|track| track.percentiles.is_some()),
            interval: interval(goal.tracks.iter().filter_map(compared)),
            so_far_interval: interval(goal.tracks.iter().filter_map(compared_so_far)),
            rows: rows(goal),
            so_far: (goal.tracks.iter())
                .filter_map(|track| so_far(goal, track))
                .collect(),
            // Below hidden results stand the counts alone. A sentence would be a verdict on data
            // that cannot be trusted.
            sentences: match phase.covered {
                Some(_) => Vec::new(),
                None => goal.tracks.iter().flat_map(sentences).collect(),
            },
            adjustments: goal
                .tracks
                .iter()
                .filter_map(|track| adjustment(goal, track))
                .collect(),
            is_silent: is_silent(goal),
            lines: Lines::of(goal),
            is_primary: goal.role == GoalRole::Primary,
            is_guardrail: goal.role == GoalRole::Guardrail,
            id,
        }
    }

    /// Returns the lifts of a goal as a drawing.
    pub(in crate::dashboard) fn plot(id: String, goal: &GoalReport) -> Option<Bars> {
        let bars = goal.tracks.iter().filter_map(bar).collect();
        Bars::new(id, bars, margin(goal))
    }
}

/// Returns what the values of a goal are called.
fn value_name(goal: &GoalReport) -> &'static str {
    match goal.source {
        GoalSource::Rate { .. } => "Rate",
        GoalSource::Ratio { .. } => "Ratio",
        GoalSource::Errors | GoalSource::Aborts => "Share",
        GoalSource::P95 => "p95",
        _ => "Mean",
    }
}

/// Returns whether no request failed, or was aborted, which a goal is about.
pub(super) fn is_silent(goal: &GoalReport) -> bool {
    let counts_failures = matches!(goal.source, GoalSource::Errors | GoalSource::Aborts);
    counts_failures && goal.tracks.iter().all(|track| track.sum == 0.0)
}

fn about(goal: &GoalReport, phase: &PhaseReport) -> String {
    let mut about = match goal.role.as_str() {
        "primary" => match phase.intent.progress {
            Some(_) => "The primary metric, read by the plan".to_owned(),
            None => "The primary metric, read without a plan: valid at every look".to_owned(),
        },
        "guardrail" => "A guardrail: it must not get worse".to_owned(),
        _ => "Exploratory: it confirms nothing".to_owned(),
    };
    if goal.less_is_better {
        about += "; less is better";
    }
    if let Some(margin) = goal.margin {
        about += &match goal.role {
            GoalRole::Guardrail => format!("; it may get worse by {}", percent(margin)),
            _ => format!("; {} or less does not matter", percent(margin)),
        };
    }
    match (goal.window_from_seconds, goal.window_seconds) {
        (Some(0) | None, Some(seconds)) => {
            about += &format!(
                "; counted for {} from the first exposure",
                figures::span(seconds)
            );
        }
        (Some(from), Some(seconds)) => {
            let (from, until) = (figures::span(from), figures::span(seconds));
            about += &format!("; counted from {from} to {until} after the first exposure");
        }
        (_, None) => {}
    }
    if let Some(cap) = goal.cap {
        let capped = total(goal.tracks.iter().map(|track| track.capped));
        let cap = goal.value_in_words(cap);
        let at = goal
            .cap_at
            .map(|at| format!(" (percentile {})", number(at * 100.0)));
        about += &format!(
            "; at most {cap}{} of each unit, which cut {}",
            at.unwrap_or_default(),
            count(capped)
        );
    }
    if goal.open > 0 && !goal.is_decided() {
        let until = goal.open_until.map(|until| format!(" until {until}"));
        let (units, until) = (plural(goal.open, "unit"), until.unwrap_or_default());
        about += &format!("; {units} still have time to convert{until}");
    }
    if let Some(look) = goal.tracks.iter().rev().find_map(|track| track.look) {
        let how = if goal.is_decided() { "decided" } else { "read" };
        about += &format!("; {how} at the midnight that begins {}", look.day);
    }
    about + "."
}

/// A row for each track, with the levels of the intervals where they differ.
fn rows(goal: &GoalReport) -> Vec<Row> {
    let mut rows: Vec<Row> = goal.tracks.iter().map(|track| row(goal, track)).collect();
    if interval(goal.tracks.iter().filter_map(compared)) == "Interval" {
        for (row, compared) in rows.iter_mut().zip(goal.tracks.iter().map(compared)) {
            if let Some(compared) = compared {
                row.limits += &format!(" ({})", level(compared));
            }
        }
    }
    rows
}

fn row(goal: &GoalReport, track: &GoalTrack) -> Row {
    let compared = compared(track);
    let [lift, limits] = lift(goal, compared);
    let detectable = track.detectable.as_ref().and_then(Answer::known);
    let percentile = |of: fn(&Percentiles) -> Estimated| {
        let all = track.percentiles.as_ref();
        all.map(|all| goal.value_in_words(of(all).value))
    };
    Row {
        track: track.track.clone(),
        units: match goal.is_of_requests() {
            true => count(track.by as u64),
            false => count(track.units),
        },
        converters: or_dash(track.converters.map(count)),
        value: or_dash(value(track).map(|value| goal.value_in_words(value))),
        lift,
        limits,
        // The verdict follows the adjusted p-value, so another one beside it would seem to
        // contradict it.
        p: or_dash(compared.map(|compared| p_value(compared.adjusted_p.unwrap_or(compared.p)))),
        best: or_dash(track.chance.map(|chance| probability(chance.best))),
        detectable: or_dash(detectable.map(|smallest| goal.detectable_in_words(smallest))),
        p50: or_dash(percentile(|all| all.p50)),
        p99: or_dash(percentile(|all| all.p99)),
    }
}

/// Returns a probability in words. Digits beyond one in a thousand would claim more than a model can know.
fn probability(probability: f64) -> String {
    match probability {
        p if p < 0.001 => "under 0.1%".to_owned(),
        p if p > 0.999 => "over 99.9%".to_owned(),
        p => percent(p),
    }
}

/// What intervals are called: with their level, where all have the same.
fn interval<'a>(compared: impl Iterator<Item = &'a Compared>) -> String {
    let mut levels = compared.map(level);
    match levels.next() {
        Some(first) if levels.all(|other| other == first) => format!("{first} interval"),
        _ => "Interval".to_owned(),
    }
}

/// Intervals are of the level of the comparison, which a plan or several tracks change.
fn level(compared: &Compared) -> String {
    figures::level(1.0 - compared.alpha)
}

/// What was seen: also where nothing is compared.
fn value(track: &GoalTrack) -> Option<f64> {
    let known = track.value.known().map(|value| value.value);
    let seen = track.sum / track.by;
    known.or_else(|| Some(seen).filter(|seen| seen.is_finite()))
}

fn compared_so_far(track: &GoalTrack) -> Option<&Compared> {
    track.so_far.as_ref()?.compared.as_ref()?.known()
}

/// The verdict on a track, and that it is worse so far.
fn sentences(track: &GoalTrack) -> Vec<Sentence> {
    let sentence = |tone, text: &str| Sentence {
        tone,
        track: track.track.clone(),
        text: format!("{text}."),
    };
    let verdict = track.verdict.iter();
    let verdict = verdict.map(|verdict| sentence(Tone::of(verdict.kind), &verdict.sentence));
    let alarm = track.so_far.iter().flat_map(|so_far| &so_far.alarm);
    let alarm = alarm.map(|alarm| sentence(Tone::Bad, alarm));
    verdict.chain(alarm).collect()
}

/// What an adjustment did to a track.
fn adjustment(goal: &GoalReport, track: &GoalTrack) -> Option<String> {
    let words = goal.adjustment_in_words(compared(track)?)?;
    Some(format!("{}: {words}", track.track))
}

/// All units of a track so far.
fn so_far(goal: &GoalReport, track: &GoalTrack) -> Option<Row> {
    let so_far = track.so_far.as_ref()?;
    let compared = compared_so_far(track);
    let [lift, limits] = lift(goal, compared);
    let value = so_far.value.known();
    Some(Row {
        track: track.track.clone(),
        units: count(so_far.units),
        converters: count(so_far.converters),
        value: or_dash(value.map(|value| goal.value_in_words(*value))),
        lift,
        limits,
        ..Row::default()
    })
}
