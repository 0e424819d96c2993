//! The state that all pages share.

use std::{
    sync::{Arc, Mutex, PoisonError, mpsc::Sender},
    time::Duration,
};

use http::request::Parts;

#[cfg(feature = "overrides")]
use crate::middleware::Override;
use crate::{
    middleware::Counts,
    record::Recorder,
    report::PhaseReport,
    store::{Attribute, Store},
    unit::Units,
};

#[cfg(feature = "control")]
use crate::control::{Controls, Mode};

use super::{Access, acts::Acts, hosts::Hosts, known::Known, threads::Threads};

/// The settings of links that show a track.
#[cfg(feature = "overrides")]
pub(super) struct Preview {
    pub(super) overrides: Override,
    /// The address of the page that links show.
    pub(super) page: String,
}

/// The state that all pages share.
pub(super) struct Board {
    pub(super) store: Arc<dyn Store>,
    /// What answers the questions of reports, if it is not the store.
    pub(super) source: Option<Arc<dyn Attribute>>,
    /// The closure of the application that returns the access of a request.
    pub(super) access: Box<dyn Fn(&Parts) -> Access + Send + Sync>,
    pub(super) hosts: Hosts,
    pub(super) recorder: Option<Recorder>,
    pub(super) units: Option<Units>,
    pub(super) acts: Acts,
    /// The changes of the running tests, which reports apply and pages show.
    #[cfg(feature = "control")]
    pub(super) controls: Option<Controls>,
    pub(super) counts: Vec<Counts>,
    #[cfg(feature = "overrides")]
    pub(super) preview: Option<Preview>,
    pub(super) refresh: Duration,
    pub(super) lookups: Threads,
    pub(super) writers: Threads,
    #[cfg(feature = "control")]
    pub(super) changers: Threads,
    /// The latest report. It is replaced as a whole, so that a page never mixes two reports; the
    /// lock is held for a clone of the `Arc` only.
    pub(super) known: Mutex<Arc<Known>>,
    /// The refresher waits at the other end, so dropping it ends the thread.
    #[expect(dead_code, reason = "it is kept, not read")]
    pub(super) open: Option<Sender<()>>,
}

impl Board {
    /// Returns the latest report.
    pub(super) fn known(&self) -> Arc<Known> {
        Arc::clone(&self.known.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Replaces the latest report.
    pub(super) fn learn(&self, known: Known) {
        *self.known.lock().unwrap_or_else(PoisonError::into_inner) = Arc::new(known);
    }

    /// Returns whether the changes of the running tests are known.
    pub(super) fn has_controls(&self) -> bool {
        #[cfg(feature = "control")]
        return self.controls.is_some();
        #[cfg(not(feature = "control"))]
        false
    }

    /// Returns whether changes decide about a set, on all nodes of the service.
    pub(super) fn is_controlled(&self, set: &str) -> bool {
        #[cfg(feature = "control")]
        return self.mode(set).is_some();
        #[cfg(not(feature = "control"))]
        {
            let _ = set;
            false
        }
    }

    /// Returns whether every request of a set gets control: by a change, or on this server alone.
    pub(super) fn is_paused(&self, set: &str) -> bool {
        #[cfg(feature = "control")]
        if self.mode(set) == Some(Mode::Paused) {
            return true;
        }
        self.acts.is_paused(set)
    }

    #[cfg(feature = "control")]
    fn mode(&self, set: &str) -> Option<Mode> {
        self.controls.as_ref()?.mode(set)
    }

    /// Returns whether links that show a track can be created.
    pub(super) fn can_preview(&self) -> bool {
        #[cfg(feature = "overrides")]
        return self.preview.is_some();
        #[cfg(not(feature = "overrides"))]
        false
    }

    /// Returns whether a layer of this server has a set. Without any layer that the dashboard knows, none
    /// has.
    pub(super) fn has_set(&self, set: &str) -> bool {
        let mut counted = self.counts.iter().flat_map(Counts::sets);
        self.acts.has(set) || counted.any(|counted| counted == set) || self.controls_set(set)
    }

    #[cfg(feature = "control")]
    fn controls_set(&self, set: &str) -> bool {
        let controls = self.controls.as_ref();
        controls.is_some_and(|controls| controls.set(set).is_ok())
    }

    #[cfg(not(feature = "control"))]
    fn controls_set(&self, _: &str) -> bool {
        false
    }

    /// Returns whether a layer of this server has the phase, and ships no track of it. A report does not know
    /// groups. So it takes a track as shipped although the set shares its group, where layers ship nothing.
    #[cfg(feature = "control")]
    pub(super) fn denies_shipping(&self, phase: &PhaseReport) -> bool {
        let control = self
            .controls
            .as_ref()
            .map(|controls| controls.set(&phase.set));
        let Some(Ok(control)) = control else {
            return false;
        };
        control.phase() == phase.phase && control.state().shipped.is_none()
    }

    #[cfg(not(feature = "control"))]
    pub(super) fn denies_shipping(&self, _: &PhaseReport) -> bool {
        false
    }

    /// Returns how keys become units: as set, or as the recorder does it.
    pub(super) fn units(&self) -> Option<&Units> {
        let of_recorder = self.recorder.as_ref().map(Recorder::units);
        self.units.as_ref().or(of_recorder)
    }
}
