use std::fmt;

use crate::{
    figures::{count, plural},
    report::{Answer, Intent, Notice, PhaseReport, Progress, Report},
};

use super::{age, change, goal, health, paragraph, period, segment};

impl Report {
    /// Returns the report as text for a terminal: at most 100 columns, without colours.
    pub fn to_text(&self) -> String {
        let phases = self.phases.iter().map(PhaseReport::to_text);
        let mut text = phases.collect::<Vec<_>>().join("\n");
        for unread in &self.unread {
            let line = format!("{} phase {}: {}", unread.set, unread.phase, unread.why);
            paragraph(&mut text, "", &line);
        }
        for invalid in &self.invalid {
            paragraph(&mut text, "! ", invalid);
        }
        if text.is_empty() {
            text.push_str("nothing was recorded yet\n");
        }
        text
    }
}

/// The same as [`Report::to_text`].
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_text())
    }
}

impl PhaseReport {
    /// Returns the report of the phase as text for a terminal: at most 100 columns, without
    /// colours.
    pub fn to_text(&self) -> String {
        let mut out = String::new();
        let head = format!("{} (by {}), as of {}", self.name(), self.unit, self.as_of);
        paragraph(&mut out, "", &head);
        write_intent(&mut out, &self.intent);
        paragraph(&mut out, "  ", &self.size());
        if self.time_zone != "UTC" {
            let zone = format!("days begin at midnight in {}", self.time_zone);
            paragraph(&mut out, "  ", &zone);
        }
        health::write(&mut out, self);
        // A mismatch is said once, by what covers the goals.
        let notices = self.notices.iter();
        for notice in notices.filter(|notice| notice.kind != "mismatch") {
            paragraph(&mut out, "  ! ", &line(notice));
        }
        change::write(&mut out, &self.changes);
        write_recorded(&mut out, self);
        for goal in self.goals.iter().chain(&self.requests) {
            goal::write(&mut out, goal, self.covered.is_some());
        }
        for period in &self.periods {
            period::write(&mut out, period, self);
        }
        age::write(&mut out, self);
        if let Some(segments) = &self.segments {
            segment::write(&mut out, segments, self);
        }
        if !self.requests.is_empty() {
            paragraph(&mut out, "    ", Self::REQUESTS);
        }
        out
    }

    /// How many units there are, of how many.
    fn size(&self) -> String {
        let first = self.first_day.map(|day| format!(" since {day}"));
        let plan = self.intent.progress.as_ref().map(planned);
        let decided = self
            .decided_on
            .map(|day| format!("; decided by the plan on {day}"));
        let parts = [Some(plural(self.units, "unit")), first, plan, decided];
        parts.into_iter().flatten().collect()
    }
}

fn write_intent(out: &mut String, intent: &Intent) {
    for (first, text) in [
        ("  hypothesis: ", &intent.hypothesis),
        ("  owner: ", &intent.owner),
    ] {
        if !text.is_empty() {
            paragraph(out, first, text);
        }
    }
}

/// Writes what an earlier version read when the plan was reached.
fn write_recorded(out: &mut String, phase: &PhaseReport) {
    let recorded = phase.recorded_decision.iter();
    let recorded = recorded.filter(|_| phase.covered.is_none());
    for goal in recorded.flat_map(|recorded| &recorded.goals) {
        for track in &goal.tracks {
            if let Some(verdict) = &track.verdict {
                let sentence = format!("{}, {}: {}", goal.label, track.track, verdict.sentence);
                paragraph(out, "    read then: ", &sentence);
            }
        }
    }
}

fn planned(progress: &Progress) -> String {
    let left = match &progress.days_left {
        Answer::Known(days) if *days > 0.0 => {
            format!(", in about {}", plural(days.ceil() as u64, "day"))
        }
        Answer::Known(_) => String::new(),
        Answer::Unknown { why } => format!(" ({why})"),
    };
    format!(", of {} planned{left}", count(progress.planned))
}

fn line(notice: &Notice) -> String {
    let place = [&notice.goal, &notice.track].into_iter().flatten();
    let place: Vec<&str> = place.map(String::as_str).collect();
    match &place[..] {
        [] => notice.sentence.clone(),
        place => format!("{}: {}", place.join(", "), notice.sentence),
    }
}
