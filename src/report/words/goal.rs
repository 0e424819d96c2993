use crate::{
    figures::{count, percent, signed},
    report::{Answer, GoalReport, GoalTrack},
};

use super::{Table, paragraph};

const HEAD: [&str; 8] = [
    "track",
    "units",
    "reached",
    "value",
    "lift",
    "interval",
    "best",
    "detectable",
];

/// Writes a goal with its tracks, and what may be said of them unless that is covered.
pub(super) fn write(out: &mut String, goal: &GoalReport, is_covered: bool) {
    out.push('\n');
    paragraph(out, "  ", &title(goal));
    let mut head = HEAD;
    if goal.is_of_requests() {
        head[1] = "requests";
    }
    let mut table = Table::new(&head);
    for track in &goal.tracks {
        table.row(cells(goal, track));
    }
    table.write(out, "    ");
    write_so_far(out, goal);
    let verdicts = goal.tracks.iter().filter(|_| !is_covered);
    for track in verdicts {
        if let Some(verdict) = &track.verdict {
            let sentence = format!("{}: {}", track.track, verdict.sentence);
            paragraph(out, "    ", &sentence);
        }
        if let Some(alarm) = track
            .so_far
            .as_ref()
            .and_then(|so_far| so_far.alarm.as_ref())
        {
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
    let mut table = Table::new(&["so far", "units", "reached", "value", "lift", "interval"]);
    let mut is_empty = true;
    for track in &goal.tracks {
        let Some(so_far) = &track.so_far else {
            continue;
        };
        let compared = so_far.compared.as_ref().and_then(Answer::known);
        let lift = compared.and_then(|compared| compared.lift.known());
        let limits = compared.and_then(|compared| compared.lift_interval.known());
        let value = so_far.value.known();
        let cells = [
            Some(track.track.clone()),
            Some(count(so_far.units)),
            Some(count(so_far.converters)),
            value.map(|value| goal.value_in_words(*value)),
            lift.map(|lift| signed(percent(*lift))),
            limits.map(|limits| limits.lift_in_words()),
        ];
        table.row(cells.map(Option::unwrap_or_default).into());
        is_empty = false;
    }
    if !is_empty {
        table.write(out, "    ");
    }
}

fn title(goal: &GoalReport) -> String {
    let cap = goal
        .cap
        .map(|cap| format!(", capped at {}", goal.value_in_words(cap)));
    let less = match goal.less_is_better {
        true => ", less is better",
        false => "",
    };
    let role = goal.role.as_str();
    format!("{} ({role}{less}{})", goal.label, cap.unwrap_or_default())
}

fn cells(goal: &GoalReport, track: &GoalTrack) -> Vec<String> {
    let compared = track.compared.as_ref().and_then(Answer::known);
    let lift = compared.and_then(|compared| compared.lift.known());
    let limits = compared.and_then(|compared| compared.lift_interval.known());
    let smallest = track.detectable.as_ref().and_then(Answer::known);
    let by = match goal.is_of_requests() {
        true => track.by as u64,
        false => track.units,
    };
    let cells = [
        Some(track.track.clone()),
        Some(count(by)),
        track.converters.map(count),
        track
            .value
            .known()
            .map(|value| goal.value_in_words(value.value)),
        lift.map(|lift| signed(percent(*lift))),
        limits.map(|limits| limits.lift_in_words()),
        track.chance.map(|chance| percent(chance.best)),
        smallest.map(|smallest| goal.detectable_in_words(smallest)),
    ];
    cells.map(Option::unwrap_or_default).into()
}
