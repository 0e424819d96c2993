//! The queries that compare phases or units with each other.
//!
//! They see only facts before a time, so that a report is a picture of one moment.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use crate::{
    event::Goal,
    store::{
        catalog::{BusiestSecond, Overlap},
        facts::{ExposureRow, PhaseName, TrackName},
        timestamp::Timestamp,
    },
    unit::Unit,
};

use super::tables::{PhaseKey, Tables, key};

impl Tables {
    /// Counts conversions before a time by goal and day of UTC.
    pub(super) fn conversions_by_day(&self, as_of: Timestamp) -> BTreeMap<(Goal, i32), u64> {
        let mut days = BTreeMap::new();
        for (goal, rows) in &self.conversions {
            for row in rows.values().filter(|row| row.at < as_of) {
                *days.entry((goal.clone(), row.at.day())).or_default() += 1;
            }
        }
        days
    }

    /// Counts the units that were also in the previous phase, and the users in several tracks.
    pub(super) fn overlap(
        &self,
        phase: &PhaseName,
        previous: Option<(&PhaseName, Duration)>,
        as_of: Timestamp,
    ) -> Overlap {
        let exposed = self.first_exposures(&key(phase), as_of);
        let of_previous_phase = previous.map_or(0, |(previous, window)| {
            let before = self.first_exposures(&key(previous), as_of);
            let is_within = |(unit, at): &(&Unit, &Timestamp)| {
                let first = before.get(unit);
                first.is_some_and(|first| **at < first.plus(window))
            };
            exposed.iter().filter(is_within).count()
        });
        Overlap {
            of_previous_phase: of_previous_phase as u64,
            users_in_several_tracks: self.users_in_several_tracks(&key(phase), as_of),
        }
    }

    /// Returns the second with the most first exposures to one track, the earliest of several.
    pub(super) fn busiest_second(
        &self,
        phase: &PhaseKey,
        as_of: Timestamp,
    ) -> Option<BusiestSecond> {
        let mut seconds: BTreeMap<(Timestamp, &TrackName), u64> = BTreeMap::new();
        for row in self.exposed(phase, as_of) {
            let second = (row.first_at.second(), self.track_of(row));
            *seconds.entry(second).or_default() += 1;
        }
        // Of equal ones the last is taken.
        let most = seconds.into_iter().rev().max_by_key(|(_, units)| *units);
        most.map(|((at, track), units)| BusiestSecond::new(at, track.clone(), units))
    }

    /// Returns the exposures of a phase before a time.
    fn exposed(&self, phase: &PhaseKey, as_of: Timestamp) -> impl Iterator<Item = &ExposureRow> {
        let rows = self.exposures.get(phase).into_iter();
        let rows = rows.flat_map(|rows| rows.values());
        rows.filter(move |row| row.first_at < as_of)
    }

    /// Returns the time of the first exposure of each unit of a phase, to any track.
    fn first_exposures(&self, phase: &PhaseKey, as_of: Timestamp) -> BTreeMap<Unit, Timestamp> {
        let mut first = BTreeMap::new();
        for row in self.exposed(phase, as_of) {
            let known = first.entry(row.unit).or_insert(row.first_at);
            *known = row.first_at.min(*known);
        }
        first
    }

    /// Counts users with at least two visitors in the phase, who together were exposed to at least
    /// two tracks.
    fn users_in_several_tracks(&self, phase: &PhaseKey, as_of: Timestamp) -> u64 {
        let mut tracks: BTreeMap<Unit, Vec<u32>> = BTreeMap::new();
        for row in self.exposed(phase, as_of) {
            tracks.entry(row.unit).or_default().push(row.track);
        }
        let mut users: BTreeMap<Unit, (BTreeSet<Unit>, BTreeSet<u32>)> = BTreeMap::new();
        for row in self.aliases.values().filter(|row| row.first_at < as_of) {
            if let Some(tracks) = tracks.get(&row.visitor) {
                let (visitors, met) = users.entry(row.user).or_default();
                visitors.insert(row.visitor);
                met.extend(tracks.iter().copied());
            }
        }
        let users = users.into_values();
        let several = users.filter(|(visitors, met)| visitors.len() > 1 && met.len() > 1);
        several.count() as u64
    }
}
