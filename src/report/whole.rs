//! The facts of a phase under all names of its set.

use std::{collections::BTreeMap, time::Duration};

use crate::store::{
    BusiestSecond, LatencyCounts, Loss, Overlap, PhaseName, Question, RequestSums, Store,
    StoreError, Timestamp, TrackName, WholePhase,
};

#[cfg(feature = "control")]
use crate::control::Change;

use super::plan::StatedPlan;

impl WholePhase {
    /// Returns the question of a plan about all units of the phase.
    pub(super) fn question(&self, plan: &StatedPlan, as_of: Timestamp) -> Question {
        let question = plan.question(&self.phase.name, as_of);
        self.former().cloned().fold(question, Question::formerly)
    }

    /// Reads the sums over requests.
    pub(super) fn sums(
        &self,
        store: &dyn Store,
    ) -> Result<BTreeMap<(TrackName, u16), RequestSums>, StoreError> {
        let mut all: BTreeMap<_, RequestSums> = BTreeMap::new();
        for name in &self.stored {
            for ((track, bucket), sums) in store.sums(name)? {
                let track = self.track(track);
                all.entry((track, bucket)).or_default().add(&sums);
            }
        }
        Ok(all)
    }

    /// Reads the numbers of requests by duration.
    pub(super) fn latencies(&self, store: &dyn Store) -> Result<LatencyCounts, StoreError> {
        let mut all = LatencyCounts::new();
        for name in &self.stored {
            for ((track, group, bin), requests) in store.latencies(name)? {
                let sum = all.entry((self.track(track), group, bin)).or_default();
                *sum = sum.saturating_add(requests);
            }
        }
        Ok(all)
    }

    /// Returns the losses of a store, with those of this phase under the present name.
    pub(super) fn losses(&self, losses: &[Loss]) -> Vec<Loss> {
        let mut all: BTreeMap<Loss, u64> = BTreeMap::new();
        for loss in losses {
            let track = loss.track.clone().map(|track| self.track(track));
            let loss_of = Loss {
                track,
                n: 0,
                ..loss.clone()
            };
            let sum = all.entry(loss_of).or_default();
            *sum = sum.saturating_add(loss.n);
        }
        let all = all.into_iter();
        all.map(|(loss, n)| Loss { n, ..loss }).collect()
    }

    /// Reads the second with the most new units of one track.
    pub(super) fn busiest_second(
        &self,
        store: &dyn Store,
        as_of: Timestamp,
    ) -> Result<Option<BusiestSecond>, StoreError> {
        let mut busiest: Option<BusiestSecond> = None;
        for name in &self.stored {
            let other = store.busiest_second(name, as_of)?;
            let is_more = |other: &BusiestSecond| {
                let known = busiest.as_ref();
                known.is_none_or(|known| known.units < other.units)
            };
            busiest = other.filter(is_more).or(busiest);
        }
        Ok(busiest.map(|mut busiest| {
            busiest.track = self.track(busiest.track);
            busiest
        }))
    }

    /// Reads how many units are also units of the previous phase, and how many users were in several tracks.
    ///
    /// The names of a set are counted one by one, since a store compares two phases. So a unit that was
    /// exposed under several of them within the window counts for each.
    pub(super) fn overlap(
        &self,
        store: &dyn Store,
        previous: Option<(&Self, Duration)>,
        as_of: Timestamp,
    ) -> Result<Overlap, StoreError> {
        let mut all = Overlap::default();
        for name in &self.stored {
            let before = previous.iter().flat_map(|(previous, window)| {
                let stored = previous.stored.iter();
                stored.map(|previous| Some((previous, *window)))
            });
            let before: Vec<_> = before.collect();
            let before = if before.is_empty() {
                vec![None]
            } else {
                before
            };
            for (index, previous) in before.into_iter().enumerate() {
                let overlap = store.overlap(name, previous, as_of)?;
                let units = overlap.of_previous_phase;
                all.of_previous_phase = all.of_previous_phase.saturating_add(units);
                // They do not depend on the previous phase, so they count once.
                if index == 0 {
                    let users = overlap.users_in_several_tracks;
                    all.users_in_several_tracks = all.users_in_several_tracks.saturating_add(users);
                }
            }
        }
        Ok(all)
    }

    /// Returns the changes of the set under all its names, with the name that a definition has: it may be one
    /// of before the set was renamed.
    #[cfg(feature = "control")]
    pub(crate) fn changes(&self, changes: &[Change], name: &str) -> Vec<Change> {
        let ours = changes.iter().filter(|change| self.is_of_set(&change.set));
        let named = ours.map(|change| Change {
            set: name.to_owned(),
            ..change.clone()
        });
        named.collect()
    }

    /// Returns a track of the phase under the present name of the set; another track stays.
    fn track(&self, mut track: TrackName) -> TrackName {
        if self.is_stored_as(&track.phase) {
            track.phase = self.phase.name.clone();
            let mut known = self.phase.tracks.iter();
            let known = known.find(|known| known.track == track.track);
            track.control = known.map_or(track.control, |known| known.control);
        }
        track
    }

    fn is_stored_as(&self, name: &PhaseName) -> bool {
        let is_it = |stored: &PhaseName| (&stored.set, stored.phase) == (&name.set, name.phase);
        self.stored.iter().any(is_it)
    }
}
