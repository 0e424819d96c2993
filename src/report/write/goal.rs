use crate::report::{Answer, GoalReport, GoalTrack};

use super::{
    Table,
    figures::{count, percent, signed_percent},
    paragraph,
};

const HEAD: [&str; 8] = [
    "track",
    "units",
    "reached",
    "value",
    "lift",
    "lift may be",
    "best",
    "would find",
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
    let verdicts = goal.tracks.iter().filter(|_| !is_covered);
    for track in verdicts {
        if let Some(verdict) = &track.verdict {
            paragraph(
                out,
                "    ",
                &format!("{}: {}", track.track, verdict.sentence),
            );
        }
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
        lift.map(|lift| signed_percent(*lift)),
        limits.map(|limits| limits.lift_in_words()),
        track.chance.map(|chance| percent(chance.best)),
        smallest.map(|smallest| goal.detectable_in_words(smallest)),
    ];
    cells.map(Option::unwrap_or_default).into()
}
