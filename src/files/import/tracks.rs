//! The known tracks, by the text that a header has. A header has neither the kind of the unit nor
//! whether a track is control.

use std::collections::HashMap;

use crate::{
    assign::Set,
    store::{Phase, TrackName},
};

/// The tracks that are known, from which a header's members learn their unit's kind and which of
/// them is control.
#[derive(Default)]
pub(super) struct Tracks(HashMap<String, TrackName>);

impl Tracks {
    /// Adds the tracks of a set.
    pub(super) fn add_set(&mut self, set: &Set) {
        let tracks = set.tracks().iter();
        self.add(tracks.map(|track| TrackName::of(set, track)));
    }

    /// Adds those of a store, which it also knows better: what it learnt first stays.
    pub(super) fn add_phases(&mut self, phases: Vec<Phase>) {
        self.add(phases.into_iter().flat_map(|phase| phase.tracks));
    }

    /// Adds tracks; a later one with the same name replaces an earlier one.
    fn add(&mut self, tracks: impl Iterator<Item = TrackName>) {
        self.0
            .extend(tracks.map(|track| (track.to_string(), track)));
    }

    /// Returns the track with these names.
    pub(super) fn find(&self, set: &str, phase: u32, track: &str) -> Option<&TrackName> {
        // The same as the track shows itself.
        self.0.get(&match phase {
            1 => format!("{set}/{track}"),
            phase => format!("{set}@{phase}/{track}"),
        })
    }
}
