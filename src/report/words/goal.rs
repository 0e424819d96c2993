use crate::{
    figures::{count, number, percent},
    report::{Answer, GoalReport, GoalTrack},
};

use super::{Table, figures::lift_cells, paragraph};

/// Writes a goal with its tracks, and what may be said of them unless that is covered.
pub(super) fn write(out: &mut String, goal: &GoalReport, is_covered: bool) {
    out.push('\n');
    paragraph(out, "  ", &title(goal));
    let by = match goal.is_of_requests() {
        true => "requests",
        false => "units",
    };
    let mut table = Table::new(&[
        "track",
        by,
        "reached",
        "value",
        "lift",
        "interval",
        "best",
        "detectable",
        "p50",
        "p99",
    ]);
    for track in &goal.tracks {
        table.row(cells(goal, track));
    }
    table.write(out, "    ");
    write_so_far(out, goal);
    for track in goal.tracks.iter().filter(|_| !is_covered) {
        if let Some(verdict) = &track.verdict {
            let sentence = format!("{}: {}", track.track, verdict.sentence);
            paragraph(out, "    ", &sentence);
        }
        let compared = track.compared.as_ref().and_then(Answer::known);
        let adjustment = compared.and_then(|compared| goal.adjustment_in_words(compared));
        if let Some(adjustment) = adjustment {
            paragraph(out, "    ", &format!("{}: {adjustment}", track.track));
        }
        let so_far = track.so_far.as_ref();
        let alarm = so_far.and_then(|so_far| so_far.alarm.as_ref());
        if let Some(alarm) = alarm {
            let sentence = format!("{}: {alarm}. {LOOK_NOW}", track.track);
            paragraph(out, "    !! ", &sentence);
        }
    }
}

/// What to do about an alarm.
pub(crate) const LOOK_NOW: &str =
    "Look now, and pause the set if you know the cause. This is no verdict yet.";

/// Writes all units so far, where some still have time to convert.
fn write_so_far(out: &mut String, goal: &GoalReport) {
    if goal.tracks.iter().all(|track| track.so_far.is_none()) {
        return;
    }
    let mut table = Table::new(&["so far", "units", "reached", "value", "lift", "interval"]);
    for track in &goal.tracks {
        if let Some(so_far) = &track.so_far {
            let value = so_far.value.known();
            let mut cells = vec![
                track.track.clone(),
                count(so_far.units),
                count(so_far.converters),
                value.map_or_else(String::new, |value| goal.value_in_words(*value)),
            ];
            cells.extend(lift_cells(goal, so_far.compared.as_ref()));
            table.row(cells);
        }
    }
    table.write(out, "    ");
}

fn title(goal: &GoalReport) -> String {
    let cap = goal.cap.map(|cap| match goal.cap_at {
        Some(at) => {
            let (cap, at) = (goal.value_in_words(cap), number(at * 100.0));
            format!(", capped at {cap}, percentile {at}")
        }
        None => format!(", capped at {}", goal.value_in_words(cap)),
    });
    let less = if goal.less_is_better {
        ", less is better"
    } else {
        ""
    };
    let margin = goal
        .margin
        .map(|margin| format!(", margin {}", percent(margin)));
    let role = goal.role.as_str();
    let (cap, margin) = (cap.unwrap_or_default(), margin.unwrap_or_default());
    format!("{} ({role}{less}{cap}{margin})", goal.label)
}

fn cells(goal: &GoalReport, track: &GoalTrack) -> Vec<String> {
    let smallest = track.detectable.as_ref().and_then(Answer::known);
    let value = track.value.known();
    let by = match goal.is_of_requests() {
        true => track.by as u64,
        false => track.units,
    };
    let [lift, interval] = lift_cells(goal, track.compared.as_ref());
    let cells = [
        Some(track.track.clone()),
        Some(count(by)),
        track.converters.map(count),
        value.map(|value| goal.value_in_words(value.value)),
        Some(lift),
        Some(interval),
        track.chance.map(|chance| percent(chance.best)),
        smallest.map(|smallest| goal.detectable_in_words(smallest)),
        track
            .percentiles
            .map(|all| goal.value_in_words(all.p50.value)),
        track
            .percentiles
            .map(|all| goal.value_in_words(all.p99.value)),
    ];
    cells.map(Option::unwrap_or_default).into()
}
