//! The definition of an exposure that does not name one, as one from an access log or from a
//! version of this crate that did not record it.

use crate::store::{catalog::Definition, timestamp::Timestamp};

use super::rows::ExposedUnit;

/// Which definition was in force at a time, for exposures of which it is not recorded.
pub(super) struct InForce {
    since: Vec<Timestamp>,
}

impl InForce {
    /// Takes the definitions of a phase, the earliest first.
    pub(super) fn new(definitions: &[Definition]) -> Self {
        Self {
            since: definitions.iter().map(|known| known.first_at).collect(),
        }
    }

    /// Returns the definition that an exposure names, otherwise the latest one that was in force at its
    /// time, otherwise the earliest one.
    pub(super) fn of(&self, exposed: &ExposedUnit) -> Option<usize> {
        let by_time = || {
            let begun = self
                .since
                .partition_point(|since| *since <= exposed.first_at);
            (!self.since.is_empty()).then(|| begun.saturating_sub(1))
        };
        exposed.definition.or_else(by_time)
    }
}
