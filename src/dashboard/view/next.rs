//! Until when to wait.

use crate::{
    report::{Day, GoalReport, PhaseReport, Progress, VerdictKind},
    stats::LEAST_UNITS,
};

use super::{Headline, advice::is_short, people::people};

use VerdictKind::{
    Collecting, Crossed, Mismatch, Stray, SwitchedOff, Unanswered, WeightsChanged, Worse,
};

/// The days of a full week.
const WEEK: i32 = 7;

/// Returns until when to wait, as sentences that go with the headline; `None` where it says what to do now.
pub(in crate::dashboard) fn next(phase: &PhaseReport, headline: &Headline) -> Option<String> {
    let primary = phase.primary()?;
    if phase.shipped.is_some() {
        return Some(
            "No need to wait: what is still open changes the numbers a little.".to_owned(),
        );
    }
    match headline.kind? {
        Mismatch | Stray | WeightsChanged | Crossed => {
            Some("Do not wait: more data do not mend this.".to_owned())
        }
        SwitchedOff | Unanswered => None,
        Worse => Some("No need to wait: the loss was found, and each day costs.".to_owned()),
        Collecting if phase.intent.progress.is_none() => Some(enough(phase, primary)),
        _ if is_short(phase) => Some(full_week(phase)),
        _ => decision(phase, primary),
    }
}

/// Returns when the plan decides, or what a reading without a plan leaves out.
fn decision(phase: &PhaseReport, primary: &GoalReport) -> Option<String> {
    if let Some(decision) = &phase.decision {
        return Some(format!(
            "No need to wait: the plan decided at {}. Who comes later changes nothing but the guardrails.",
            decision.decided_at
        ));
    }
    if let Some(progress) = &phase.intent.progress {
        return Some(of_plan(phase, progress));
    }
    let until = primary.open_until?;
    Some(format!(
        "No end was planned, and the verdict holds at any time. It leaves out those who still have time to \
         convert, the last until {until}."
    ))
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
            let why = why.unwrap_or_default();
            format!("Wait: the plan looks next at the midnight that begins {next}.{why}")
        }
    }
}

/// Returns when a full week was seen.
fn full_week(phase: &PhaseReport) -> String {
    let full = phase.first_day.map(|Day(first)| first.saturating_add(WEEK));
    match full.zip(today(phase)) {
        Some((full, Day(today))) if full > today => {
            format!("Wait until {}, when a full week was seen.", Day(full))
        }
        _ => "Wait until each day of the week was seen.".to_owned(),
    }
}

/// Returns about when each track has enough units whose windows are over; not before a full week.
fn enough(phase: &PhaseReport, primary: &GoalReport) -> String {
    let who = people(&phase.unit).title.to_lowercase();
    let shares = phase.tracks.iter().filter_map(|track| track.expected_share);
    let Some(least) = shares.filter(|share| *share > 0.0).reduce(f64::min) else {
        return "Wait.".to_owned();
    };
    let needed = LEAST_UNITS as f64 / least;
    let closed: u64 = primary.tracks.iter().map(|track| track.units).sum();
    if closed as f64 >= needed {
        return "Wait: how long depends on how many convert.".to_owned();
    }
    match complete(phase, needed) {
        Ok(day) => {
            let window = primary.window_seconds.unwrap_or_default().div_ceil(86_400);
            let window = i32::try_from(window).unwrap_or(i32::MAX);
            let first = phase.first_day.unwrap_or(day);
            let day = day
                .0
                .saturating_add(window)
                .max(first.0.saturating_add(WEEK));
            format!(
                "Wait until about {}, when enough {who} had time to convert.",
                Day(day)
            )
        }
        Err(why) => format!("Wait: {why}."),
    }
}

/// Returns the day on which there are as many units as are needed, at the pace of the last days, or why it is not
/// known.
fn complete(phase: &PhaseReport, needed: f64) -> Result<Day, &'static str> {
    let mut sum = 0.0;
    for day in &phase.daily {
        sum += day.units as f64;
        if sum >= needed {
            return Ok(day.day);
        }
    }
    // The last day is not over, and the first one did not begin at midnight.
    let full = phase.daily.len().checked_sub(1);
    let days = full
        .and_then(|end| phase.daily.get(1..end))
        .unwrap_or_default();
    let (Some(Day(today)), false) = (today(phase), days.is_empty()) else {
        return Err("for how long is not known, since no full day was seen yet");
    };
    let units: u64 = days.iter().map(|day| day.units).sum();
    let pace = units as f64 / days.len() as f64;
    let wait = ((needed - phase.units as f64).max(0.0) / pace).ceil();
    match wait.is_finite() {
        true => Ok(Day(today.saturating_add(wait as i32))),
        false => Err("nobody new came in the last days"),
    }
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
