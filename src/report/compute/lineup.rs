use std::{collections::BTreeMap, sync::Arc};

use crate::{
    record::{Attribution, Phase},
    report::{
        TrackReport,
        plan::{Defined, DefinedTrack},
    },
    stats::Headcount,
};

/// The tracks of a phase and who is in them.
pub(super) struct Lineup {
    pub(super) tracks: Vec<TrackReport>,
    /// Whether the weights are known.
    pub(super) is_defined: bool,
    /// The units in tracks that the definition does not have.
    pub(super) outside: u64,
    /// The tracks in which nobody can be and somebody is.
    pub(super) stray_tracks: Vec<String>,
}

impl Lineup {
    pub(super) fn of(phase: &Phase, attribution: &Attribution) -> Self {
        let mut units: BTreeMap<&str, u64> = BTreeMap::new();
        for (key, n) in &attribution.units {
            *units.entry(&key.track).or_default() += n;
        }
        let defined = Defined::in_force(phase);
        let is_defined = defined.is_some();
        let tracks = match defined {
            Some(defined) => of_definition(defined, &mut units),
            None => of_store(phase, &mut units),
        };
        let off = tracks
            .iter()
            .filter(|track| track.weight == Some(0) && track.units > 0);
        let off = off.map(|track| track.name.clone());
        let outside = units.iter().filter(|(_, n)| **n > 0);
        let stray_tracks = off
            .chain(outside.map(|(name, _)| (*name).to_owned()))
            .collect();
        Self {
            tracks,
            is_defined,
            outside: units.values().sum(),
            stray_tracks,
        }
    }

    /// Returns the tracks as statistics count them. Without weights, nothing is expected of them
    /// but what there is.
    pub(super) fn headcounts(&self) -> Vec<Headcount> {
        let headcount = |track: &TrackReport| Headcount {
            weight: track.weight.unwrap_or(track.units.max(1)) as f64,
            units: track.units,
        };
        self.tracks.iter().map(headcount).collect()
    }

    /// Returns how many tracks are compared with the first.
    pub(super) fn comparisons(&self) -> u32 {
        let live = self.tracks.iter().skip(1);
        let live = live.filter(|track| track.weight != Some(0));
        u32::try_from(live.count()).unwrap_or(u32::MAX)
    }

    pub(super) fn units(&self) -> u64 {
        self.tracks.iter().map(|track| track.units).sum()
    }
}

/// Takes the tracks as they are defined, with what `units` there are of each.
fn of_definition(defined: Defined, units: &mut BTreeMap<&str, u64>) -> Vec<TrackReport> {
    let all: f64 = defined.tracks.iter().map(|track| track.weight as f64).sum();
    let track = |track: DefinedTrack| TrackReport {
        units: units.remove(&*track.name).unwrap_or_default(),
        weight: Some(track.weight),
        expected_share: (all > 0.0).then(|| track.weight as f64 / all),
        control: track.control,
        name: track.name,
    };
    defined.tracks.into_iter().map(track).collect()
}

/// Takes the tracks as the store lists them.
fn of_store(phase: &Phase, units: &mut BTreeMap<&str, u64>) -> Vec<TrackReport> {
    let mut track = |name: &Arc<str>, control: bool| TrackReport {
        units: units.remove(&**name).unwrap_or_default(),
        weight: None,
        expected_share: None,
        control,
        name: name.to_string(),
    };
    let tracks = phase.tracks.iter();
    tracks
        .map(|name| track(&name.track, name.control))
        .collect()
}
