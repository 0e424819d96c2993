//! The answer of `plan`.

use std::fmt;

use serde::Serialize;

use crate::figures::{count, number, percent, plural, points, signed};

use super::recorded::Recorded;

/// The sizes of a test with a plan, and valid at every look.
#[derive(Serialize)]
pub(super) struct Planned {
    /// What was recorded, if it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) recorded: Option<Recorded>,
    pub(super) by_the_plan: Needed,
    pub(super) at_every_look: Needed,
    pub(super) looks: u32,
    pub(super) tracks: usize,
    pub(super) power: f64,
    #[serde(skip)]
    pub(super) is_rate: bool,
    /// Whether all tracks have the same weight.
    #[serde(skip)]
    pub(super) is_even: bool,
}

/// The units of a test, and the effect that it detects.
#[derive(Serialize)]
pub(super) struct Needed {
    /// The units of all tracks together.
    pub(super) units: u64,
    pub(super) control: u64,
    pub(super) smallest_track: u64,
    pub(super) difference: f64,
    pub(super) lift: Option<f64>,
    pub(super) days: Option<f64>,
}

/// The note about means with uneven weights, whose error is bounded by the larger of two estimates.
const UNEVEN: &str = "\nthe weights are uneven, so means of skewed values are judged with care and \
    may need many more units; use even weights, a cap, or a rate";

impl Planned {
    /// Writes one line of the answer.
    fn write(&self, f: &mut fmt::Formatter<'_>, look: &str, needed: &Needed) -> fmt::Result {
        let counts = [needed.units, needed.control, needed.smallest_track];
        let [units, control, smallest_track] = counts.map(count);
        write!(
            f,
            "{look:24}{units:>10} units: {control} in control, {smallest_track} in "
        )?;
        f.write_str(match self.tracks {
            2 => "the track",
            _ => "the smallest track",
        })?;
        if let Some(days) = needed.days {
            write!(f, "; {}", plural(days as u64, "day"))?;
        }
        writeln!(f, "; finds {}", self.difference(needed))
    }

    /// Returns the effect in words: percentage points for a rate.
    fn difference(&self, needed: &Needed) -> String {
        let difference = signed(match self.is_rate {
            true => points(needed.difference),
            false => number(needed.difference),
        });
        match needed.lift {
            Some(lift) => format!("{difference} ({})", signed(percent(lift))),
            None => difference,
        }
    }
}

impl fmt::Display for Planned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(recorded) = &self.recorded {
            recorded.fmt(f)?;
        }
        let plan = format!("plan of {} looks", self.looks);
        self.write(f, &plan, &self.by_the_plan)?;
        self.write(f, "valid at every look", &self.at_every_look)?;
        write!(
            f,
            "in {:.0} of 100 tests; take whole weeks, since weekdays differ",
            100.0 * self.power
        )?;
        match self.is_rate || self.is_even {
            true => Ok(()),
            false => f.write_str(UNEVEN),
        }
    }
}
