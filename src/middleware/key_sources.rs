use http::{HeaderName, request::Parts};

use crate::assign::Key;

use super::{KeySource, VisitorCookie};

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
pub(super) enum Found<'a> {
    /// The request brought this key.
    Given(Key<'a>),
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
    /// Returns the answer of the first source that has one.
    #[inline]
    pub(super) fn find<'a>(&self, parts: &'a Parts) -> Option<Found<'a>> {
        let found = self.0.iter().find_map(|source| source.ask(parts));
        found.or_else(|| self.visitor_cookie().map(|_| Found::NewVisitor))
    }

    /// Returns the same answer for a visitor who agreed to nothing that is kept: the visitor's
    /// cookie is not read, and a key is drawn in its place.
    pub(super) fn find_ephemeral<'a>(&self, parts: &'a Parts) -> Option<Found<'a>> {
        let is_kept = |source: &&KeySource| source.visitor_cookie().is_some();
        let mut others = self.0.iter().filter(|source| !is_kept(source));
        let found = others.find_map(|source| source.ask(parts));
        found.or_else(|| self.visitor_cookie().map(|_| Found::Random))
    }

    /// Returns the type of an extension that would have been the answer, had it been there in time.
    #[cfg(feature = "axum")]
    pub(super) fn late_extension(&self, parts: &Parts) -> Option<&'static str> {
        let late = |source: &KeySource| source.late_extension(parts);
        let first = self.0.iter().position(|source| late(source).is_some())?;
        let (before, from) = self.0.split_at(first);
        let is_answered = before.iter().any(|source| source.ask(parts).is_some());
        from.iter().find_map(late).filter(|_| !is_answered)
    }

    /// Returns whether a key may be in an extension.
    #[cfg(feature = "axum")]
    pub(super) fn are_in_extensions(&self) -> bool {
        self.0.iter().any(KeySource::is_extension)
    }

    /// Returns the headers that the answer depends on.
    #[inline]
    pub(super) fn headers(&self) -> impl Iterator<Item = &HeaderName> {
        self.0.iter().filter_map(KeySource::header)
    }

    /// Returns whether a closure of the application has a say in the answer.
    pub(super) fn have_closures(&self) -> bool {
        self.0.iter().any(KeySource::is_closure)
    }

    /// Returns the cookie that makes new visitors known.
    pub(super) fn visitor_cookie(&self) -> Option<&VisitorCookie> {
        self.0.iter().find_map(KeySource::visitor_cookie)
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
