use std::fmt;

use crate::report::{GoalReport, GoalTrack, PhaseReport, RatioState, Report};

use super::{
    Table,
    figures::{count, p_value, percent, signed_percent},
    paragraph,
    paragraph::push_line,
};

impl Report {
    /// Returns the report as text for a terminal: at most 100 columns, without colours.
    pub fn to_text(&self) -> String {
        let phases = self.phases.iter().map(PhaseReport::to_text);
        let mut text = phases.collect::<Vec<_>>().join("\n");
        for unread in &self.unread {
            let first = format!("{} phase {}: ", unread.set, unread.phase);
            paragraph(&mut text, "", &format!("{first}{}", unread.why));
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
        self.write_intent(&mut out);
        self.write_health(&mut out);
        for notice in self
            .notices
            .iter()
            .filter(|notice| notice.kind != "mismatch")
        {
            let place = [&notice.goal, &notice.track].map(|name| name.as_deref());
            let place: Vec<&str> = place.into_iter().flatten().collect();
            let place = match &place[..] {
                [] => String::new(),
                place => format!("{}: ", place.join(", ")),
            };
            paragraph(&mut out, "  ! ", &format!("{place}{}", notice.sentence));
        }
        for goal in &self.goals {
            self.write_goal(&mut out, goal);
        }
        for (index, goal) in self.requests.iter().enumerate() {
            self.write_goal(&mut out, goal);
            if index + 1 == self.requests.len() {
                paragraph(&mut out, "    ", Self::REQUESTS);
            }
        }
        out
    }

    fn write_intent(&self, out: &mut String) {
        let intent = &self.intent;
        if !intent.hypothesis.is_empty() {
            paragraph(out, "  hypothesis: ", &intent.hypothesis);
        }
        if !intent.owner.is_empty() {
            paragraph(out, "  owner: ", &intent.owner);
        }
        let first = self.first_day.map(|day| format!(" since {day}"));
        let mut line = format!("{} units{}", count(self.units), first.unwrap_or_default());
        if let Some(progress) = &intent.progress {
            line += &format!(", of {} planned", count(progress.planned));
            line += &match (progress.days_left.known(), progress.days_left.why()) {
                (Some(days), _) if *days > 0.0 => format!(", in about {days:.0} days"),
                (Some(_), _) => String::new(),
                (None, why) => format!(" ({})", why.unwrap_or_default()),
            };
        }
        if let Some(decided) = self.decided_at {
            line += &format!("; the goals are as they were read for good on {decided}");
        }
        paragraph(out, "  ", &line);
    }

    fn write_health(&self, out: &mut String) {
        let health = &self.health;
        let mut table = Table::new(&["track", "units", "share", "expected"]);
        for track in &self.tracks {
            let share = track.units as f64 / self.units as f64;
            table.row(vec![
                track.name.clone(),
                count(track.units),
                if self.units > 0 {
                    percent(share)
                } else {
                    String::new()
                },
                track.expected_share.map(percent).unwrap_or_default(),
            ]);
        }
        table.write(out, "  ");
        let ratio = match &health.sample_ratio.known() {
            Some(ratio) => {
                let state = match ratio.state {
                    RatioState::Fine => "fine",
                    RatioState::Suspected => "suspected mismatch",
                    RatioState::Mismatch => "MISMATCH",
                };
                format!("{state} (p {})", p_value(ratio.p))
            }
            None => health.sample_ratio.why().unwrap_or_default().to_owned(),
        };
        let crossed = format!(
            "{} ({})",
            count(health.crossed),
            percent(health.crossed_share)
        );
        let stray = count(health.stray);
        let line = format!("sample ratio: {ratio}; crossed: {crossed}; stray: {stray}");
        paragraph(out, "  ", &line);
        for lost in &health.lost {
            let what = lost
                .track
                .as_deref()
                .or(lost.goal.as_deref())
                .unwrap_or("events");
            let line = format!(
                "lost by {}: {} of {what} ({})",
                lost.sink, lost.n, lost.reason
            );
            paragraph(out, "  ", &line);
        }
        if let Some(covered) = &self.covered {
            paragraph(out, "  !! ", covered);
        }
    }

    fn write_goal(&self, out: &mut String, goal: &GoalReport) {
        let less = if goal.less_is_better {
            ", less is better"
        } else {
            ""
        };
        let cap = goal
            .cap
            .map(|cap| format!(", capped at {}", goal.value_in_words(cap)));
        out.push('\n');
        let head = format!(
            "{} ({}{less}{})",
            goal.label,
            goal.role.as_str(),
            cap.unwrap_or_default()
        );
        paragraph(out, "  ", &head);
        let by = if goal.is_of_requests() {
            "requests"
        } else {
            "units"
        };
        let reached = if goal.is_of_requests() { "" } else { "reached" };
        let mut table = Table::new(&[
            "track",
            by,
            reached,
            "value",
            "lift",
            "lift may be",
            "best",
            "would find",
        ]);
        for track in &goal.tracks {
            table.row(cells(goal, track));
        }
        table.write(out, "    ");
        for track in &goal.tracks {
            if let Some(verdict) = track.verdict.as_ref().filter(|_| self.covered.is_none()) {
                let sentence = format!("{}: {}", track.track, verdict.sentence);
                paragraph(out, "    ", &sentence);
            }
        }
        if goal.tracks.is_empty() {
            push_line(out, "    no tracks");
        }
    }
}

fn cells(goal: &GoalReport, track: &GoalTrack) -> Vec<String> {
    let compared = track
        .compared
        .as_ref()
        .and_then(|compared| compared.known());
    let lift = compared.and_then(|compared| compared.lift.known());
    let limits = compared.and_then(|compared| compared.lift_interval.known());
    let detectable = track
        .detectable
        .as_ref()
        .and_then(|detectable| detectable.known());
    let value = track.value.known();
    let by = if goal.is_of_requests() {
        track.by as u64
    } else {
        track.units
    };
    vec![
        track.track.clone(),
        count(by),
        track.converters.map(count).unwrap_or_default(),
        value
            .map(|value| goal.value_in_words(value.value))
            .unwrap_or_default(),
        lift.map(|lift| signed_percent(*lift)).unwrap_or_default(),
        limits
            .map(|limits| limits.lift_in_words())
            .unwrap_or_default(),
        track
            .chance
            .map(|chance| percent(chance.best))
            .unwrap_or_default(),
        detectable
            .map(|smallest| goal.detectable_in_words(smallest))
            .unwrap_or_default(),
    ]
}
