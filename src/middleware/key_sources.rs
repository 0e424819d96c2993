use http::{HeaderMap, HeaderName, request::Parts};

use crate::assign::Key;

use super::{KeySource, VisitorCookie, cookies::cookies};

/// Sources in the order in which they are asked.
#[derive(Debug, Clone)]
pub struct KeySources(Vec<KeySource>);

/// The key of a request, and where it comes from.
#[derive(Debug, Clone)]
pub(super) struct RequestKey {
    pub(super) key: Key<'static>,
    pub(super) origin: Origin,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    /// The request brought it.
    Given,
    /// It is a new visitor's, who does not know it yet.
    Issued,
    /// It is of this request alone.
    Random,
}

/// What the sources of a key answer.
pub(super) enum Found {
    /// The request brought this key.
    Given(Key<'static>),
    /// A random key is wanted, for this request alone.
    Random,
    /// There is no key, and a visitor's cookie is to be issued.
    NewVisitor,
}

impl RequestKey {
    pub(super) fn is_issued(&self) -> bool {
        self.origin == Origin::Issued
    }
}

impl KeySources {
    /// Returns the answer of the first source that has one. Cookies are scanned when the first
    /// source that wants one is asked, and for all of them.
    #[inline]
    pub(super) fn find(&self, parts: &Parts) -> Option<Found> {
        let mut scanned = None;
        for (rank, source) in self.0.iter().enumerate() {
            let found = match source.is_cookie() {
                false => source.ask(parts),
                true => scanned
                    .get_or_insert_with(|| self.in_cookies(&parts.headers))
                    .as_ref()
                    .filter(|(found, _)| *found == rank)
                    .map(|(_, key)| Found::Given(key.clone().into_owned())),
            };
            if found.is_some() {
                return found;
            }
        }
        self.visitor_cookie().map(|_| Found::NewVisitor)
    }

    /// Returns the same answer for a visitor who agreed to nothing that is kept: the visitor's
    /// cookie is not read, and a key is drawn in its place.
    pub(super) fn find_ephemeral(&self, parts: &Parts) -> Option<Found> {
        let others = self
            .0
            .iter()
            .filter(|source| source.visitor_cookie().is_none());
        match Self(others.cloned().collect()).find(parts) {
            None => self.visitor_cookie().map(|_| Found::Random),
            found => found,
        }
    }

    /// Returns the headers that the answer depends on.
    #[inline]
    pub(super) fn headers(&self) -> impl Iterator<Item = &HeaderName> {
        self.0.iter().filter_map(KeySource::header)
    }

    /// Returns the cookie that makes new visitors known.
    pub(super) fn visitor_cookie(&self) -> Option<&VisitorCookie> {
        self.0.iter().find_map(KeySource::visitor_cookie)
    }

    /// Returns the key in the cookie of the earliest source that has one, in a single pass
    /// over the cookies. Of two cookies of one name the first counts.
    #[inline]
    fn in_cookies<'a>(&self, headers: &'a HeaderMap) -> Option<(usize, Key<'a>)> {
        let mut best: Option<(usize, Key<'a>)> = None;
        for cookie in cookies(headers) {
            let better = best.as_ref().map_or(self.0.len(), |(rank, _)| *rank);
            let mut sources = self.0.iter().take(better).enumerate();
            let found = sources.find_map(|(rank, source)| Some((rank, source.in_cookie(cookie)?)));
            if let Some((0, _)) = found {
                return found;
            }
            best = found.or(best);
        }
        best
    }
}

impl Default for KeySources {
    fn default() -> Self {
        VisitorCookie::default().into()
    }
}

impl From<KeySource> for KeySources {
    fn from(source: KeySource) -> Self {
        Self(vec![source])
    }
}

impl From<VisitorCookie> for KeySources {
    fn from(cookie: VisitorCookie) -> Self {
        KeySource::from(cookie).into()
    }
}

impl From<Vec<KeySource>> for KeySources {
    fn from(sources: Vec<KeySource>) -> Self {
        Self(sources)
    }
}

impl<const N: usize> From<[KeySource; N]> for KeySources {
    fn from(sources: [KeySource; N]) -> Self {
        Self(sources.into())
    }
}
