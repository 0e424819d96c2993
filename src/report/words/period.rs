use crate::{
    figures::count,
    report::{PeriodReport, PhaseReport},
};

use super::{Table, figures::lift_cells, paragraph};

/// Writes a period of a phase whose weights changed.
pub(super) fn write(out: &mut String, period: &PeriodReport, phase: &PhaseReport) {
    out.push('\n');
    let weights = period.tracks.iter();
    let weights = weights.map(|track| format!("{} {}", track.name, track.weight));
    let weights = weights.collect::<Vec<_>>().join(", ");
    let title = format!("from {} with the weights {weights}", period.from);
    paragraph(out, "  ", &title);
    let mut table = Table::new(&[
        "goal and track",
        "units",
        "reached",
        "value",
        "lift",
        "interval",
    ]);
    // The goal of the phase has the unit in which values are written.
    for (goal, known) in period.goals.iter().zip(&phase.goals) {
        for (track, of_set) in goal.tracks.iter().zip(&period.tracks) {
            let value = track.value.known();
            let mut cells = vec![
                format!("{}, {}", goal.label, of_set.name),
                count(track.units),
                count(track.converters),
                value.map_or_else(String::new, |value| known.value_in_words(*value)),
            ];
            cells.extend(lift_cells(known, track.compared.as_ref()));
            table.row(cells);
        }
    }
    table.write(out, "    ");
}
