use crate::{
    figures::{count, percent, signed},
    report::{Answer, PeriodReport, PhaseReport},
};

use super::{Table, paragraph};

/// Writes a period of a phase whose weights changed.
pub(super) fn write(out: &mut String, period: &PeriodReport, phase: &PhaseReport) {
    out.push('\n');
    let weights = period.tracks.iter();
    let weights: Vec<String> = weights
        .map(|track| format!("{} {}", track.name, track.weight))
        .collect();
    let title = format!(
        "from {} with the weights {}",
        period.from,
        weights.join(", ")
    );
    paragraph(out, "  ", &title);
    let mut table = Table::new(&[
        "goal and track",
        "units",
        "reached",
        "value",
        "lift",
        "interval",
    ]);
    for goal in &period.goals {
        for (track, of_set) in goal.tracks.iter().zip(&period.tracks) {
            let compared = track.compared.as_ref().and_then(Answer::known);
            let lift = compared.and_then(|compared| compared.lift.known());
            let limits = compared.and_then(|compared| compared.lift_interval.known());
            let value = track.value.known();
            let cells = [
                Some(format!("{}, {}", goal.label, of_set.name)),
                Some(count(track.units)),
                Some(count(track.converters)),
                value.map(|value| phase.value_in_words(&goal.label, *value)),
                lift.map(|lift| signed(percent(*lift))),
                limits.map(|limits| limits.lift_in_words()),
            ];
            table.row(cells.map(Option::unwrap_or_default).into());
        }
    }
    table.write(out, "    ");
}
