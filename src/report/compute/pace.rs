use std::collections::{BTreeMap, BTreeSet};

use crate::{
    report::{Answer, Day, Progress, facts::PhaseFacts, total::total},
    store::Timestamp,
};

/// Microseconds in a day.
const DAY: f64 = 86_400e6;

/// The full days of which the pace is taken.
const FULL_DAYS: i32 = 7;

/// When units came.
pub(super) struct Pace {
    by_day: BTreeMap<i32, u64>,
    first_exposure: Option<Timestamp>,
    as_of: Timestamp,
    today: i32,
}

impl Pace {
    pub(super) fn of(facts: &PhaseFacts) -> Self {
        let attribution = &facts.attribution;
        let Day(today) = facts.plan.zone().day(facts.as_of);
        let mut by_day = BTreeMap::new();
        for (cohort, units) in &attribution.units {
            let day: &mut u64 = by_day.entry(cohort.day).or_default();
            *day = day.saturating_add(*units);
        }
        Self {
            by_day,
            first_exposure: attribution.exposed.map(|(first, _)| first),
            as_of: facts.as_of,
            today,
        }
    }

    pub(super) fn first_day(&self) -> Option<Day> {
        self.by_day.keys().next().copied().map(Day)
    }

    /// Returns the days since the first exposure.
    pub(super) fn days(&self) -> f64 {
        let Some(first) = self.first_exposure else {
            return 0.0;
        };
        let micros = self.as_of.as_micros().saturating_sub(first.as_micros());
        micros.max(0) as f64 / DAY
    }

    /// Returns how many of the days of the week had first exposures.
    pub(super) fn weekdays(&self) -> u8 {
        let weekdays: BTreeSet<i32> = self.by_day.keys().map(|day| day.rem_euclid(7)).collect();
        u8::try_from(weekdays.len()).unwrap_or(7)
    }

    /// Returns how many days between the first and the last exposure had none.
    pub(super) fn silent_days(&self) -> u64 {
        let days = self.by_day.keys();
        let span = days.clone().next().zip(days.last());
        let all = span.map_or(0, |(first, last)| i64::from(*last) - i64::from(*first) + 1);
        u64::try_from(all)
            .unwrap_or(0)
            .saturating_sub(self.by_day.len() as u64)
    }

    /// Returns how far a plan is done with so many closed units. New units are counted when their
    /// window of so many days is over.
    pub(super) fn progress(&self, planned: u64, closed: u64, window_days: f64) -> Progress {
        let missing = planned.saturating_sub(closed);
        // Units that are open already need not come any more.
        let open = self.units().saturating_sub(closed);
        let to_come = missing.saturating_sub(open) as f64;
        let days_left = match (missing, self.units_a_day()) {
            (0, _) => Answer::Known(0.0),
            (_, None) => Answer::unknown("no full day was seen yet"),
            _ if to_come == 0.0 => Answer::Known(window_days.ceil()),
            (_, Some(0.0)) => Answer::unknown("no new unit came in the last full days"),
            (_, Some(pace)) => Answer::Known((to_come / pace + window_days).ceil()),
        };
        Progress {
            planned,
            units: closed,
            days_left,
        }
    }

    fn units(&self) -> u64 {
        total(self.by_day.values().copied())
    }

    /// Returns the units of a full day, in the mean of the last seven. The first day of the phase
    /// counts where there is no other: it began somewhere in it.
    fn units_a_day(&self) -> Option<f64> {
        let Day(first) = self.first_day()?;
        let today = self.today;
        let from = (first + 1).min(today - 1).max(today - FULL_DAYS).max(first);
        if from >= today {
            return None;
        }
        let units = total(self.by_day.range(from..today).map(|(_, units)| *units));
        Some(units as f64 / f64::from(today - from))
    }
}
