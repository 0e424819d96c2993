//! When a set is read again, and when that ends.

use crate::report::{Day, GoalReport, PhaseReport, Progress};

/// Returns when the next decision can come, as sentences; `None` where none is to come, or where the results
/// are hidden.
pub(in crate::dashboard) fn next(phase: &PhaseReport) -> Option<String> {
    let primary = phase.primary()?;
    if phase.covered.is_some() || phase.shipped.is_some() {
        return None;
    }
    if let Some(decision) = &phase.decision {
        return Some(format!(
            "The plan decided at {}. Later units change guardrails alone.",
            decision.decided_at
        ));
    }
    match &phase.intent.progress {
        Some(progress) => Some(of_plan(phase, progress)),
        None => of_windows(phase, primary),
    }
}

/// Returns the next look of a plan, and its last.
fn of_plan(phase: &PhaseReport, progress: &Progress) -> String {
    let mut words = match today(phase) {
        Some(Day(today)) => format!(
            "Next look of the plan: at the midnight that begins {}.",
            Day(today.saturating_add(1))
        ),
        None => "The plan looks at each midnight.".to_owned(),
    };
    if let Some((Day(today), days)) = today(phase).zip(days_left(progress)) {
        // A plan of more days than a calendar has is as good as none.
        let last = Day(today.saturating_add(days as i32));
        words += &format!(" It ends about {last}, or earlier if the difference is large.");
    } else if let Some(why) = progress.days_left.why() {
        words += &format!(" Its end is not known: {why}.");
    }
    words
}

/// Returns what a reading without a plan waits for.
fn of_windows(phase: &PhaseReport, primary: &GoalReport) -> Option<String> {
    let until = primary.open_until?;
    let who = super::people::counted(primary.open, &phase.unit);
    Some(format!(
        "Every report is a look. {who} still have time to convert, the last until {until}."
    ))
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
