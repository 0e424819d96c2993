use std::collections::BTreeMap;

use crate::{
    record::{Attribution, Timestamp},
    report::{Answer, Day, Progress},
};

/// Microseconds in a day.
const DAY: f64 = 86_400e6;

/// The full days of which the pace is taken.
const FULL_DAYS: i32 = 7;

/// When units came.
pub(super) struct Pace {
    by_day: BTreeMap<i32, u64>,
    as_of: Timestamp,
}

impl Pace {
    pub(super) fn of(attribution: &Attribution, as_of: Timestamp) -> Self {
        let mut by_day = BTreeMap::new();
        for (key, units) in &attribution.units {
            *by_day.entry(key.day).or_default() += units;
        }
        Self { by_day, as_of }
    }

    pub(super) fn first_day(&self) -> Option<Day> {
        self.by_day.keys().next().copied().map(Day)
    }

    /// Returns the days since the end of the first. The first exposure was before that, so the
    /// days are no fewer.
    pub(super) fn days(&self) -> f64 {
        let Some(Day(first)) = self.first_day() else {
            return 0.0;
        };
        let now = self.as_of.as_micros() as f64 / DAY;
        (now - f64::from(first) - 1.0).max(0.0)
    }

    pub(super) fn progress(&self, planned: u64, units: u64) -> Progress {
        let missing = planned.saturating_sub(units);
        let days_left = match (missing, self.units_a_day()) {
            (0, _) => Answer::Known(0.0),
            (_, None) => Answer::unknown("no full day was seen yet"),
            (_, Some(0.0)) => Answer::unknown("nobody new came in the last full days"),
            (missing, Some(pace)) => Answer::Known((missing as f64 / pace).ceil()),
        };
        Progress {
            planned,
            units,
            days_left,
        }
    }

    /// Returns the units of a full day, in the mean of the last seven. The first day of the phase
    /// counts where there is no other: it began somewhere in it.
    fn units_a_day(&self) -> Option<f64> {
        let Day(first) = self.first_day()?;
        let today = self.as_of.day();
        let from = (first + 1).min(today - 1).max(today - FULL_DAYS).max(first);
        if from >= today {
            return None;
        }
        let units: u64 = self.by_day.range(from..today).map(|(_, units)| units).sum();
        Some(units as f64 / f64::from(today - from))
    }
}
