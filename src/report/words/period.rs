use crate::report::{PeriodReport, PhaseReport};

use super::{Table, figures::part_cells, paragraph};

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
            let name = format!("{}, {}", goal.label, of_set.name);
            table.row(part_cells(name, known, track));
        }
    }
    table.write(out, "    ");
}
