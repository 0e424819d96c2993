//! Until when to wait.

use crate::{
    report::{Day, GoalReport, GoalTrack, PhaseReport, Progress, VerdictKind},
    stats::LEAST_UNITS,
};

use super::{advice::is_short, people::counted};

/// The days of a full week.
const WEEK: i32 = 7;

/// Returns until when to wait, as sentences; `None` without a primary goal.
pub(in crate::dashboard) fn next(phase: &PhaseReport) -> Option<String> {
    let primary = phase.primary()?;
    if phase.covered.is_some() {
        return Some("Do not wait: more visitors do not mend this.".to_owned());
    }
    if phase.shipped.is_some() {
        return Some(
            "No need to wait: what is still open changes the numbers a little.".to_owned(),
        );
    }
    if let Some(decision) = &phase.decision {
        return Some(format!(
            "No need to wait: the plan decided at {}. Who comes later changes nothing but the guardrails.",
            decision.decided_at
        ));
    }
    match &phase.intent.progress {
        Some(progress) => Some(of_plan(phase, progress)),
        None => without_plan(phase, primary),
    }
}

/// Returns the next look of a plan, and its last.
fn of_plan(phase: &PhaseReport, progress: &Progress) -> String {
    let Some(Day(today)) = today(phase) else {
        return "Wait: the plan looks at each midnight.".to_owned();
    };
    let next = Day(today.saturating_add(1));
    match days_left(progress) {
        Some(days) => {
            // A plan of more days than a calendar has is as good as none.
            let last = Day(today.saturating_add(days as i32));
            format!(
                "Wait until about {last}, when the plan ends. A large difference may decide at any midnight, \
                 the next is that of {next}."
            )
        }
        None => {
            let why = progress.days_left.why();
            let why = why.map(|why| format!(" When it ends is not known: {why}."));
            format!(
                "Wait: the plan looks next at the midnight that begins {next}.{}",
                why.unwrap_or_default()
            )
        }
    }
}

/// Returns what a reading without a plan waits for.
fn without_plan(phase: &PhaseReport, primary: &GoalReport) -> Option<String> {
    let is_collecting = primary.tracks.iter().any(|track| {
        let verdict = track.verdict.as_ref();
        verdict.is_some_and(|verdict| verdict.kind == VerdictKind::Collecting)
    });
    if is_collecting {
        return Some(match enough(phase, primary) {
            Some(day) => {
                format!("Wait until {day} at least, when enough visitors had time to convert.")
            }
            None => "Wait: nobody knows for how long, since no full day was seen yet.".to_owned(),
        });
    }
    if primary.tracks.iter().any(GoalTrack::is_worse) {
        return Some("No need to wait: a track is worse, and each day costs.".to_owned());
    }
    if is_short(phase) {
        let Day(first) = phase.first_day?;
        let full = Day(first.saturating_add(WEEK));
        return Some(format!("Wait until {full}, when a full week was seen."));
    }
    let until = primary.open_until?;
    let who = counted(primary.open, &phase.unit);
    Some(format!(
        "No end was planned, and the verdict holds at any time. It leaves out {who} who still have time to \
         convert, the last until {until}."
    ))
}

/// Returns the day at which each track has enough units whose windows are over, at the pace of the last days;
/// not before a full week. It is the earliest, since it takes converters, too.
fn enough(phase: &PhaseReport, primary: &GoalReport) -> Option<Day> {
    let Day(today) = today(phase)?;
    let Day(first) = phase.first_day?;
    // The last day is not over, and the first one did not begin at midnight.
    let days = phase.daily.get(1..phase.daily.len().checked_sub(1)?)?;
    let units: u64 = days.iter().map(|day| day.units).sum();
    let pace = units as f64 / days.len() as f64;
    let shares = phase.tracks.iter().filter_map(|track| track.expected_share);
    let least = shares.filter(|share| *share > 0.0).reduce(f64::min)?;
    let needed = LEAST_UNITS as f64 / least;
    let to_come = (needed - phase.units as f64).max(0.0);
    let window = primary.window_seconds? as f64 / 86_400.0;
    let wait = (to_come / pace + window).ceil();
    let enough = today.saturating_add(if wait.is_finite() {
        wait as i32
    } else {
        return None;
    });
    Some(Day(enough.max(first.saturating_add(WEEK))))
}

/// Returns the days until a plan is reached, if there are any left and they can be known.
pub(in crate::dashboard) fn days_left(progress: &Progress) -> Option<f64> {
    let days = progress.days_left.known().copied();
    days.filter(|days| *days > 0.0)
}

/// Returns the day of the report in its time zone.
fn today(phase: &PhaseReport) -> Option<Day> {
    phase.daily.last().map(|day| day.day)
}
