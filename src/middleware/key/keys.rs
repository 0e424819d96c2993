//! The keys of all units of a request.

use http::request::Parts;

use crate::assign::{DEFAULT_UNIT, Key};

use super::{
    random::Randomness,
    request_key::{Found, Origin, RequestKey},
    sources::KeySources,
    visitor_cookie::VisitorCookie,
};
use crate::middleware::{request::Few, screening::Treatment};

/// The units of a layer, and where the keys of each come from.
#[derive(Debug, Clone)]
pub(crate) struct Keys {
    /// The units; `visitor` is the first. A unit is identified by its index here, in a request as well.
    pub(crate) units: Vec<Unit>,
    /// For the keys of new visitors, and for ids.
    pub(crate) randomness: Randomness,
}

/// A unit in a layer, such as the visitor or the user.
#[derive(Debug, Clone)]
pub(crate) struct Unit {
    /// The name, such as `visitor` or `user`.
    pub(crate) name: String,
    pub(crate) sources: KeySources,
    /// Whether requests need its key: `visitor` is wanted only if a set declares it, other units
    /// always. A unit with an invalid name is never wanted.
    pub(crate) is_wanted: bool,
}

impl Keys {
    /// Sets where the keys of a unit come from.
    pub(crate) fn set(&mut self, name: String, sources: KeySources) {
        match self.units.iter_mut().find(|unit| unit.name == name) {
            Some(unit) => unit.sources = sources,
            None => self.units.push(Unit {
                name,
                sources,
                is_wanted: false,
            }),
        }
    }

    /// Returns the visitor's cookie, if a unit has one.
    #[cfg(feature = "overrides")]
    pub(crate) fn visitor_cookie(&self) -> Option<&VisitorCookie> {
        let mut units = self.units.iter();
        units.find_map(|unit| unit.sources.visitor_cookie())
    }

    /// Returns whether it has visitors by a cookie of this name.
    #[cfg(any(feature = "mask", feature = "overrides", feature = "units"))]
    pub(crate) fn has_cookie(&self, name: &str) -> bool {
        let mut units = self.units.iter();
        units.any(|unit| unit.sources.has_cookie(name))
    }

    /// Returns the keys of a request, by unit; `visitor` reads a visitor's cookie. A new visitor is one
    /// visitor, whatever the units, and may have a key from an outer layer.
    #[inline]
    pub(crate) fn find<'a>(
        &self,
        parts: &'a Parts,
        treatment: Treatment,
        visitor: impl Fn(&VisitorCookie) -> Option<Found<'a>>,
        issued: Option<&Key<'static>>,
    ) -> Few<Option<RequestKey>> {
        let mut issued = issued.cloned();
        Few::from_fn(self.units.len(), |index| {
            let unit = self.units.get(index).filter(|unit| unit.is_wanted)?;
            let found = match treatment {
                Treatment::Counted => unit.sources.find(parts, &visitor)?,
                Treatment::Ephemeral => unit.sources.find_ephemeral(parts)?,
                Treatment::Excluded(_) => return None,
            };
            let (key, origin, is_former) = match found {
                Found::Given { key, is_former } => (key, Origin::Given, is_former),
                Found::Random => (self.new_key()?, Origin::Random, false),
                Found::NewVisitor => {
                    // The first unit with a visitor cookie draws the key; further ones, and inner
                    // layers, share it.
                    let known = issued.take().or_else(|| self.new_key())?;
                    issued = Some(known.clone());
                    (known, Origin::Issued, false)
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

    /// Returns a new key: 16 random bytes in base64url. `None` if the operating system has no random
    /// bytes; then the request has no key, and is in no track.
    fn new_key(&self) -> Option<Key<'static>> {
        self.randomness.bytes().map(VisitorCookie::new_key)
    }
}

/// Visitors are identified by the visitor cookie; no other unit has sources.
impl Default for Keys {
    fn default() -> Self {
        Self {
            units: vec![Unit {
                name: DEFAULT_UNIT.into(),
                sources: KeySources::default(),
                is_wanted: false,
            }],
            randomness: Randomness::default(),
        }
    }
}
