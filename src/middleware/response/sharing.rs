//! The rule whether caches may share a response: what each choice depends on, besides the headers of
//! its key.

use http::{
    HeaderName,
    header::{COOKIE, USER_AGENT},
};

use crate::assign::Reason;

use crate::middleware::key::Origin;

/// The rule whether a shared cache may store the response; the stricter comes last, so that the maximum
/// of several is the right one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Sharing {
    /// It may, if the handler allows it: then it returns the response to requests with the same
    /// headers.
    Handler,
    /// It may not, even if the handler allows it: the response depends on something that `Vary` does
    /// not name, or is for one visitor.
    Never,
}

/// What was done about a handler that lets shared caches store the response; the worse comes last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Conflict {
    /// The headers of the handler were kept.
    Left,
    /// The headers of the handler were changed.
    Overruled,
}

/// What a choice depends on, for this request and for other ones with the same headers.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Dependence {
    /// The reason of the choice.
    pub(crate) reason: Reason,
    /// The origin of the key; none without a key.
    pub(crate) origin: Option<Origin>,
    /// Whether the key, the context, consent, exclusion or staff depends on a closure of the
    /// application. It is not known what the closure depends on; most closures use cookies.
    pub(crate) by_closure: bool,
    /// Whether nothing of this visitor may be stored.
    pub(crate) is_ephemeral: bool,
    /// The header that consent depends on.
    pub(crate) consent: &'static HeaderName,
}

impl Dependence {
    /// Returns whether responses that depend on this choice may be shared.
    ///
    /// Only choices that are known to be safe are shared, so a new reason is not. A choice that depends
    /// on a closure is never shared.
    #[inline]
    pub(crate) fn sharing(&self) -> Sharing {
        let is_safe = match self.reason {
            Reason::Bucketed | Reason::OutsideShare | Reason::HeldOut | Reason::Paused => {
                self.origin == Some(Origin::Given)
            }
            // The key decided nothing.
            Reason::Ineligible | Reason::Shipped => true,
            _ => false,
        };
        match is_safe && !self.by_closure && !self.is_ephemeral {
            true => Sharing::Handler,
            false => Sharing::Never,
        }
    }

    /// Returns by which headers it varies beside those of the key, as far as they are known.
    ///
    /// A speculative load varies by no header of its own, so that a browser finds the loaded page. The
    /// page of a bot varies by the user agent. Other pages do not, because then each user agent would
    /// need its own copy; a bot that gets one of them from a cache is still not counted.
    #[inline]
    pub(crate) fn headers<'a>(&self) -> impl Iterator<Item = &'a HeaderName> + Clone + use<'a> {
        let by_reason: Option<&'a HeaderName> = match self.reason {
            Reason::Bot => Some(&USER_AGENT),
            Reason::Bucketed
            | Reason::OutsideShare
            | Reason::HeldOut
            | Reason::Paused
            | Reason::Ineligible
            | Reason::Shipped
            | Reason::NoKey
            | Reason::Speculative => None,
            // A token that is kept, what the application asks for, or what it remembers.
            _ => Some(&COOKIE),
        };
        // The consent of excluded requests is not checked, and a shipped track needs none.
        let is_asked = !matches!(
            self.reason,
            Reason::Bot | Reason::Speculative | Reason::Excluded | Reason::Shipped
        );
        let by_closure: Option<&'a HeaderName> = self.by_closure.then_some(&COOKIE);
        let by_consent: Option<&'a HeaderName> = is_asked.then_some(self.consent);
        [by_reason, by_closure, by_consent].into_iter().flatten()
    }
}
