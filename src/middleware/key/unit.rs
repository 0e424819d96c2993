use http::request::Parts;

use crate::assign::Key;

use super::{
    signing::VisitorCookies,
    sources::{Found, KeySources, Origin, RequestKey},
    visitor_cookie::VisitorCookie,
};
use crate::middleware::{request::Few, screening::Treatment, settings::Settings};

/// A kind of key in a layer.
#[derive(Debug, Clone)]
pub(crate) struct Unit {
    pub(crate) name: Box<str>,
    pub(crate) sources: KeySources,
    /// Whether its key must be found.
    pub(crate) is_wanted: bool,
}

impl Settings {
    /// Returns the keys of a request, by unit. A new visitor is one visitor, whatever the
    /// units, and may have a key from an outer layer.
    #[inline]
    pub(crate) fn find_keys(
        &self,
        parts: &Parts,
        treatment: Treatment,
        cookies: VisitorCookies<'_>,
        issued: Option<&Key<'static>>,
    ) -> Few<Option<RequestKey>> {
        let mut issued = issued.cloned();
        Few::from_fn(self.units.len(), |index| {
            let unit = self.units.get(index).filter(|unit| unit.is_wanted)?;
            let found = match treatment {
                Treatment::Counted => unit.sources.find(parts, cookies),
                Treatment::Ephemeral => unit.sources.find_ephemeral(parts),
                Treatment::Excluded(_) => None,
            };
            let found = found?;
            let is_former = found.is_former();
            let (key, origin) = match found {
                Found::Given(key) => (key, Origin::Given),
                #[cfg(any(feature = "mask", feature = "overrides", feature = "units"))]
                Found::Former(key) => (key, Origin::Given),
                Found::Random => (self.new_key()?, Origin::Random),
                Found::NewVisitor => {
                    let known = issued.take().or_else(|| self.new_key())?;
                    issued = Some(known.clone());
                    (known, Origin::Issued)
                }
            };
            // Not before: a key is dearer to move when it is its own.
            let key = key.into_owned();
            Some(RequestKey {
                key,
                origin,
                is_former,
            })
        })
    }

    fn new_key(&self) -> Option<Key<'static>> {
        self.randomness.bytes().map(VisitorCookie::new_key)
    }
}
