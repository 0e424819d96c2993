//! What has begun between two reports of a phase. Each alert is sent once: with the first report that shows it.

use std::time::Duration;

use crate::{
    control::Alert,
    report::{GoalReport, GoalTrack, PhaseReport, VerdictKind},
    store::Timestamp,
};

/// How long a set that has had units may have no new one.
const QUIET: Duration = Duration::from_secs(86_400);

/// Returns what a report shows and the one before did not.
///
/// Without a report before, harm has just begun. A verdict has not: a store may be older than its first
/// report.
pub(super) fn begun(before: Option<&PhaseReport>, now: &PhaseReport) -> Vec<Alert> {
    let mismatch = mismatch(before, now);
    let verdicts = before.map(|before| verdicts(before, now));
    let alerts = mismatch.into_iter().chain(guardrails(before, now));
    alerts.chain(verdicts.into_iter().flatten()).collect()
}

/// Returns whether a report is a day later than a time, or more.
pub(super) fn is_quiet(phase: &PhaseReport, since: Timestamp) -> bool {
    since.plus(QUIET) <= phase.as_of.0
}

/// Returns the alert that a set has had no new unit for a day since a time, if the day has ended between the
/// reports.
pub(super) fn quiet(before: &PhaseReport, now: &PhaseReport, since: Timestamp) -> Option<Alert> {
    let is_news = is_quiet(now, since) && !is_quiet(before, since);
    is_news.then(|| Alert::NoData {
        set: now.set.clone(),
        phase: now.phase,
        since,
    })
}

/// Returns the sentence of a goal about a track.
pub(super) fn sentence<'a>(goal: &'a GoalReport, track: &str) -> &'a str {
    let mut tracks = goal.tracks.iter();
    let track = tracks.find(|other| other.track == track);
    let verdict = track.and_then(|track| track.verdict.as_ref());
    verdict.map_or("", |verdict| &verdict.sentence)
}

fn mismatch(before: Option<&PhaseReport>, now: &PhaseReport) -> Option<Alert> {
    let was = before.is_some_and(|before| before.health.is_mismatch());
    (now.health.is_mismatch() && !was).then(|| Alert::Mismatch {
        set: now.set.clone(),
        phase: now.phase,
    })
}

fn guardrails(before: Option<&PhaseReport>, now: &PhaseReport) -> impl Iterator<Item = Alert> {
    let was = move |goal: &GoalReport, track: &str| {
        let mut worse = before.into_iter().flat_map(PhaseReport::worse_guardrails);
        worse.any(|(other, of)| other.label == goal.label && of == track)
    };
    let worse = now.worse_guardrails();
    let begun = worse.filter(move |(goal, track)| !was(goal, track));
    begun.map(|(goal, track)| Alert::GuardrailWorse {
        set: now.set.clone(),
        phase: now.phase,
        goal: goal.label.clone(),
        track: track.to_owned(),
        sentence: sentence(goal, track).to_owned(),
    })
}

fn verdicts(before: &PhaseReport, now: &PhaseReport) -> Vec<Alert> {
    let Some(goal) = now.primary() else {
        return Vec::new();
    };
    let of_before = before.primary().filter(|other| other.label == goal.label);
    let was = |track: &GoalTrack| {
        let mut tracks = of_before.into_iter().flat_map(|goal| &goal.tracks);
        tracks.any(|other| other.track == track.track && is_final(other, before))
    };
    let tracks = goal.tracks.iter();
    let begun = tracks.filter(|track| is_final(track, now) && !was(track));
    let verdict = |track: &GoalTrack| {
        let verdict = track.verdict.as_ref()?;
        // A mismatch, for instance, hides what a plan has decided.
        verdict.kind.is_read().then(|| Alert::Verdict {
            set: now.set.clone(),
            phase: now.phase,
            goal: goal.label.clone(),
            track: track.track.clone(),
            sentence: verdict.sentence.clone(),
        })
    };
    begun.filter_map(verdict).collect()
}

/// Returns whether a track has its verdict: by a plan when a look has decided, otherwise when it differs
/// from control.
fn is_final(track: &GoalTrack, phase: &PhaseReport) -> bool {
    let is_planned = phase.intent.progress.is_some();
    let kind = track.verdict.as_ref().map(|verdict| verdict.kind);
    match track.look {
        Some(look) => look.decided,
        None if is_planned => false,
        None => matches!(kind, Some(VerdictKind::Better | VerdictKind::Worse)),
    }
}
