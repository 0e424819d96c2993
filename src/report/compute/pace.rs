//! The numbers of new units by day, and the expected end of a plan.

use std::collections::{BTreeMap, BTreeSet};

use crate::report::{
    Answer, Day, NewUnits, Progress,
    facts::PhaseFacts,
    total::{total, totals},
};

use super::quiet::Quiet;

/// Microseconds in a day.
const DAY: f64 = 86_400e6;

/// The number of full days over which the pace is averaged: a week, since weekdays differ.
const FULL_DAYS: i32 = 7;

/// The number of days of new units in a report: four weeks, since weekdays differ.
const SHOWN_DAYS: i32 = 28;

/// The numbers of new units by day.
pub(super) struct Pace<'a> {
    facts: &'a PhaseFacts,
    by_day: BTreeMap<i32, u64>,
}

impl<'a> Pace<'a> {
    /// Counts the units by the day of their first exposure, in the time zone of the plan.
    pub(super) fn of(facts: &'a PhaseFacts) -> Self {
        let units = facts.attribution.units.iter();
        let by_day = totals(units.map(|(cohort, units)| (cohort.day, *units)));
        Self { facts, by_day }
    }

    /// Returns the day of the first exposure.
    pub(super) fn first_day(&self) -> Option<Day> {
        self.by_day.keys().next().copied().map(Day)
    }

    /// Returns the day of the latest first exposure.
    pub(super) fn last_day(&self) -> Option<Day> {
        self.by_day.keys().next_back().copied().map(Day)
    }

    /// Returns the days since the first exposure.
    pub(super) fn days(&self) -> f64 {
        let Some((first, _)) = self.facts.attribution.exposed else {
            return 0.0;
        };
        let micros = self
            .facts
            .as_of
            .as_micros()
            .saturating_sub(first.as_micros());
        micros.max(0) as f64 / DAY
    }

    /// Returns on how many of the seven weekdays there were first exposures.
    pub(super) fn weekdays(&self) -> u8 {
        // Only the number of different weekdays counts, so the day from which they are numbered
        // does not matter.
        let weekdays: BTreeSet<i32> = self.by_day.keys().map(|day| day.rem_euclid(7)).collect();
        u8::try_from(weekdays.len()).unwrap_or(7)
    }

    /// Returns the number of days without a first exposure, between the first and the last day with
    /// one. Days that a change explains, such as a pause, are not counted.
    pub(super) fn silent_days(&self) -> u64 {
        let days = self.by_day.keys().zip(self.by_day.keys().skip(1));
        let gaps = days.map(|(before, next)| before.saturating_add(1)..*next);
        let gaps = gaps.filter(|gap| !gap.is_empty());
        let quiet = Quiet::of(&self.facts.history.quiet, &self.facts.plan.zone.calendar);
        total(gaps.map(|gap| {
            let all = u64::from(gap.end.abs_diff(gap.start));
            all.saturating_sub(quiet.days_in(&gap))
        }))
    }

    /// Returns the progress of a plan. Open units will close without further visitors, so only the
    /// rest must still come, and then its windows must end.
    pub(super) fn progress(&self, planned: u64, closed: u64, window_days: f64) -> Progress {
        let missing = planned.saturating_sub(closed);
        // Units that are open already need not come any more.
        let open = total(self.by_day.values().copied()).saturating_sub(closed);
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

    /// Returns the new units of the day before the report; `None` if the phase began later.
    pub(super) fn yesterday(&self) -> Option<NewUnits> {
        let Day(first) = self.first_day()?;
        let Day(today) = self.facts.plan.zone.day(self.facts.as_of);
        let day = today.checked_sub(1).filter(|day| first <= *day)?;
        let units = self.by_day.get(&day).copied().unwrap_or_default();
        let day = Day(day);
        Some(NewUnits { day, units })
    }

    /// Returns the new units of each of the last four weeks' days, up to the day of the report, which is not
    /// over; fewer days if the phase began later.
    pub(super) fn daily(&self) -> Vec<NewUnits> {
        let Some(Day(first)) = self.first_day() else {
            return Vec::new();
        };
        let Day(today) = self.facts.plan.zone.day(self.facts.as_of);
        let first = first.max(today.saturating_sub(SHOWN_DAYS - 1));
        let of_day = |day| NewUnits {
            day: Day(day),
            units: self.by_day.get(&day).copied().unwrap_or_default(),
        };
        (first..=today).map(of_day).collect()
    }

    /// Returns the mean number of new units of the last seven full days; `None` before the first
    /// full day. The first day of the phase counts only if there is no other, since it was not a
    /// full one.
    fn units_a_day(&self) -> Option<f64> {
        let Day(first) = self.first_day()?;
        let Day(today) = self.facts.plan.zone.day(self.facts.as_of);
        let from = (first + 1).min(today - 1).max(today - FULL_DAYS).max(first);
        if from >= today {
            return None;
        }
        let units = total(self.by_day.range(from..today).map(|(_, units)| *units));
        Some(units as f64 / f64::from(today - from))
    }
}
