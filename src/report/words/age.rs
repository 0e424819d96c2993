use crate::report::{AgeReport, PhaseReport};

use super::{Table, figures::part_cells, paragraph};

impl PhaseReport {
    /// What to know before reading the effect by day since the first exposure.
    pub(crate) const BY_AGE: &str = "The primary goal on each day since the first exposure, of units for which that day \
        is over. An effect that wears off is one of novelty. Each day by itself confirms nothing.";

    /// Returns the days up to the last on which a unit reached the goal; none if that is the first day, since there is
    /// nothing to compare with then.
    pub(crate) fn telling_ages(&self) -> &[AgeReport] {
        let has_some = |age: &AgeReport| age.tracks.iter().any(|track| track.converters > 0);
        match self.by_age.iter().rposition(has_some) {
            Some(last) if last > 0 => &self.by_age[..=last],
            _ => &[],
        }
    }
}

/// Writes the primary goal by day since the first exposure.
pub(super) fn write(out: &mut String, phase: &PhaseReport) {
    let ages = phase.telling_ages();
    let Some(goal) = phase.primary().filter(|_| !ages.is_empty()) else {
        return;
    };
    out.push('\n');
    paragraph(out, "  ", PhaseReport::BY_AGE);
    let mut table = Table::new(&[
        "day and track",
        "units",
        "reached",
        "value",
        "lift",
        "interval",
    ]);
    for age in ages {
        for (track, of_set) in age.tracks.iter().zip(&phase.tracks) {
            let name = format!("{}, {}", age.day, of_set.name);
            table.row(part_cells(name, goal, track));
        }
    }
    table.write(out, "    ");
}
