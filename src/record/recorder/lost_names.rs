use std::{collections::HashMap, hash::Hash, sync::Arc};

use crate::{
    assign::Set,
    event::{Exposure, Goal},
    store::TrackName,
};

use super::losses::Lostling;

/// The number of goals that are counted separately.
const GOALS: usize = 1_000;

/// The number of tracks that are counted separately.
const TRACKS: usize = 10_000;

/// How many sets are known by their addresses: a program may build one for each request.
const SETS: usize = 1_000;

/// The names of what was lost, the first of them, so that they take bounded memory and time.
#[derive(Default)]
pub(super) struct Names {
    goals: Listed<Goal>,
    tracks: Listed<TrackName>,
    /// By the addresses of sets, which are kept in their places: the places of their tracks.
    sets: HashMap<usize, (Arc<Set>, Vec<What>)>,
}

/// What was lost, by its place among the names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum What {
    Track(usize),
    Goal(usize),
    /// A conversion beyond these.
    OtherGoal,
    /// An exposure beyond these, or an alias.
    Other,
}

impl Names {
    /// Returns what an event is of. It costs the same however many names there are.
    pub(super) fn what(&mut self, event: &Lostling<'_>) -> What {
        match event {
            Lostling::Exposure(exposure) => self.track(exposure).unwrap_or(What::Other),
            Lostling::Conversion(goal) => match self.goals.place(goal, GOALS) {
                Some(place) => What::Goal(place),
                None => What::OtherGoal,
            },
            Lostling::Alias => What::Other,
        }
    }

    /// Returns the names of it.
    pub(super) fn name(&self, what: What) -> (Option<TrackName>, Option<Goal>) {
        match what {
            What::Track(place) => (self.tracks.items.get(place).cloned(), None),
            What::Goal(place) => (None, self.goals.items.get(place).cloned()),
            What::OtherGoal => (None, Goal::new("other").ok()),
            What::Other => (None, None),
        }
    }

    fn track(&mut self, exposure: &Exposure) -> Option<What> {
        let (set, track) = exposure.met()?;
        let address = Arc::as_ptr(set).addr();
        if !self.sets.contains_key(&address) {
            self.add(address, set);
        }
        self.sets.get(&address)?.1.get(track).copied()
    }

    fn add(&mut self, address: usize, set: &Arc<Set>) {
        if self.sets.len() >= SETS {
            self.sets.clear();
        }
        let names = set.tracks().iter().map(|track| TrackName::of(set, track));
        let places = names.map(|name| match self.tracks.place(&name, TRACKS) {
            Some(place) => What::Track(place),
            None => What::Other,
        });
        let places = places.collect();
        self.sets.insert(address, (Arc::clone(set), places));
    }
}

/// The first of what comes, each once.
struct Listed<T> {
    items: Vec<T>,
    places: HashMap<T, usize>,
}

impl<T: Clone + Eq + Hash> Listed<T> {
    /// Returns the place of an item; `None` when there are too many others.
    fn place(&mut self, item: &T, most: usize) -> Option<usize> {
        if let Some(place) = self.places.get(item) {
            return Some(*place);
        }
        let place = self.items.len();
        if place >= most {
            return None;
        }
        self.items.push(item.clone());
        self.places.insert(item.clone(), place);
        Some(place)
    }
}

impl<T> Default for Listed<T> {
    fn default() -> Self {
        Self {
            items: Vec::new(),
            places: HashMap::new(),
        }
    }
}
