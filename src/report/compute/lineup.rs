//! The tracks of a phase, and their units.

use std::collections::BTreeMap;

use crate::{
    report::{
        TrackReport,
        plan::{Defined, DefinedTrack},
        total::total,
    },
    stats::Headcount,
    store::{Attribution, Phase},
};

use super::{AllServed, served::Served};

/// The tracks of a phase and the units in them.
pub(super) struct Lineup {
    /// The tracks as they are defined now, then earlier ones that have units.
    pub(super) tracks: Vec<TrackReport>,
    /// Whether a definition can be read, so that the weights are known.
    pub(super) is_defined: bool,
    /// The number of units in tracks that never had a weight.
    pub(super) stray: u64,
    /// The number of them whose tracks the definition in force does not list.
    pub(super) outside: u64,
    /// The tracks that never had a weight and have units.
    pub(super) stray_tracks: Vec<String>,
}

/// The units of a track: those that were exposed to it alone, and the crossed ones whose first
/// track it is.
#[derive(Debug, Clone, Copy, Default)]
struct Units {
    single: u64,
    crossed: u64,
}

impl Lineup {
    /// Returns the tracks of the definition in force, with their units. Units in other tracks are
    /// stray, unless the track once had a weight.
    pub(super) fn of(phase: &Phase, attribution: &Attribution, served: &AllServed) -> Self {
        let mut units: BTreeMap<&str, Units> = BTreeMap::new();
        for (cohort, n) in &attribution.units {
            let units = units.entry(&cohort.track).or_default();
            let counted = match cohort.is_crossed() {
                true => &mut units.crossed,
                false => &mut units.single,
            };
            *counted = counted.saturating_add(*n);
        }
        let in_force = match served.current() {
            Some(current) => Some(current.tracks.clone()),
            // Before the first exposure the latest definition is as good as any.
            None => Defined::latest(phase).map(|defined| defined.tracks),
        };
        let is_defined = in_force.is_some();
        let tracks = match in_force {
            Some(tracks) => of_definition(&tracks, served, &mut units),
            None => of_store(phase, &mut units),
        };
        let is_stray =
            |track: &&TrackReport| track.weight == Some(0) && track.switched_off_on.is_none();
        let off = tracks.iter().filter(is_stray);
        let off = off.map(|track| (track.name.clone(), track.units));
        let outside = units.iter();
        let outside = outside.map(|(name, units)| ((*name).to_owned(), units.single));
        let stray = off.chain(outside).filter(|(_, units)| *units > 0);
        let stray: BTreeMap<String, u64> = stray.collect();
        Self {
            stray: total(stray.values().copied()),
            outside: total(units.values().map(|units| units.single)),
            stray_tracks: stray.into_keys().collect(),
            is_defined,
            tracks,
        }
    }

    /// Returns weights and units as the statistics count them. If the weights are not known, they
    /// are set to the units, so that the sample ratio agrees.
    pub(super) fn headcounts(&self) -> Vec<Headcount> {
        let headcount = |track: &TrackReport| Headcount {
            // At least 1, since a weight of 0 says that a track is switched off.
            weight: track.weight.unwrap_or(track.units.max(1)) as f64,
            units: track.units,
        };
        self.tracks.iter().map(headcount).collect()
    }

    /// Returns the units of each definition with its weights; nothing if only one served.
    pub(super) fn periods(&self, served: &AllServed) -> Vec<Vec<Headcount>> {
        if served.0.len() < 2 {
            return Vec::new();
        }
        let period = |served: &Served| {
            let headcount = |track: &TrackReport| Headcount {
                weight: served.weight(&track.name) as f64,
                units: served.units.get(&track.name).copied().unwrap_or_default(),
            };
            self.tracks.iter().map(headcount).collect()
        };
        served.0.iter().map(period).collect()
    }

    /// Returns how many tracks are compared with control, or with the first track.
    pub(super) fn comparisons(&self) -> u32 {
        let live = self.tracks.iter().skip(1);
        let live = live.filter(|track| track.weight != Some(0));
        u32::try_from(live.count()).unwrap_or(u32::MAX)
    }

    /// Returns the indices of the tracks that were compared when a day began. Without control, none
    /// is.
    pub(super) fn live_at(&self, day: i32, served: &AllServed) -> Vec<usize> {
        let in_force = served.at_start_of(day);
        let has_weight = |track: &TrackReport| match in_force {
            Some(served) => served.weight(&track.name) > 0,
            None => true,
        };
        if !self.tracks.first().is_some_and(has_weight) {
            return Vec::new();
        }
        let tracks = self.tracks.iter().enumerate().skip(1);
        let live = tracks.filter(|(_, track)| has_weight(track));
        live.map(|(index, _)| index).collect()
    }

    /// Returns how many tracks were compared with the first before a day began.
    pub(super) fn compared_before(&self, day: i32, served: &AllServed) -> usize {
        match served.0.is_empty() {
            // Without a definition that can be read, each track of the store may have had a weight.
            true => self.tracks.len().saturating_sub(1),
            false => served.compared_before(day),
        }
    }

    /// Returns the number of units of all tracks, without crossed ones.
    pub(super) fn units(&self) -> u64 {
        total(self.tracks.iter().map(|track| track.units))
    }
}

/// Returns the tracks of the definition in force, then those of earlier definitions that once had a
/// weight and have units, with weight 0. Their units are taken out of the map; those that remain
/// are stray.
fn of_definition(
    tracks: &[DefinedTrack],
    served: &AllServed,
    units: &mut BTreeMap<&str, Units>,
) -> Vec<TrackReport> {
    let all: f64 = tracks.iter().map(|track| track.weight as f64).sum();
    let in_force = tracks.iter().map(|track| (track, Some(track.weight)));
    let earlier = served.0.iter().rev().flat_map(|served| &served.tracks);
    let earlier = earlier.map(|track| (track, None));
    let mut lineup: Vec<TrackReport> = Vec::new();
    for (track, weight) in in_force.chain(earlier) {
        let name = &*track.name;
        let is_known = lineup.iter().any(|known| known.name == name);
        let has_units = units.contains_key(name) && served.ever_had_weight(name);
        if is_known || (weight.is_none() && !has_units) {
            continue;
        }
        let weight = weight.unwrap_or_default();
        lineup.push(TrackReport {
            weight: Some(weight),
            expected_share: (all > 0.0).then(|| weight as f64 / all),
            switched_off_on: served.switched_off(name).filter(|_| weight == 0),
            ..of_name(name, track.control, units)
        });
    }
    lineup
}

/// Returns the tracks of a phase without a definition, as the store lists them.
fn of_store(phase: &Phase, units: &mut BTreeMap<&str, Units>) -> Vec<TrackReport> {
    let tracks = phase.tracks.iter();
    tracks
        .map(|name| of_name(&name.track, name.control, units))
        .collect()
}

/// Returns a track with its units, which are taken out of the map, and without weights.
fn of_name(name: &str, control: bool, units: &mut BTreeMap<&str, Units>) -> TrackReport {
    let counted = units.remove(name).unwrap_or_default();
    TrackReport {
        name: name.to_owned(),
        control,
        weight: None,
        expected_share: None,
        switched_off_on: None,
        units: counted.single,
        crossed: counted.crossed,
    }
}
