//! Who may share a response: what each choice depends on, beside the headers of its key.

use http::{
    HeaderName,
    header::{COOKIE, USER_AGENT},
};

use crate::assign::Reason;

use super::key_sources::Origin;

/// Whether a shared cache may have the response; the stricter comes last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Sharing {
    /// If the handler allows it, for requests with the same headers.
    Handler,
    /// Not even then: it depends on what `Vary` does not name, or is for one visitor.
    Never,
}

/// What a choice depends on, for this request or for another that asks alike.
#[derive(Debug, Clone, Copy)]
pub(super) struct Dependence {
    pub(super) reason: Reason,
    /// The origin of the key; none without a key.
    pub(super) origin: Option<Origin>,
    /// Whether a closure of the application has a say, in the key, the context, consent, exclusion or
    /// who is staff. What it looks at is not known; most of it is in cookies.
    pub(super) by_closure: bool,
    /// Whether nothing of this visitor is to be kept.
    pub(super) is_ephemeral: bool,
    /// The header that consent looks at.
    pub(super) consent: &'static HeaderName,
}

impl Dependence {
    /// Returns who may share what depends on this.
    ///
    /// What is not known to be safe is not shared, and so whatever reason comes after these. Where a
    /// closure has a say, nobody shares: neither whom it let be treated so, nor anybody else.
    #[inline]
    pub(super) fn sharing(&self) -> Sharing {
        let is_safe = match self.reason {
            Reason::Bucketed | Reason::OutsideShare | Reason::Paused => {
                self.origin == Some(Origin::Given)
            }
            // The key decided nothing.
            Reason::Ineligible => true,
            _ => false,
        };
        match is_safe && !self.by_closure && !self.is_ephemeral {
            true => Sharing::Handler,
            false => Sharing::Never,
        }
    }

    /// Returns by which headers it varies beside those of the key, as far as they are known.
    ///
    /// A speculative load varies by no header of its own, so that a browser finds what it loaded
    /// ahead. What a bot gets varies by the user agent, and what others get does not: a page for
    /// each user agent would be none to share, and a bot that gets another's is still not counted.
    #[inline]
    pub(super) fn headers<'a>(&self) -> impl Iterator<Item = &'a HeaderName> + Clone + use<'a> {
        let by_reason: Option<&'a HeaderName> = match self.reason {
            Reason::Bot => Some(&USER_AGENT),
            Reason::Bucketed
            | Reason::OutsideShare
            | Reason::Paused
            | Reason::Ineligible
            | Reason::NoKey
            | Reason::Speculative => None,
            // A token that is kept, what the application asks for, or what it remembers.
            _ => Some(&COOKIE),
        };
        // Who is excluded was not asked for consent.
        let is_asked = !matches!(
            self.reason,
            Reason::Bot | Reason::Speculative | Reason::Excluded
        );
        let by_closure: Option<&'a HeaderName> = self.by_closure.then_some(&COOKIE);
        let by_consent: Option<&'a HeaderName> = is_asked.then_some(self.consent);
        [by_reason, by_closure, by_consent].into_iter().flatten()
    }
}
