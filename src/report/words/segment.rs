use crate::{
    figures::{plural, stated_p},
    report::{Answer, PhaseReport, SameEffect, SegmentReport, SegmentsReport},
    stats::MISMATCH,
};

use super::{Table, figures::part_cells, paragraph};

impl SegmentsReport {
    /// Returns the heading of the segments, such as `By device`.
    pub(crate) fn title(&self) -> String {
        format!("By {}", self.dimension.as_deref().unwrap_or("segment"))
    }

    /// Returns what to know before reading them.
    pub(crate) fn preface(&self) -> String {
        let mut text =
            "Exploratory: a difference in one segment confirms nothing. The p-values count all \
                        comparisons of a goal."
                .to_owned();
        if self.without > 0 {
            text += &format!(" {} had no segment.", plural(self.without, "unit"));
        }
        text
    }

    /// Returns whether the effect of each track on a goal is the same in all segments.
    pub(crate) fn same_in_words(&self, goal: usize, phase: &PhaseReport) -> Vec<String> {
        let same = self.goals.get(goal).map(|goal| &*goal.same);
        let tracks = same.unwrap_or_default().iter().zip(&phase.tracks);
        let known = tracks.filter_map(|(same, track)| Some((same.as_ref()?.known()?, track)));
        known
            .map(|(same, track)| format!("{}: {}", track.name, same.in_words()))
            .collect()
    }
}

impl SegmentReport {
    /// Returns a warning if the units of the tracks do not fit their weights.
    pub(crate) fn mismatch_in_words(&self) -> Option<String> {
        let p = self.sample_ratio_p.known()?;
        (*p <= MISMATCH).then(|| {
            format!(
                "In {}, the tracks do not have the units they should have ({}): the segment may depend on the track.",
                self.name,
                stated_p(*p)
            )
        })
    }
}

impl SameEffect {
    fn in_words(&self) -> String {
        let (p, segments) = (stated_p(self.p), self.segments);
        match self.p <= 0.05 {
            true => format!(
                "the effect may differ between {segments} segments ({p}, valid at one look)"
            ),
            false => format!(
                "no difference between {segments} segments was found ({p}, valid at one look)"
            ),
        }
    }
}

/// Writes the segments of a phase.
pub(super) fn write(out: &mut String, segments: &SegmentsReport, phase: &PhaseReport) {
    out.push('\n');
    paragraph(
        out,
        "  ",
        &format!("{}. {}", segments.title(), segments.preface()),
    );
    for (index, known) in phase.goals.iter().enumerate() {
        let mut table = Table::new(&[
            "goal, segment, track",
            "units",
            "reached",
            "value",
            "lift",
            "interval",
            "p",
        ]);
        for segment in &segments.segments {
            let Some(goal) = segment.goals.get(index) else {
                continue;
            };
            for (track, of_set) in goal.tracks.iter().zip(&segment.tracks) {
                let name = format!("{}, {}, {}", goal.label, segment.name, of_set.name);
                let mut cells = part_cells(name, known, track);
                let compared = track.compared.as_ref().and_then(Answer::known);
                let p = compared.and_then(|compared| compared.adjusted_p);
                cells.push(p.map(crate::figures::p_value).unwrap_or_default());
                table.row(cells);
            }
        }
        table.write(out, "    ");
        for sentence in segments.same_in_words(index, phase) {
            paragraph(out, "    ", &format!("{}, {sentence}", known.label));
        }
    }
    let warnings = segments.segments.iter();
    for warning in warnings.filter_map(SegmentReport::mismatch_in_words) {
        paragraph(out, "  ! ", &warning);
    }
}
