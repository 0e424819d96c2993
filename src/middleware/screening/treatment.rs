use http::request::Parts;

use crate::assign::Reason;

use super::{consent::Consent, exclusion};
use crate::middleware::settings::Settings;

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

impl Settings {
    /// Returns how a request is to be treated, and counts it where it is not a visitor's.
    #[inline]
    pub(crate) fn treatment(&self, parts: &Parts) -> Treatment {
        let excluded = |reason| {
            self.counts.add(reason);
            Treatment::Excluded(reason)
        };
        if let Some(reason) = self.exclusion.reason(parts) {
            if reason == Reason::Bot && exclusion::agent(&parts.headers).is_empty() {
                self.warnings.without_agent();
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
}
