//! What an import knows beside the lines: the format, the sets, the masks, and the claim of units.

use std::collections::HashMap;

#[cfg(feature = "mask")]
use crate::middleware::Unmask;
use crate::{
    assign::Set,
    header::Exposed,
    store::{Store, StoreError, TrackName},
};

use super::{access_log::AccessLog, definitions::Definitions, draft::Reason};

/// The source of lines, and their format.
pub(super) struct Source {
    pub(super) format: Format,
    /// The known tracks, by the text that a header has. A header has neither the kind of the unit nor
    /// whether a track is control.
    tracks: HashMap<String, TrackName>,
    pub(super) definitions: Definitions,
    /// The text of the units, if they were set.
    pub(super) claim: Option<String>,
    #[cfg(feature = "mask")]
    pub(super) unmask: Option<Unmask>,
}

/// The format of the lines.
#[derive(Debug)]
pub(super) enum Format {
    JsonLines,
    AccessLog(AccessLog),
}

impl Source {
    /// Returns a source without sets and units.
    pub(super) fn new(format: Format) -> Self {
        Self {
            format,
            tracks: HashMap::new(),
            definitions: Definitions::default(),
            claim: None,
            #[cfg(feature = "mask")]
            unmask: None,
        }
    }

    /// Adds a set: its tracks, and its definition.
    pub(super) fn add_set(&mut self, set: &Set) {
        self.add_tracks(set.tracks().iter().map(|track| TrackName::of(set, track)));
        self.definitions.add(set);
    }

    /// Claims the store for the units, and reads the tracks that the store has.
    pub(super) fn begin(&mut self, store: &dyn Store) -> Result<(), StoreError> {
        if let Some(claim) = &self.claim {
            store.claim(claim)?;
        }
        // JSON lines name the kind of each unit and the definition themselves.
        if let Format::AccessLog(_) = self.format {
            let phases = store.phases()?;
            self.definitions.retain_compatible(&phases);
            self.add_tracks(phases.into_iter().flat_map(|phase| phase.tracks));
        }
        Ok(())
    }

    /// Adds tracks. Those of the store come last, and replace those of sets with the same names.
    fn add_tracks(&mut self, tracks: impl Iterator<Item = TrackName>) {
        let named = tracks.map(|track| (track.to_string(), track));
        self.tracks.extend(named);
    }

    /// Returns the track that a header names.
    pub(super) fn track(&self, exposed: &Exposed) -> Result<&TrackName, Reason> {
        let Exposed {
            set, track, phase, ..
        } = exposed;
        let found = self.names(exposed).and_then(|(set, track)| {
            // As the name of a track is displayed.
            self.tracks.get(&match phase {
                1 => format!("{set}/{track}"),
                phase => format!("{set}@{phase}/{track}"),
            })
        });
        found.ok_or_else(|| {
            format!("neither sets nor store have track {track:?} of {set:?} in phase {phase}")
                .into()
        })
    }

    /// Returns the names of a set and a track, be they masked; `None` where the mask is not known.
    fn names<'e>(&'e self, exposed: &'e Exposed) -> Option<(&'e str, &'e str)> {
        #[cfg(feature = "mask")]
        if let Some(unmask) = &self.unmask {
            return unmask.names(&exposed.set, &exposed.track);
        }
        Some((&exposed.set, &exposed.track))
    }
}
