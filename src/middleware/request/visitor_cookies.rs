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
}

/// Reads and writes the visitors' cookies of a request under a layer.
pub(crate) struct VisitorCookies<'s, O> {
    /// The settings of this layer.
    settings: &'s Settings,
    /// The settings of the layers around it, from the inside. They are walked when a cookie is read, since
    /// a list of them would be an allocation in each request.
    outer: O,
}

impl<'s, O: Iterator<Item = &'s Settings> + Clone> VisitorCookies<'s, O> {
    pub(crate) fn new(settings: &'s Settings, outer: O) -> Self {
        Self { settings, outer }
    }

    /// Returns the key in the first cookie that has one.
    ///
    /// An unsigned or forged value is not a key, so the search continues: the browser may have a valid
    /// cookie of the same name for another path.
    #[inline]
    pub(crate) fn find<'a>(
        &self,
        cookie: &VisitorCookie,
        headers: &'a HeaderMap,
    ) -> Option<Found<'a>> {
        let signer = self.signer(cookie);
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
                    self.refuse();
                    None
                }
                Checked::Malformed => None,
            }
        });
        // Not before: an id is cheaper to move than a key.
        let (id, is_former) = found?;
        let key = Key::ascii(id);
        Some(if is_former {
            Found::Former(key)
        } else {
            Found::Given(key)
        })
    }

    /// Returns the value of the cookie that issues a key.
    pub(crate) fn value(&self, cookie: &VisitorCookie, key: &Key<'_>) -> Option<String> {
        let signing = self.signer(cookie).cookie_signing();
        Some(signing.value(str::from_utf8(key.as_bytes()).ok()?))
    }

    /// Returns the settings that decide about a cookie: those of the outermost layer with a cookie of
    /// this name. Nested layers share their visitors, and otherwise would replace each other's cookies.
    #[inline]
    fn signer(&self, cookie: &VisitorCookie) -> &'s Settings {
        let outer = self.outer.clone();
        let having = outer.filter(|settings| settings.keys.has_cookie(cookie.name()));
        having.last().unwrap_or(self.settings)
    }

    /// Returns whether unsigned cookies are still keys.
    #[cold]
    fn takes_over(&self, signer: &Settings) -> bool {
        let until = signer.signing.take_over_until;
        if until.is_some_and(|until| signer.clock.now() < until) {
            return true;
        }
        if until.is_none() {
            self.settings.warnings.unsigned_cookie();
        }
        self.refuse();
        false
    }

    /// Counts a cookie that is not accepted.
    #[cold]
    fn refuse(&self) {
        self.settings.screening.counts.add_refused_cookie();
    }
}
