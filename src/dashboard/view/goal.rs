use crate::{
    dashboard::plot::{Bar, Bars},
    report::{
        Answer, Compared, GoalReport, GoalTrack, PhaseReport, count, percent, signed_percent,
    },
};

use super::{
    Tone,
    words::{p_value, window},
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
    pub(in crate::dashboard) has_converters: bool,
    pub(in crate::dashboard) has_chances: bool,
    pub(in crate::dashboard) rows: Vec<Row>,
    pub(in crate::dashboard) sentences: Vec<Sentence>,
    pub(in crate::dashboard) plot: Option<Bars>,
}

#[derive(Debug)]
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
            about: about(goal),
            by: match goal.is_of_requests() {
                true => "Requests",
                false => "Units",
            },
            has_converters: has(|track| track.converters.is_some()),
            has_chances: has(|track| track.chance.is_some()),
            rows: goal.tracks.iter().map(|track| row(goal, track)).collect(),
            sentences: match phase.covered {
                Some(_) => Vec::new(),
                None => goal.tracks.iter().filter_map(sentence).collect(),
            },
            plot: Bars::new(id.clone(), bars(goal)),
            id,
        }
    }
}

fn about(goal: &GoalReport) -> String {
    let mut about = match goal.role.as_str() {
        "primary" => "It decides".to_owned(),
        "guardrail" => "A guardrail: it must not get worse".to_owned(),
        _ => "Exploratory: it confirms nothing".to_owned(),
    };
    if goal.less_is_better {
        about += "; less is better";
    }
    if let Some(seconds) = goal.window_seconds {
        about += &format!("; counted for {} from the first exposure", window(seconds));
    }
    if let Some(cap) = goal.cap {
        let capped: u64 = goal.tracks.iter().map(|track| track.capped).sum();
        let cap = goal.value_in_words(cap);
        about += &format!("; at most {cap} of each unit, which cut {}", count(capped));
    }
    let unfinished: u64 = goal.tracks.iter().map(|track| track.unfinished).sum();
    if unfinished > 0 {
        about += &format!("; {} units still have time", count(unfinished));
    }
    about + "."
}

fn row(goal: &GoalReport, track: &GoalTrack) -> Row {
    let compared = compared(track);
    let lift = compared.and_then(|compared| compared.lift.known());
    let limits = compared.and_then(|compared| compared.lift_interval.known());
    let detectable = track.detectable.as_ref().and_then(Answer::known);
    Row {
        track: track.track.clone(),
        units: match goal.is_of_requests() {
            true => count(track.by as u64),
            false => count(track.units),
        },
        converters: or_dash(track.converters.map(count)),
        value: or_dash(value(track).map(|value| goal.value_in_words(value))),
        lift: or_dash(lift.map(|lift| signed_percent(*lift))),
        limits: or_dash(limits.map(|limits| limits.lift_in_words())),
        p: or_dash(compared.map(|compared| p_value(compared.adjusted_p.unwrap_or(compared.p)))),
        best: or_dash(track.chance.map(|chance| percent(chance.best))),
        detectable: or_dash(detectable.map(|smallest| goal.detectable_in_words(smallest))),
    }
}

/// What was seen: also where nothing is compared.
fn value(track: &GoalTrack) -> Option<f64> {
    let known = track.value.known().map(|value| value.value);
    let seen = track.sum / track.by;
    known.or_else(|| Some(seen).filter(|seen| seen.is_finite()))
}

fn compared(track: &GoalTrack) -> Option<&Compared> {
    track.compared.as_ref().and_then(Answer::known)
}

fn sentence(track: &GoalTrack) -> Option<Sentence> {
    let verdict = track.verdict.as_ref()?;
    Some(Sentence {
        tone: Tone::of(verdict.kind),
        track: track.track.clone(),
        text: format!("{}.", verdict.sentence),
    })
}

fn bars(goal: &GoalReport) -> Vec<Bar> {
    let bar = |track: &GoalTrack| {
        let compared = compared(track)?;
        Some(Bar {
            track: track.track.clone(),
            lift: *compared.lift.known()?,
            limits: *compared.lift_interval.known()?,
        })
    };
    goal.tracks.iter().filter_map(bar).collect()
}

fn or_dash(cell: Option<String>) -> String {
    cell.unwrap_or_else(|| "–".to_owned())
}
