//! The definitions of given sets. One is stored only if all exposures of its phase were certainly
//! under it.

use std::{collections::BTreeMap, sync::Arc};

use crate::{
    assign::Set,
    store::{Batch, DefinitionName, DefinitionRow, Phase, PhaseName, Timestamp, TrackName},
};

/// The definitions of the given sets, by phase.
///
/// A log does not name definitions, so one is stored for a phase only where there is no other: then
/// all exposures of the phase are under it.
#[derive(Default)]
pub(super) struct Definitions(BTreeMap<String, Option<Given>>);

/// The definition of a given set.
struct Given {
    name: DefinitionName,
    tracks: Vec<TrackName>,
    json: Arc<str>,
    /// The time of the first exposure that was imported.
    first_at: Option<Timestamp>,
}

impl Definitions {
    /// Adds the definition of a set. Two different ones of one phase exclude each other.
    pub(super) fn add(&mut self, set: &Set) {
        let given = Given::of(set);
        let fingerprint = given.name.fingerprint;
        let known = self.0.entry(given.name.phase.to_string());
        known
            .and_modify(|known| {
                // A log does not name the definition, so of two different ones neither is certain.
                known.take_if(|known| known.name.fingerprint != fingerprint);
            })
            .or_insert(Some(given));
    }

    /// Removes those of phases of which a store has another definition.
    pub(super) fn retain_compatible(&mut self, phases: &[Phase]) {
        for phase in phases {
            let Some(known) = self.0.get_mut(&phase.name.to_string()) else {
                continue;
            };
            // The exposures of the log may have been under that one.
            known.take_if(|given| {
                let mut stored = phase.definitions.iter();
                stored.any(|stored| stored.fingerprint != given.name.fingerprint)
            });
        }
    }

    /// Notes the time of an exposure.
    pub(super) fn expose(&mut self, phase: &PhaseName, at: Timestamp) {
        if let Some(Some(given)) = self.0.get_mut(&phase.to_string()) {
            let first_at = given.first_at.map_or(at, |first_at| first_at.min(at));
            given.first_at = Some(first_at);
        }
    }

    /// Adds those to a batch under which there were exposures.
    pub(super) fn draft(&self, batch: &mut Batch) {
        for given in self.0.values().flatten() {
            let Some(first_at) = given.first_at else {
                continue;
            };
            // Tracks without an exposure are part of the set, too.
            for track in &given.tracks {
                batch.track(track);
            }
            let row = DefinitionRow {
                phase: batch.phase(&given.name.phase),
                fingerprint: given.name.fingerprint,
                json: Arc::clone(&given.json),
                first_at,
            };
            batch.definitions.push(row);
        }
    }
}

impl Given {
    /// Returns the definition of a set.
    fn of(set: &Set) -> Self {
        let tracks = set.tracks().iter();
        Self {
            name: DefinitionName::of(set),
            tracks: tracks.map(|track| TrackName::of(set, track)).collect(),
            // A definition that was built can be written.
            json: serde_json::to_string(set).unwrap_or_default().into(),
            first_at: None,
        }
    }
}
