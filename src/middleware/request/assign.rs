//! The choices of a request.
//!
//! A shipped track takes precedence over everything but a pause, because the test has ended. Exclusion
//! takes precedence over the pin of a test, and the pin over the key. A pause applies to
//! both.

use http::request::Parts;

use crate::{
    assign::{Pick, Reason, RunId},
    middleware::{key::RequestKey, screening::Treatment, settings::Settings},
};

use super::{few::Few, reading::Reading};

/// The choice of one group for a request, and the state of its reading.
#[derive(Debug)]
pub(crate) struct Entry {
    /// The index of the group in its layer.
    pub(crate) group: usize,
    /// The choice. It never changes after the request began, even if the set is paused in between.
    pub(crate) pick: Pick,
    /// The run, if the layer has runs.
    pub(crate) run_id: Option<RunId>,
    /// Whether the track was read, and when.
    pub(crate) reading: Reading,
}

impl Entry {
    /// Whether the track was shipped: then it is no exposure, and the key decided nothing.
    #[inline]
    pub(crate) fn is_shipped(&self) -> bool {
        self.pick.reason == Reason::Shipped
    }
}

impl Settings {
    /// Returns the choices of all groups for a request.
    ///
    /// A request without a key is in no track, unless a definition pins its context.
    #[inline]
    pub(crate) fn assign(
        &self,
        keys: &Few<Option<RequestKey>>,
        treatment: Treatment,
        parts: &Parts,
    ) -> Few<Entry> {
        Few::from_fn(self.groups.len(), |group| {
            let member = &self.groups[group];
            let found = member.unit.and_then(|unit| keys.get(unit)?.as_ref());
            let pick = match (member.shipped(parts), treatment, member.pinned(), found) {
                (Some(shipped), ..) => shipped,
                (_, Treatment::Excluded(reason), ..) => Pick::nothing(reason),
                (.., Some(pick), _) => member.in_force(pick),
                (.., None, None) => member.pick_without_key(parts),
                (.., None, Some(found)) => member.pick(found, parts),
            };
            member.untracked.add(&pick);
            let run_id = || self.keys.randomness.bytes().map(RunId::from_random);
            Entry {
                group,
                pick,
                run_id: self.run_ids.then(run_id).flatten(),
                reading: Reading::default(),
            }
        })
    }
}
