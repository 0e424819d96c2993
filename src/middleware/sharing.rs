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
    /// If the handler says so, for those who ask alike.
    Handler,
    /// Not even then: it depends on what `Vary` does not name, or is for one visitor.
    Never,
}

/// What a choice depends on.
#[derive(Debug, Clone, Copy)]
pub(super) struct Dependence {
    pub(super) reason: Reason,
    /// Where the key is from; none when there is no key.
    pub(super) origin: Option<Origin>,
    /// Whether eligibility looks at a context, which is taken to be from a cookie.
    pub(super) by_context: bool,
    /// Whether it does, and no key is from a cookie.
    pub(super) beyond_key: bool,
    /// By which header a visitor says that nothing is to be kept, if this one did.
    pub(super) ephemeral: Option<&'static HeaderName>,
}

impl Dependence {
    /// Returns who may share what depends on this.
    ///
    /// What is not known to be safe is not shared, and so whatever reason comes after these.
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
        match is_safe && !self.beyond_key && self.ephemeral.is_none() {
            true => Sharing::Handler,
            false => Sharing::Never,
        }
    }

    /// Returns by which headers it varies beside those of the key, as far as they are known.
    ///
    /// A speculative load is left out, so that a browser finds what it loaded ahead.
    #[inline]
    pub(super) fn headers<'a>(&self) -> impl Iterator<Item = &'a HeaderName> + use<'a> {
        let by_reason: Option<&'a HeaderName> = match self.reason {
            Reason::Bot => Some(&USER_AGENT),
            Reason::Bucketed | Reason::OutsideShare | Reason::Paused | Reason::Ineligible => {
                self.by_context.then_some(&COOKIE)
            }
            Reason::NoKey | Reason::Speculative => None,
            // A token that is kept, what the application asks for, or what it remembers.
            _ => Some(&COOKIE),
        };
        let by_consent: Option<&'a HeaderName> = self.ephemeral;
        [by_reason, by_consent].into_iter().flatten()
    }
}
