//! The names of tracks and goals with losses, in bounded memory.

use std::{collections::HashMap, sync::Arc};

use crate::{
    assign::Set,
    event::{Exposure, Goal},
    store::{TrackName, facts::Listed},
};

use super::losses::LostEvent;

/// The number of goals that are counted separately.
const GOALS: usize = 1_000;

/// The number of tracks that are counted separately.
const TRACKS: usize = 10_000;

/// The number of sets that are known by their addresses: a program may build one per request.
const SETS: usize = 1_000;

/// The first tracks and goals with losses, so that counting takes bounded memory and time.
#[derive(Default)]
pub(super) struct Names {
    goals: Listed<Goal>,
    tracks: Listed<TrackName>,
    /// The tracks of a set, by its address. The set is kept, so that no other set gets the address.
    sets: HashMap<usize, (Arc<Set>, Vec<Option<u32>>)>,
}

/// The track or goal of a loss, as an index into the names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum What {
    Track(u32),
    /// A goal; `None` for a further one.
    Goal(Option<u32>),
    /// An exposure to a further track, or an alias.
    Other,
}

impl Names {
    /// Returns the track or goal of an event. The cost does not depend on the number of names.
    pub(super) fn what(&mut self, event: &LostEvent<'_>) -> What {
        match event {
            LostEvent::Exposure(exposure) => self.track(exposure).map_or(What::Other, What::Track),
            LostEvent::Conversion(goal) => What::Goal(self.goals.first(goal, GOALS)),
            LostEvent::Alias => What::Other,
        }
    }

    /// Returns the names of a track or goal.
    pub(super) fn name(&self, what: What) -> (Option<TrackName>, Option<Goal>) {
        match what {
            What::Track(place) => (self.tracks.items().get(place as usize).cloned(), None),
            What::Goal(Some(place)) => (None, self.goals.items().get(place as usize).cloned()),
            What::Goal(None) => (None, Goal::new("other").ok()),
            What::Other => (None, None),
        }
    }

    /// Returns the track of an exposure, by the address of its set; the names are made once per
    /// set.
    fn track(&mut self, exposure: &Exposure) -> Option<u32> {
        let (set, track) = exposure.met()?;
        let address = Arc::as_ptr(set).addr();
        if !self.sets.contains_key(&address) {
            self.add(address, set);
        }
        *self.sets.get(&address)?.1.get(track)?
    }

    /// Adds the tracks of a set.
    fn add(&mut self, address: usize, set: &Arc<Set>) {
        // All at once: the names keep their places, so that a set that comes again only looks them
        // up.
        if self.sets.len() >= SETS {
            self.sets.clear();
        }
        let names = set.tracks().iter().map(|track| TrackName::of(set, track));
        let places = names.map(|name| self.tracks.first(&name, TRACKS)).collect();
        self.sets.insert(address, (Arc::clone(set), places));
    }
}
