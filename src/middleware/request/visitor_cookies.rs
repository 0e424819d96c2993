//! The visitor cookies of a request: which of them are keys, and which are refused.

use std::sync::Arc;

use http::HeaderMap;

use crate::{
    assign::Key,
    event::Observe,
    middleware::{
        key::{Found, VisitorCookie, cookies},
        settings::Settings,
    },
    unit::{Checked, CookieSigning},
};

/// The limit of forged cookies of one name that are checked in a request. Each costs an HMAC, and a
/// request may have thousands.
const MOST_FORGED: usize = 8;

impl Settings {
    /// Returns the signing of the layer: the configured one, otherwise that of the first known secret.
    #[inline]
    pub(crate) fn cookie_signing(&self) -> &CookieSigning {
        let resolved = &self.signing.resolved;
        resolved.get_or_init(|| self.resolve_signing())
    }

    /// Returns the signing of the first known secret: the setting, an observer, units, overrides, mask.
    /// Without a secret, cookies are not signed.
    #[cold]
    fn resolve_signing(&self) -> CookieSigning {
        let by_observer = |observer: &Arc<dyn Observe>| self.guarded(|| observer.cookie_signing());
        let chosen = self.signing.chosen.clone();
        let known = chosen.or_else(|| self.observer.as_ref().and_then(by_observer));
        #[cfg(feature = "units")]
        let known = known.or_else(|| self.pseudonyms.as_ref()?.cookie_signing());
        #[cfg(feature = "overrides")]
        let known = known.or_else(|| Some(self.overrides.as_ref()?.cookie_signing()));
        #[cfg(feature = "mask")]
        let known = known.or_else(|| Some(self.names.mask.as_ref()?.cookie_signing()));
        known.unwrap_or(CookieSigning::off())
    }

    /// Returns the key in the first visitor cookie that has one. `outer` are the settings of the layers
    /// around this one, from the inside.
    ///
    /// An unsigned or forged value is not a key, so the search continues: the browser may have a valid
    /// cookie of the same name for another path.
    #[inline]
    pub(crate) fn find_visitor<'s, 'a>(
        &'s self,
        cookie: &VisitorCookie,
        outer: impl Iterator<Item = &'s Self>,
        headers: &'a HeaderMap,
    ) -> Option<Found<'a>> {
        let signer = self.signer(cookie, outer);
        let signing = signer.cookie_signing();
        let mut forged = 0;
        let found = cookies::find(headers, cookie.name(), |value| {
            if forged == MOST_FORGED {
                return None;
            }
            match signing.check(value) {
                Checked::Current(id) => Some((id, false)),
                Checked::Former(id) => Some((id, true)),
                Checked::Unsigned(id) => self.takes_over(signer).then_some((id, true)),
                Checked::Forged => {
                    forged += 1;
                    self.refuse_cookie();
                    None
                }
                Checked::Malformed => None,
            }
        });
        // Not before: an id is cheaper to move than a key.
        let (id, is_former) = found?;
        let key = Key::ascii(id);
        Some(Found::Given { key, is_former })
    }

    /// Returns the value of the cookie that issues a key.
    pub(crate) fn visitor_value<'s>(
        &'s self,
        cookie: &VisitorCookie,
        outer: impl Iterator<Item = &'s Self>,
        key: &Key<'_>,
    ) -> Option<String> {
        let signing = self.signer(cookie, outer).cookie_signing();
        Some(signing.value(str::from_utf8(key.as_bytes()).ok()?))
    }

    /// Returns the settings that decide about a cookie: those of the outermost layer with a cookie of
    /// this name. Nested layers share their visitors, and otherwise would replace each other's cookies.
    #[inline]
    fn signer<'s>(
        &'s self,
        cookie: &VisitorCookie,
        outer: impl Iterator<Item = &'s Self>,
    ) -> &'s Self {
        let having = outer.filter(|settings| settings.keys.has_cookie(cookie.name()));
        having.last().unwrap_or(self)
    }

    /// Returns whether unsigned cookies are still keys.
    #[cold]
    fn takes_over(&self, signer: &Self) -> bool {
        let until = signer.signing.take_over_until;
        if until.is_some_and(|until| signer.clock.now() < until) {
            return true;
        }
        // An operator who set a time knows that unsigned cookies are refused after it.
        if until.is_none() {
            self.warnings.unsigned_cookie();
        }
        self.refuse_cookie();
        false
    }

    /// Counts a cookie that is not accepted.
    #[cold]
    fn refuse_cookie(&self) {
        self.screening.counts.add_refused_cookie();
    }
}
