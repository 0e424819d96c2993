//! The choices of a request.
//!
//! Exclusion takes precedence over the pin of a test, and the pin over the key. A pause applies to
//! both.

use http::request::Parts;

use crate::{
    assign::{Pick, RunId},
    middleware::{key::RequestKey, screening::Treatment, settings::Settings},
};

use super::{entry::Entry, few::Few};

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
        Few::from_fn(self.groups.len(), |index| {
            let member = &self.groups[index];
            let found = member.unit.and_then(|unit| keys.get(unit)?.as_ref());
            let pick = match (treatment, member.pinned(), found) {
                (Treatment::Excluded(reason), ..) => Pick::nothing(reason),
                (_, Some(pick), _) => member.unless_paused(pick),
                (_, None, None) => member.pick_without_key(parts),
                (_, None, Some(found)) => member.pick(found, parts),
            };
            let run_id = || self.keys.randomness.bytes().map(RunId::from_random);
            Entry::new(index, pick, self.run_ids.then(run_id).flatten())
        })
    }
}
