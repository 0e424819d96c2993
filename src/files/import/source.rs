//! What an import knows beside the lines: the format, the sets, the masks, and the claim of units.

#[cfg(feature = "mask")]
use crate::middleware::Unmask;
use crate::{
    assign::Set,
    header::Exposed,
    store::{Store, StoreError, TrackName},
};

use super::{access_log::AccessLog, definitions::Definitions, draft::Reason, tracks::Tracks};

/// The source of lines, and their format.
pub(super) struct Source {
    pub(super) format: Format,
    pub(super) tracks: Tracks,
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
            tracks: Tracks::default(),
            definitions: Definitions::default(),
            claim: None,
            #[cfg(feature = "mask")]
            unmask: None,
        }
    }

    /// Adds a set: its tracks, and its definition.
    pub(super) fn add_set(&mut self, set: &Set) {
        self.tracks.add_set(set);
        self.definitions.add(set);
    }

    /// Claims the store for the units, and reads the tracks that the store has.
    pub(super) fn begin(&mut self, store: &dyn Store) -> Result<(), StoreError> {
        if let Some(claim) = &self.claim {
            store.claim(claim)?;
        }
        if let Format::AccessLog(_) = self.format {
            let phases = store.phases()?;
            self.definitions.retain_compatible(&phases);
            self.tracks.add_phases(phases);
        }
        Ok(())
    }

    /// Returns the track that a header names.
    pub(super) fn track(&self, exposed: &Exposed) -> Result<&TrackName, Reason> {
        let Exposed { phase, .. } = exposed;
        let found = self
            .names(exposed)
            .and_then(|(set, track)| self.tracks.find(set, *phase, track));
        found.ok_or_else(|| {
            let Exposed { set, track, .. } = exposed;
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
