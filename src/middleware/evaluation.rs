//! A layer without a service: it assigns a request for a client that asks which tracks it has.
//!
//! It is the same assignment as that of the layer's service, with the same keys, screening and cookies.

use std::{sync::Arc, time::SystemTime};

use http::{Response, request::Parts};

use super::{
    layer::TracksLayer,
    request::{Assignments, Entry, Request, ToldKeys},
    response::Guard,
    screening::Treatment,
    settings::Settings,
};
use crate::{
    assign::{Choice, Key, Pick, Reason, Set},
    event::Exposure,
    unit::{Unit, Units},
};

/// The sets of a layer, for requests that ask for their tracks.
#[derive(Clone)]
pub(crate) struct Evaluator(Arc<Settings>);

/// A set of a layer, by the indices of its group and of the set in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) group: usize,
    pub(crate) set: usize,
}

/// A choice that is counted when it is read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Counted<'a> {
    pub(crate) place: Place,
    pub(crate) track: usize,
    pub(crate) coin: Option<bool>,
    pub(crate) segment: Option<&'a str>,
}

/// The choice of a set, as a client sees it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Looked<'a> {
    /// The choice, if the group has chosen this set.
    pub(crate) choice: Option<Choice<'a>>,
    /// The reason of the group.
    pub(crate) reason: Reason,
    /// Whether the next request has the same choice. It has another one if the key was drawn for this request alone.
    pub(crate) is_lasting: bool,
}

/// A request that asks for tracks.
pub(crate) struct Evaluation {
    request: Arc<Request>,
    guard: Guard,
}

impl Evaluator {
    pub(crate) fn new(layer: &TracksLayer) -> Self {
        let mut layer = layer.clone();
        layer.add_units();
        Self(layer.prepared())
    }

    /// Returns the units of the first observer that has them. Those of the header may be others, which no observer
    /// records.
    pub(crate) fn units(&self) -> Option<Units> {
        let observer = self.0.observer.as_ref()?;
        self.0.guarded(|| observer.recorded_units())
    }

    pub(crate) fn now(&self) -> SystemTime {
        self.0.clock.now()
    }

    /// Returns the sets that clients may ask for: all but holdouts.
    pub(crate) fn flags(&self) -> impl Iterator<Item = (Place, &Arc<Set>)> {
        self.all().filter(|(_, set)| !set.is_holdout())
    }

    /// Returns all sets.
    pub(crate) fn all(&self) -> impl Iterator<Item = (Place, &Arc<Set>)> {
        let groups = self.0.groups.iter().enumerate();
        groups.flat_map(|(group, member)| {
            let sets = member.sets().iter().enumerate();
            sets.map(move |(set, built)| (Place { group, set }, built))
        })
    }

    /// Assigns a visitor that asks by itself, and can pass nothing of another service. Layers around this one are not
    /// asked, since a router may be inside the very layer that it evaluates.
    pub(crate) fn begin(&self, parts: &mut Parts) -> Evaluation {
        #[cfg(feature = "propagation")]
        super::propagation::remove(&mut parts.headers);
        Evaluation::new(Assignments::begin_apart(&self.0, parts))
    }

    /// Assigns a visitor for whom another program asks.
    pub(crate) fn begin_told(&self, parts: &Parts, told: &ToldKeys) -> Evaluation {
        Evaluation::new(Assignments::begin_told(&self.0, parts, told))
    }

    /// Returns whether a browser takes part in tests now.
    pub(crate) fn takes_part(&self, parts: &Parts) -> bool {
        let screening = &self.0.screening;
        screening.treat(parts, None, &self.0.warnings) == Treatment::Counted
    }

    /// Reports that a unit was exposed to a track.
    pub(crate) fn expose(&self, unit: Unit, counted: Counted<'_>, at: SystemTime) {
        let Counted { place, track, .. } = counted;
        let Some(observer) = &self.0.observer else {
            return;
        };
        let Some(member) = self.0.groups.get(place.group) else {
            return;
        };
        let set = member.sets().set(place.set);
        let segment = set.and_then(|set| set.segment_number(counted.segment?));
        let pick = Pick::redeemed(place.set, track, counted.coin, segment);
        member.read.raise(place.set);
        if let Some(exposure) = Exposure::of_unit(Choice::new(member.sets(), pick), unit, at) {
            self.0.guarded(|| observer.observe(&exposure));
        }
    }
}

impl Evaluation {
    fn new(assignments: Assignments) -> Self {
        let request = Arc::clone(&assignments.0);
        let guard = Guard::new(Some(assignments));
        Self { request, guard }
    }

    /// Returns the choice of a set. The answer depends on it from now on.
    pub(crate) fn look(&self, place: Place) -> Looked<'_> {
        let Some(entry) = self.entry(place) else {
            return Looked {
                choice: None,
                reason: Reason::Ineligible,
                is_lasting: true,
            };
        };
        entry.reading.look();
        let is_chosen = entry.pick.set == Some(place.set);
        Looked {
            choice: is_chosen.then(|| self.request.choice(entry)),
            reason: entry.pick.reason,
            is_lasting: !self.request.is_by_random_key(entry),
        }
    }

    /// Notes that the client acts on the track of a set, which [`look`](Self::look) has returned.
    pub(crate) fn read(&self, place: Place) {
        let chosen = self
            .entry(place)
            .filter(|entry| entry.pick.set == Some(place.set));
        if let Some(entry) = chosen {
            self.request.read(entry);
        }
    }

    /// Returns what a reading of a set counts, and the key of its unit.
    pub(crate) fn counted(
        &self,
        place: Place,
    ) -> Option<((&str, &Key<'static>), Vec<Counted<'_>>)> {
        let entry = self
            .entry(place)
            .filter(|entry| entry.pick.set == Some(place.set))?;
        let key = self.request.keyed(entry)?;
        let counted = self.request.counted(entry);
        let counted = counted.filter_map(|entry| self.to_counted(entry));
        let counted: Vec<_> = counted.collect();
        (!counted.is_empty()).then_some((key, counted))
    }

    /// Returns whether another service has passed its keys and choices with the request.
    pub(crate) fn is_passed(&self) -> bool {
        #[cfg(feature = "propagation")]
        return self.request.accepted.is_some();
        #[cfg(not(feature = "propagation"))]
        false
    }

    fn to_counted(&self, entry: &Entry) -> Option<Counted<'_>> {
        let choice = self.request.choice(entry);
        Some(Counted {
            place: Place {
                group: entry.group,
                set: entry.pick.set?,
            },
            track: entry.pick.track?,
            coin: choice.coin(),
            segment: choice.segment(),
        })
    }

    /// Ends the request, and writes the cookies, the exposures and the caching headers into its response.
    pub(crate) fn end<B>(mut self, mut response: Response<B>) -> Response<B> {
        let status = response.status();
        self.guard.complete(status, response.headers_mut());
        response
    }

    fn entry(&self, place: Place) -> Option<&Entry> {
        self.request.entries.get(place.group)
    }
}
