//! The order of screening: first exclusion, then consent.

use http::request::Parts;

use crate::assign::Reason;

use super::{
    consent::{self, Consent},
    counts::Counts,
    exclusion::{self, Exclusion},
};
use crate::middleware::warning::Warnings;

/// The result of screening a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Treatment {
    /// The request is that of a visitor.
    Counted,
    /// The request is in a track, and nothing of it is stored.
    Ephemeral,
    /// The request is in no track.
    Excluded(Reason),
}

/// The rules that decide which requests take part, and the counts of those that do not.
#[derive(Clone, Default)]
pub(crate) struct Screening {
    pub(crate) exclusion: Exclusion,
    pub(crate) consent: consent::Hook,
    pub(crate) counts: Counts,
}

impl Screening {
    /// Returns the treatment of a request, and counts the request if it is not that of a visitor. `known` is the
    /// treatment that the service before decided on.
    #[inline]
    pub(crate) fn treat(
        &self,
        parts: &Parts,
        known: Option<Treatment>,
        warnings: &Warnings,
    ) -> Treatment {
        self.note(known.unwrap_or_else(|| self.screen(parts, warnings)))
    }

    /// Returns the treatment of a request that another program makes for a visitor. Its user agent is that of the
    /// program, and it asks because a page is shown.
    #[cfg(feature = "ofrep")]
    pub(crate) fn treat_told(&self, parts: &Parts, known: Option<Treatment>) -> Treatment {
        self.note(
            known.unwrap_or_else(|| match self.exclusion.is_by_closure(parts) {
                true => Treatment::Excluded(Reason::Excluded),
                false => self.treat_consent(parts),
            }),
        )
    }

    /// Counts a request that is not that of a visitor.
    #[inline]
    fn note(&self, treatment: Treatment) -> Treatment {
        match treatment {
            Treatment::Counted => {}
            Treatment::Ephemeral => self.counts.add_ephemeral(),
            Treatment::Excluded(reason) => self.counts.add(reason),
        }
        treatment
    }

    #[inline]
    fn screen(&self, parts: &Parts, warnings: &Warnings) -> Treatment {
        if let Some(reason) = self.exclusion.reason(parts) {
            if reason == Reason::Bot && exclusion::agent(&parts.headers).is_empty() {
                warnings.without_agent();
            }
            return Treatment::Excluded(reason);
        }
        self.treat_consent(parts)
    }

    #[inline]
    fn treat_consent(&self, parts: &Parts) -> Treatment {
        match self.consent.of(parts) {
            Consent::Granted => Treatment::Counted,
            Consent::Denied => Treatment::Excluded(Reason::NoConsent),
            Consent::Ephemeral => Treatment::Ephemeral,
        }
    }

    /// Returns whether the treatment of a request depends on a closure of the application.
    #[inline]
    pub(crate) fn is_by_closure(&self) -> bool {
        self.consent.0.is_some() || !self.exclusion.predicates.is_empty()
    }
}
