//! Whether a layer signs visitors' cookies, by which secret, and what becomes of others.

use std::{
    sync::{Arc, OnceLock},
    time::SystemTime,
};

use http::HeaderMap;

use crate::{
    assign::Key,
    event::Observe,
    unit::{Checked, CookieSigning},
};

use super::{cookies, sources::Found, visitor_cookie::VisitorCookie};
use crate::middleware::{request::Assignments, settings::Settings};

/// How many forged cookies of one name are checked in a request. Each costs an HMAC, and a request
/// may have thousands.
const MOST_FORGED: usize = 8;

/// How a layer signs visitors' cookies.
#[derive(Debug, Default)]
pub(crate) struct Signing {
    /// What the application chose.
    pub(crate) chosen: Option<CookieSigning>,
    /// Until when an unsigned cookie is a key.
    pub(crate) take_over_until: Option<SystemTime>,
    /// What was chosen, or is known of the layer's secrets: found once.
    resolved: OnceLock<CookieSigning>,
}

/// A copy may be changed, and finds its secrets anew.
impl Clone for Signing {
    fn clone(&self) -> Self {
        Self {
            chosen: self.chosen.clone(),
            take_over_until: self.take_over_until,
            resolved: OnceLock::new(),
        }
    }
}

impl Signing {
    /// Leaves cookies unsigned where the application chose nothing: a test sends whatever it likes.
    #[cfg(feature = "test-util")]
    pub(crate) fn off_by_default(&mut self) {
        self.chosen.get_or_insert_with(CookieSigning::off);
    }

    pub(crate) fn forget_resolved(&mut self) {
        self.resolved = OnceLock::new();
    }
}

impl Settings {
    /// Returns the signing of the layer: the configured one, otherwise that of the first known secret.
    #[inline]
    pub(crate) fn cookie_signing(&self) -> &CookieSigning {
        let resolved = &self.signing.resolved;
        resolved.get_or_init(|| self.resolve_signing())
    }

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
#[derive(Clone, Copy)]
pub(crate) struct VisitorCookies<'s> {
    settings: &'s Settings,
    /// The layers around it.
    outer: Option<&'s Assignments>,
}

impl<'s> VisitorCookies<'s> {
    pub(crate) fn new(settings: &'s Settings, outer: Option<&'s Assignments>) -> Self {
        Self { settings, outer }
    }

    /// Returns the key in the first cookie that has one.
    #[inline]
    pub(crate) fn find<'a>(
        self,
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
    pub(crate) fn value(self, cookie: &VisitorCookie, key: &Key<'_>) -> Option<String> {
        let signing = self.signer(cookie).cookie_signing();
        Some(signing.value(str::from_utf8(key.as_bytes()).ok()?))
    }

    /// Returns the settings that decide about a cookie: those of the outermost layer with a cookie of this
    /// name. Nested layers share their visitors, and otherwise would replace each other's cookies.
    #[inline]
    fn signer(self, cookie: &VisitorCookie) -> &'s Settings {
        let Some(outer) = self.outer else {
            return self.settings;
        };
        let outer = outer.layers().map(|layer| &*layer.0.settings);
        let having = outer.filter(|settings| settings.has_cookie(cookie.name()));
        having.last().unwrap_or(self.settings)
    }

    /// Returns whether unsigned cookies are still keys.
    #[cold]
    fn takes_over(self, signer: &Settings) -> bool {
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

    #[cold]
    fn refuse(self) {
        self.settings.counts.add_refused_cookie();
    }
}
