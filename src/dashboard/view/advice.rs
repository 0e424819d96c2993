//! Advice about verdicts.

use crate::report::{GoalReport, PhaseReport, VerdictKind};

use VerdictKind::{
    Better, Collecting, Crossed, Hint, Mismatch, NotFound, NotWorse, Stray, SwitchedOff, TooSmall,
    Unanswered, WeightsChanged, Worse,
};

use super::rank::Rank;

/// Returns the state of a set in a word or two, and its group in the list.
pub(super) fn state(kind: VerdictKind) -> (&'static str, Rank) {
    match kind {
        Mismatch => ("mismatch", Rank::Untrusted),
        Stray => ("stray units", Rank::Untrusted),
        WeightsChanged => ("weights changed", Rank::Untrusted),
        Crossed => ("crossed units", Rank::Untrusted),
        SwitchedOff => ("switched off", Rank::Early),
        Collecting => ("collecting", Rank::Early),
        Unanswered => ("no answer", Rank::Early),
        Better => ("better", Rank::Found),
        Worse => ("worse", Rank::Found),
        Hint => ("a hint", Rank::Found),
        NotFound => ("no difference found", Rank::Open),
        NotWorse => ("not worse", Rank::Open),
        TooSmall => ("too small to matter", Rank::Open),
    }
}

/// Returns the advice about the verdict on a primary goal. If no difference was found, it depends
/// on whether the plan has ended.
pub(super) fn advice(kind: VerdictKind, phase: &PhaseReport, goal: &GoalReport) -> String {
    let is_final = phase.intent.progress.is_none() || goal.is_decided();
    match (kind, is_final) {
        (Better, _) => before_roll_out(phase, goal),
        (NotFound, true) if is_short(phase) => {
            "Wait for a full week: weekdays differ, and so little has been seen.".to_owned()
        }
        (NotFound, true) => "Go on while a smaller effect would matter to you; else end it and \
                             keep control."
            .to_owned(),
        (NotFound, false) => "Go on until the plan is reached.".to_owned(),
        (TooSmall, _) => before_end(phase, goal),
        _ => of_kind(kind).to_owned(),
    }
}

/// Returns the advice about a verdict that does not depend on the goal.
pub(super) fn of_kind(kind: VerdictKind) -> &'static str {
    match kind {
        Mismatch => {
            "Find what loses units of one track: a redirect, a cache, an error, a bot filter. \
             Then start a new phase."
        }
        Stray => "Find what exposes units to a track that never had a weight.",
        WeightsChanged => "Start a new phase. Until then, read each period by itself.",
        Crossed => "Find why units change tracks: a changed weight, or keys that do not last.",
        Worse => "Pause it, or end it and keep control.",
        Hint => "Confirm it in a new phase with this one goal.",
        _ => "Wait. To decide now would be to guess.",
    }
}

/// Returns that a better track can be rolled out, or the obstacles.
fn before_roll_out(phase: &PhaseReport, goal: &GoalReport) -> String {
    let reasons = obstacles(phase, goal);
    if reasons.is_empty() {
        return "It can be rolled out. The interval says how much to expect.".to_owned();
    }
    let reasons = reasons.join("; ");
    format!("The difference holds, but do not roll it out yet: {reasons}.")
}

/// Returns that a test without an effect that matters can be ended, or the obstacles.
fn before_end(phase: &PhaseReport, goal: &GoalReport) -> String {
    let reasons = obstacles(phase, goal);
    if reasons.is_empty() {
        return "End it, and choose for other reasons: more units would not change much."
            .to_owned();
    }
    let reasons = reasons.join("; ");
    format!("It makes no difference that matters, but do not end it yet: {reasons}.")
}

/// Returns whether less than a full week was seen.
pub(super) fn is_short(phase: &PhaseReport) -> bool {
    let is_short = |kind: &str| matches!(kind, "less-than-a-week" | "weekdays");
    phase.notices.iter().any(|notice| is_short(&notice.kind))
}

/// Returns the obstacles to a roll-out: less than a full week, open windows, and doubts about
/// validity. Guardrails that are worse are a part of the headline.
fn obstacles(phase: &PhaseReport, goal: &GoalReport) -> Vec<String> {
    let mut reasons = Vec::new();
    if is_short(phase) {
        reasons.push("wait for a full week".to_owned());
    }
    let is_open = goal.tracks.iter().any(|track| track.so_far.is_some());
    if is_open && !goal.is_decided() {
        let until = goal.open_until.map(|until| format!(" until {until}"));
        reasons.push(format!("windows are open{}", until.unwrap_or_default()));
    }
    if phase.notices.iter().any(|notice| notice.blocks) {
        reasons.push("clear up the warnings below".to_owned());
    }
    reasons
}
