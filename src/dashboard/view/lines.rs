//! A goal in lines: what is known of each track that is compared, as text and as a small drawing.

use crate::{
    dashboard::plot::{Bar, Strip, Strips},
    figures::count,
    report::{Answer, Compared, GoalReport, GoalRole, GoalTrack},
};

use super::{Tone, advice::state, words::lift};

/// The maximum number of tracks in the list of all sets.
const FEW: usize = 6;

/// A goal in lines.
#[derive(Debug)]
pub(in crate::dashboard) struct Lines {
    pub(in crate::dashboard) lines: Vec<Line>,
    /// The place of no effect in the drawings of the lines.
    pub(in crate::dashboard) zero: f64,
    /// The places between which a lift does not matter.
    pub(in crate::dashboard) margin: Option<(f64, f64)>,
    /// How many further tracks there are, in words.
    pub(in crate::dashboard) more: Option<String>,
}

/// One track of a goal.
#[derive(Debug)]
pub(in crate::dashboard) struct Line {
    pub(in crate::dashboard) track: String,
    pub(in crate::dashboard) tone: Tone,
    /// The verdict in a word or two.
    pub(in crate::dashboard) state: &'static str,
    /// The lift, or the difference if that says more; empty while nothing is compared.
    pub(in crate::dashboard) effect: String,
    pub(in crate::dashboard) limits: String,
    /// The drawing; `None` without an interval of a lift that says something.
    pub(in crate::dashboard) strip: Option<Strip>,
}

impl Lines {
    /// Returns all tracks that are compared.
    pub(in crate::dashboard) fn of(goal: &GoalReport) -> Self {
        Self::first(goal, usize::MAX)
    }

    /// Returns the first few tracks, for a list of many sets.
    pub(in crate::dashboard) fn few(goal: &GoalReport) -> Self {
        Self::first(goal, FEW)
    }

    fn first(goal: &GoalReport, most: usize) -> Self {
        let judged = |track: &&GoalTrack| track.verdict.is_some();
        let all = goal.tracks.iter().filter(judged).count();
        let shown = goal.tracks.iter().filter(judged).take(most);
        let bars: Vec<Option<Bar>> = shown.clone().map(bar).collect();
        let Strips {
            zero,
            margin,
            strips,
        } = Strips::new(&bars, margin(goal));
        let more = all.saturating_sub(most) as u64;
        Self {
            lines: shown
                .zip(strips)
                .filter_map(|(track, strip)| line(goal, track, strip))
                .collect(),
            zero,
            margin,
            more: (more > 0).then(|| format!("and {} more", count(more))),
        }
    }
}

fn line(goal: &GoalReport, track: &GoalTrack, strip: Option<Strip>) -> Option<Line> {
    let verdict = track.verdict.as_ref()?;
    let [effect, limits] = match read(track) {
        Some(compared) => lift(goal, Some(compared)),
        None => Default::default(),
    };
    let is_harmed = track
        .so_far
        .as_ref()
        .is_some_and(|so_far| so_far.alarm.is_some());
    let (tone, state) = match (is_harmed, verdict.within_margin) {
        (true, _) => (Tone::Bad, "worse so far"),
        (_, true) => (Tone::Warn, "worse, within the margin"),
        _ => (Tone::of(verdict.kind), state(verdict.kind).0),
    };
    Some(Line {
        track: track.track.clone(),
        tone,
        state,
        effect,
        limits,
        strip,
    })
}

/// Returns the interval of a track for a drawing; `None` if it has no lift that says something.
pub(super) fn bar(track: &GoalTrack) -> Option<Bar> {
    // A bar of thousands of percent would leave no room for the others.
    let compared = read(track).filter(|compared| compared.is_lift_telling())?;
    Some(Bar {
        track: track.track.clone(),
        lift: *compared.lift.known()?,
        limits: *compared.lift_interval.known()?,
    })
}

/// Returns the lifts between which the effect on a goal does not matter.
pub(super) fn margin(goal: &GoalReport) -> Option<(f64, f64)> {
    let margin = goal.margin?;
    Some(match (goal.role, goal.less_is_better) {
        (GoalRole::Guardrail, true) => (0.0, margin),
        (GoalRole::Guardrail, false) => (-margin, 0.0),
        _ => (-margin, margin),
    })
}

/// Returns the comparison of a track with a verdict about it. A difference of a few units, or of data that cannot be
/// trusted, would be taken for a finding.
pub(super) fn read(track: &GoalTrack) -> Option<&Compared> {
    let verdict = track.verdict.as_ref()?;
    compared(track).filter(|_| verdict.kind.is_read())
}

pub(super) fn compared(track: &GoalTrack) -> Option<&Compared> {
    track.compared.as_ref().and_then(Answer::known)
}
