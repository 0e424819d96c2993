//! The queries that compare phases or units with each other.
//!
//! They see only facts before a time, so that a report is a picture of one moment.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Duration,
};

use crate::{
    event::Goal,
    store::{
        catalog::{BusiestSecond, Overlap},
        facts::PhaseName,
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
            let is_within = |(unit, at): (&Unit, &Timestamp)| {
                before
                    .get(unit)
                    .is_some_and(|first| *at < first.plus(window))
            };
            exposed.iter().filter(|row| is_within(*row)).count()
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
        let mut seconds: BTreeMap<(Timestamp, &Arc<str>), u64> = BTreeMap::new();
        for ((_, track), row) in self.exposures.get(phase).into_iter().flatten() {
            if row.first_at < as_of {
                *seconds.entry((row.first_at.second(), track)).or_default() += 1;
            }
        }
        // Of equal ones the last is taken.
        let most = seconds.into_iter().rev().max_by_key(|(_, units)| *units);
        most.map(|((at, track), units)| BusiestSecond {
            at,
            track: self.track_name(&(phase.clone(), Arc::clone(track))),
            units,
        })
    }

    /// Returns the time of the first exposure of each unit of a phase, to any track.
    fn first_exposures(&self, phase: &PhaseKey, as_of: Timestamp) -> BTreeMap<Unit, Timestamp> {
        let mut first = BTreeMap::new();
        for ((unit, _), row) in self.exposures.get(phase).into_iter().flatten() {
            if row.first_at < as_of {
                let known = first.entry(*unit).or_insert(row.first_at);
                *known = row.first_at.min(*known);
            }
        }
        first
    }

    /// Counts users with at least two visitors in the phase, who together were exposed to at least
    /// two tracks.
    fn users_in_several_tracks(&self, phase: &PhaseKey, as_of: Timestamp) -> u64 {
        let mut tracks: BTreeMap<Unit, Vec<&Arc<str>>> = BTreeMap::new();
        for ((unit, track), row) in self.exposures.get(phase).into_iter().flatten() {
            if row.first_at < as_of {
                tracks.entry(*unit).or_default().push(track);
            }
        }
        let mut users: BTreeMap<Unit, (BTreeSet<Unit>, BTreeSet<&Arc<str>>)> = BTreeMap::new();
        for ((visitor, user), first) in &self.aliases {
            if let Some(tracks) = tracks.get(visitor).filter(|_| *first < as_of) {
                let (visitors, met) = users.entry(*user).or_default();
                visitors.insert(*visitor);
                met.extend(tracks.iter().copied());
            }
        }
        let is_several = |(visitors, met): &&(BTreeSet<Unit>, BTreeSet<&Arc<str>>)| {
            visitors.len() > 1 && met.len() > 1
        };
        users.values().filter(is_several).count() as u64
    }
}
