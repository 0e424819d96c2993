use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering::Relaxed},
};

use crate::assign::Reason;

#[cfg(feature = "overrides")]
use super::Refused;

/// How many requests were not counted as visitors', by reason; a handle that reads the live
/// numbers of a layer.
///
/// [`TracksLayer::counts`](super::TracksLayer::counts) gives it. The numbers are of this process,
/// from its start.
#[derive(Debug, Clone, Default)]
pub struct Counts(Arc<Numbers>);

#[derive(Debug, Default)]
struct Numbers {
    bot: AtomicU64,
    speculative: AtomicU64,
    excluded: AtomicU64,
    no_consent: AtomicU64,
    ephemeral: AtomicU64,
    #[cfg(feature = "overrides")]
    refused: [AtomicU64; 7],
}

impl Counts {
    /// Returns how many requests were in no test for a reason: [`Reason::Bot`],
    /// [`Reason::Speculative`], [`Reason::Excluded`] or [`Reason::NoConsent`]. Of other reasons
    /// there is no number, and it returns 0.
    pub fn excluded(&self, reason: Reason) -> u64 {
        self.number(reason).map_or(0, |number| number.load(Relaxed))
    }

    /// Returns how many requests were in a track with [`Consent::Ephemeral`](super::Consent), so
    /// that nothing was kept of them.
    pub fn ephemeral(&self) -> u64 {
        self.0.ephemeral.load(Relaxed)
    }

    /// Returns how many tokens were refused for a reason.
    #[cfg(feature = "overrides")]
    pub fn refused(&self, reason: Refused) -> u64 {
        let number = self.0.refused.get(reason as usize);
        number.map_or(0, |number| number.load(Relaxed))
    }

    #[cfg(feature = "overrides")]
    pub(super) fn add_refused(&self, reason: Refused) {
        if let Some(number) = self.0.refused.get(reason as usize) {
            number.fetch_add(1, Relaxed);
        }
    }

    pub(super) fn add(&self, reason: Reason) {
        if let Some(number) = self.number(reason) {
            number.fetch_add(1, Relaxed);
        }
    }

    pub(super) fn add_ephemeral(&self) {
        self.0.ephemeral.fetch_add(1, Relaxed);
    }

    fn number(&self, reason: Reason) -> Option<&AtomicU64> {
        let Numbers {
            bot,
            speculative,
            excluded,
            no_consent,
            ..
        } = &*self.0;
        match reason {
            Reason::Bot => Some(bot),
            Reason::Speculative => Some(speculative),
            Reason::Excluded => Some(excluded),
            Reason::NoConsent => Some(no_consent),
            _ => None,
        }
    }
}
