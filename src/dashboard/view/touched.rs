//! How many units a change touches, measured on the last full day of the stored report.

use std::time::Duration;

use crate::{
    control::{Act, Change, Mode, Outlook, Snapshot, State},
    figures::plural,
    report::{Day, NewUnits, PhaseReport},
    store::Timestamp,
};

const DAY: Duration = Duration::from_secs(86_400);

/// How far a midnight is from that of UTC at most, in any time zone.
const ZONES: Duration = Duration::from_secs(14 * 3600);

/// Returns how many of yesterday's units a change would have touched, as a sentence.
pub(in crate::dashboard) fn touched(
    act: &Act,
    snapshot: &Snapshot,
    outlook: &Outlook,
    phase: Option<&PhaseReport>,
) -> String {
    let yesterday = match Yesterday::of(snapshot, phase) {
        Ok(yesterday) => yesterday,
        Err(why) => return format!("Not known: {why}."),
    };
    match act {
        Act::Close => yesterday.all("would not have been analysed"),
        Act::Exclude { from, until } => yesterday.left_out(*from, *until),
        Act::Ramp { steps, .. } => {
            let last = steps.last().map_or(0.0, |step| step.share);
            let words = yesterday.let_in(last - enrolled(&snapshot.state));
            format!("With the last step: {words}")
        }
        _ => yesterday.treated(snapshot, &outlook.after),
    }
}

/// The day that changes are measured on.
struct Yesterday {
    day: Day,
    begin: Timestamp,
    end: Timestamp,
    units: u64,
    /// The number of units if the share had been 100%.
    eligible: f64,
}

impl Yesterday {
    /// Returns the day, or why nothing can be measured on it.
    fn of(snapshot: &Snapshot, phase: Option<&PhaseReport>) -> Result<Self, &'static str> {
        let known = phase.and_then(|phase| Some((phase, phase.yesterday?)));
        let (phase, NewUnits { day, units }) =
            known.ok_or("no report has the units of a full day of this phase")?;
        if phase.as_of.0.plus(DAY) < snapshot.now {
            return Err("the last report is older than a day");
        }
        let zones = match &*phase.time_zone {
            "UTC" => Duration::ZERO,
            _ => ZONES,
        };
        let begin = Timestamp::from_micros(i64::from(day.0) * 86_400_000_000);
        let (begin, end) = (begin.minus(zones), begin.plus(DAY).plus(zones));
        let share = steady(snapshot, begin, end.min(snapshot.now))
            .ok_or("the set was changed on the day that it is measured on")?;
        if share == 0.0 || units == 0 {
            return Err("no unit was exposed on the day that it is measured on");
        }
        let eligible = units as f64 / share;
        Ok(Self {
            day,
            begin,
            end,
            units,
            eligible,
        })
    }

    /// Returns how many units another treatment would have had.
    fn treated(&self, snapshot: &Snapshot, after: &State) -> String {
        let before = &snapshot.state;
        let Mode::Shipped(track) = after.mode else {
            return self.let_in(enrolled(after) - enrolled(before));
        };
        if before.mode == after.mode {
            return self.none();
        }
        let tracks = snapshot.set.tracks();
        let all: u64 = tracks.iter().map(|track| track.weight()).sum();
        let shipped = tracks.get(track);
        let part = shipped.map_or(0.0, |track| track.weight() as f64 / all.max(1) as f64);
        let is_control = shipped.is_some_and(|track| track.is_control());
        let others = match is_control {
            // Units outside the share have control already.
            true => enrolled(before) * (1.0 - part),
            false => 1.0 - enrolled(before) * part,
        };
        let units = about(self.eligible * others, "unit");
        format!("{units} would have had another track {}.", self.as_on())
    }

    /// Returns how many units a larger share would have let in, or a smaller one kept out.
    fn let_in(&self, difference: f64) -> String {
        let units = self.eligible * difference.abs();
        match difference {
            _ if difference > 0.0 => {
                let more = about(units, "more unit");
                format!("{more} would have taken part {}.", self.as_on())
            }
            _ if difference < 0.0 => {
                let fewer = about(units, "unit");
                format!("{fewer} would not have taken part {}.", self.as_on())
            }
            _ => self.none(),
        }
    }

    /// Returns how many units a span would leave out. The report does not have the hours of a day.
    fn left_out(&self, from: Timestamp, until: Timestamp) -> String {
        match () {
            () if until <= self.begin || self.end <= from => self.none(),
            () if from <= self.begin && self.end <= until => self.all("would be left out"),
            () => "Not known: the report counts days, and the span has a part of the last one."
                .to_owned(),
        }
    }

    fn all(&self, what: &str) -> String {
        let units = plural(self.units, "unit");
        format!(
            "All {units} that were first exposed yesterday ({}) {what}.",
            self.day
        )
    }

    fn none(&self) -> String {
        format!(
            "None of those that were first exposed yesterday ({}).",
            self.day
        )
    }

    fn as_on(&self) -> String {
        let units = plural(self.units, "unit");
        format!("yesterday ({}), when {units} were first exposed", self.day)
    }
}

/// Returns the share that took part in a state.
fn enrolled(state: &State) -> f64 {
    match state.mode {
        Mode::Paused | Mode::Shipped(_) => 0.0,
        Mode::Code | Mode::Share(_) => state.share,
    }
}

/// Returns the share that took part over a time; `None` if it was not the same all the time.
fn steady(snapshot: &Snapshot, begin: Timestamp, end: Timestamp) -> Option<f64> {
    let is_within = |at: Timestamp| begin < at && at < end;
    let moves = |change: &&Change| match &change.act {
        Act::Close | Act::Exclude { .. } => false,
        Act::Ramp { steps, .. } => {
            is_within(change.effective_at) || steps.iter().any(|step| is_within(step.at))
        }
        _ => is_within(change.effective_at),
    };
    match snapshot.changes.iter().find(moves) {
        Some(_) => None,
        None => Some(enrolled(&snapshot.state_at(snapshot.changes.len(), begin))),
    }
}

/// Returns a rounded number with its noun.
fn about(units: f64, noun: &str) -> String {
    format!("About {}", plural(units.round() as u64, noun))
}
