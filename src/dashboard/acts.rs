//! Pauses: the handles of the layers, and the log of pauses.

use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError},
};

use serde::Serialize;

use crate::{middleware::PauseHandle, report::Utc, store::Timestamp};

/// The number of entries in the log. The oldest is removed first.
const MOST: usize = 200;

/// The sets that can be paused, and the log since the server started.
#[derive(Debug, Default)]
pub(super) struct Acts {
    pub(super) handles: Vec<PauseHandle>,
    done: Mutex<VecDeque<Act>>,
}

/// A set that can be paused.
#[derive(Serialize)]
pub(super) struct Pausable {
    pub(super) set: String,
    pub(super) paused: bool,
}

/// An entry of the log: a pause or a resumption of a set.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Act {
    pub(super) set: String,
    /// Whether the set was paused; otherwise it was resumed.
    pub(super) paused: bool,
    /// The name of the user, from the access of the request.
    pub(super) who: String,
    pub(super) at: Utc,
}

impl Acts {
    /// Pauses or resumes a set, and logs the name of the user. Returns `false` if no layer has the
    /// set.
    pub(super) fn put(&self, set: &str, paused: bool, who: &str) -> bool {
        let put = |handle: &&PauseHandle| match paused {
            true => handle.pause(set).is_ok(),
            false => handle.resume(set).is_ok(),
        };
        // All of them: one set may be in several layers.
        let is_known = self.handles.iter().filter(put).count() > 0;
        if is_known {
            self.remember(set, paused, who);
        }
        is_known
    }

    /// Returns all sets that can be paused, sorted by name.
    pub(super) fn sets(&self) -> Vec<Pausable> {
        let names = self.handles.iter().flat_map(PauseHandle::sets);
        let mut names: Vec<&str> = names.collect();
        names.sort_unstable();
        names.dedup();
        let pausable = |name: &str| Pausable {
            set: name.to_owned(),
            paused: self.is_paused(name),
        };
        names.into_iter().map(pausable).collect()
    }

    /// Returns whether a layer has the set.
    pub(super) fn has(&self, set: &str) -> bool {
        let mut names = self.handles.iter().flat_map(PauseHandle::sets);
        names.any(|name| name == set)
    }

    /// Returns whether the set is paused in a layer. `TRACKS_OFF` pauses sets, too.
    pub(super) fn is_paused(&self, set: &str) -> bool {
        let mut paused = self.handles.iter().flat_map(PauseHandle::paused);
        paused.any(|name| name == set)
    }

    /// Returns the log, the latest entry first.
    pub(super) fn done(&self) -> Vec<Act> {
        // No entry is half written when a thread panics, so a poisoned lock is no reason to lose
        // the log.
        let done = self.done.lock().unwrap_or_else(PoisonError::into_inner);
        done.iter().rev().cloned().collect()
    }

    /// Returns the latest entry about a set.
    pub(super) fn last(&self, set: &str) -> Option<Act> {
        self.done().into_iter().find(|act| act.set == set)
    }

    /// Adds an entry to the log, and emits it as a `tracing` event.
    fn remember(&self, set: &str, paused: bool, who: &str) {
        #[cfg(feature = "tracing")]
        tracing::info!(set, paused, who, "a set was paused or resumed");
        let mut done = self.done.lock().unwrap_or_else(PoisonError::into_inner);
        // The log is in memory, and a server may run for months.
        if done.len() == MOST {
            done.pop_front();
        }
        done.push_back(Act {
            set: set.to_owned(),
            paused,
            who: who.to_owned(),
            at: Utc(Timestamp::now()),
        });
    }
}
