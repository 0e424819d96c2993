//! The notice that facts changed after the decision of a plan.

use crate::report::{Decision, Notice, compute::Draft, plan_log::Moved};

impl Draft<'_> {
    /// Returns the notice that facts changed after the decision: the facts now decide otherwise
    /// than the stored decision. A sentence that only another version words otherwise is no change.
    pub(super) fn changed_facts(&self) -> Option<Notice> {
        let recorded = self.facts.decision.as_ref()?;
        let is_other = self.decision.as_ref().map(unworded) != Some(unworded(recorded));
        // A plan that moved decides nothing any more, and that is said.
        let is_moved = self.decision.is_none() && self.reading.moved != Moved::default();
        let then = recorded.tracks.iter();
        let then = then.map(|track| format!("{}: {}", track.track, track.sentence));
        let then = then.collect::<Vec<_>>().join("; ");
        let day = self.facts.plan.zone.day(recorded.decided_at.0);
        (is_other && !is_moved).then(|| {
            let sentence = format!(
                "facts changed after the decision of {day}, as by an import or an erasure; it \
                 read: {then}"
            );
            Notice::blocking("facts-changed", sentence)
        })
    }
}

/// Returns a decision with the figures of each sentence in place of its words.
fn unworded(decision: &Decision) -> Decision {
    let mut decision = decision.clone();
    for track in &mut decision.tracks {
        track.sentence = figures(&track.sentence);
    }
    decision
}

/// Returns the figures of a sentence, sorted, since another wording may have another order.
fn figures(sentence: &str) -> String {
    let is_figure = |c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | '-');
    let figures = sentence.split(|c| !is_figure(c));
    // A comma or a full stop after a figure belongs to the sentence, of which the words may change.
    let figures = figures.map(|figure| figure.trim_end_matches(['.', ',', '-']));
    let mut figures: Vec<&str> = figures.filter(|figure| !figure.is_empty()).collect();
    figures.sort_unstable();
    figures.join(" ")
}
