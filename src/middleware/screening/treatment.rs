use http::request::Parts;

use crate::assign::Reason;

use super::{
    consent::{self, Consent},
    counts::Counts,
    exclusion::{self, Exclusion},
};
use crate::middleware::warning::Warnings;

/// How a request is treated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Treatment {
    /// As a visitor's.
    Counted,
    /// It is in a track, and nothing is kept of it.
    Ephemeral,
    /// It is in no track.
    Excluded(Reason),
}

/// Which requests of a layer take part, and how many did not.
#[derive(Clone, Default)]
pub(crate) struct Screening {
    pub(crate) exclusion: Exclusion,
    pub(crate) consent: consent::Hook,
    pub(crate) counts: Counts,
}

impl Screening {
    /// Returns how a request is to be treated, and counts it where it is not a visitor's.
    #[inline]
    pub(crate) fn treat(&self, parts: &Parts, warnings: &Warnings) -> Treatment {
        let excluded = |reason| {
            self.counts.add(reason);
            Treatment::Excluded(reason)
        };
        if let Some(reason) = self.exclusion.reason(parts) {
            if reason == Reason::Bot && exclusion::agent(&parts.headers).is_empty() {
                warnings.without_agent();
            }
            return excluded(reason);
        }
        match self.consent.of(parts) {
            Consent::Granted => Treatment::Counted,
            Consent::Denied => excluded(Reason::NoConsent),
            Consent::Ephemeral => {
                self.counts.add_ephemeral();
                Treatment::Ephemeral
            }
        }
    }

    /// Returns whether the treatment of a request depends on a closure of the application.
    #[inline]
    pub(crate) fn is_by_closure(&self) -> bool {
        self.consent.is_closure() || self.exclusion.has_predicates()
    }
}
