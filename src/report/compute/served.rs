//! The definitions of a phase that units were exposed under, with their weights and units.
//!
//! A phase may have several definitions: tracks are switched off and on, and weights change. Each
//! unit belongs to the definition that assigned it.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    report::{
        Day,
        facts::PhaseFacts,
        plan::{Defined, DefinedTrack},
        total::{total, totals},
    },
    store::Timestamp,
};

/// The share of all units above which the weights of a definition matter. A definition that served
/// for a moment, as during a deployment, hides no results.
const MATTERS: f64 = 0.01;

/// A definition under which units were exposed.
pub(super) struct Served {
    /// Its index in the attribution.
    pub(super) index: u32,
    pub(super) fingerprint: [u8; 32],
    /// The times of the first and the last first exposure under it.
    pub(super) first_at: Timestamp,
    pub(super) first_day: Day,
    pub(super) last_at: Timestamp,
    pub(super) tracks: Vec<DefinedTrack>,
    /// The kind of its units; `None` in definitions of earlier versions.
    pub(super) unit: Option<String>,
    /// The number of its units by track, without those that were exposed to several tracks.
    pub(super) units: BTreeMap<String, u64>,
    /// The number of units that were first exposed under it on each day.
    by_day: BTreeMap<i32, u64>,
}

/// The definitions of a phase under which units were exposed, the earliest first. Definitions
/// without exposures are ignored.
pub(super) struct AllServed(pub(super) Vec<Served>);

impl AllServed {
    /// Reads the definitions that served, sorted by their first exposure. The fingerprint breaks
    /// ties, so that the order does not depend on the store.
    pub(super) fn of(facts: &PhaseFacts) -> Self {
        let (phase, attribution) = (&facts.phase, &facts.attribution);
        let served = attribution.definitions.iter().zip(0..);
        let served = served.filter_map(|(served, index)| {
            let (first_at, last_at) = served.served?;
            let mut definitions = phase.definitions.iter();
            let known = definitions.find(|known| known.fingerprint == served.fingerprint)?;
            let defined = Defined::read(&known.json)?;
            let units = attribution.units.iter();
            let units = units.filter(|(cohort, _)| cohort.definition == Some(index));
            let single = units.clone().filter(|(cohort, _)| !cohort.is_crossed());
            Some(Served {
                index,
                fingerprint: served.fingerprint,
                first_at,
                first_day: facts.plan.zone.day(first_at),
                last_at,
                tracks: defined.tracks,
                unit: defined.unit,
                units: totals(single.map(|(cohort, n)| (cohort.track.to_string(), *n))),
                by_day: totals(units.map(|(cohort, n)| (cohort.day, *n))),
            })
        });
        let mut served: Vec<Served> = served.collect();
        served.sort_by_key(|served| (served.first_at, served.fingerprint));
        Self(served)
    }

    /// Returns the definition in force: that of the latest first exposure.
    pub(super) fn current(&self) -> Option<&Served> {
        let latest = |served: &&Served| (served.last_at, served.fingerprint);
        self.0.iter().max_by_key(latest)
    }

    /// Returns the definition in force when a day began: that of most first exposures on the latest
    /// day before it. What was exposed later changes nothing about that.
    pub(super) fn at_start_of(&self, day: i32) -> Option<&Served> {
        let before = self.0.iter().filter_map(|served| {
            let (day, units) = served.by_day.range(..day).next_back()?;
            Some(((*day, *units, served.fingerprint), served))
        });
        let latest = before.max_by_key(|(latest, _)| *latest);
        latest.map(|(_, served)| served)
    }

    /// Returns the number of tracks that were ever compared with control before a day began. A
    /// level is shared among them, also among those that were switched off since.
    pub(super) fn compared_before(&self, day: i32) -> usize {
        let before = self.0.iter().filter(|served| served.first_day < Day(day));
        let tracks = before.flat_map(|served| &served.tracks);
        let compared = tracks.filter(|track| track.weight > 0 && !track.control);
        let names: BTreeSet<&str> = compared.map(|track| &*track.name).collect();
        names.len()
    }

    /// Returns whether a track ever had a weight.
    pub(super) fn ever_had_weight(&self, track: &str) -> bool {
        self.0.iter().any(|served| served.weight(track) > 0)
    }

    /// Returns the day on which a track was switched off: the first day of the definition after the
    /// last one that gave it a weight.
    pub(super) fn switched_off(&self, track: &str) -> Option<Day> {
        let last = self.0.iter().rposition(|served| served.weight(track) > 0)?;
        self.0.get(last + 1).map(|next| next.first_day)
    }

    /// Returns the definitions with more than 1% of the units.
    pub(super) fn that_matter(&self) -> impl Iterator<Item = &Served> {
        let all = total(self.0.iter().map(Served::all));
        let matters = move |served: &&Served| served.all() as f64 > MATTERS * all as f64;
        self.0.iter().filter(matters)
    }

    /// Returns the day on which the weights changed relative to control; `None` if they did not. A
    /// track that has no weight now is no change: the others went on as before.
    pub(super) fn weights_changed(&self) -> Option<Day> {
        let current = self.current()?;
        let control = current.tracks.iter().find(|track| track.control);
        let control = control.or(current.tracks.first())?;
        let live = current.tracks.iter().filter(|track| track.weight > 0);
        let live: Vec<&str> = live.map(|track| &*track.name).collect();
        let mut that_matter = self.that_matter();
        let first = that_matter.next()?;
        let differs = |other: &&Served| {
            let differs = |track: &&str| !first.is_alike(other, &control.name, track);
            live.iter().any(differs)
        };
        that_matter.find(differs).map(|changed| changed.first_day)
    }
}

impl Served {
    /// Returns the number of its units.
    pub(super) fn all(&self) -> u64 {
        total(self.units.values().copied())
    }

    /// Returns the weight of a track; 0 if it does not have the track.
    pub(super) fn weight(&self, track: &str) -> u64 {
        let mut tracks = self.tracks.iter();
        tracks
            .find(|other| other.name == track)
            .map_or(0, |track| track.weight)
    }

    /// Returns whether a track has the same weight relative to control as in another definition.
    /// Weights are multiplied crosswise, in 128 bits, instead of divided: the comparison is exact.
    fn is_alike(&self, other: &Self, control: &str, track: &str) -> bool {
        let cross = |one: &Self, other: &Self| {
            u128::from(one.weight(track)) * u128::from(other.weight(control))
        };
        cross(self, other) == cross(other, self)
    }
}
