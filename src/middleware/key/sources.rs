//! The sources of one unit, in order.

use http::{HeaderName, request::Parts};

use super::{request_key::Found, source::KeySource, visitor_cookie::VisitorCookie};

/// The sources of the keys of one unit, in the order in which a layer queries them.
///
/// It is made from a [`KeySource`](crate::KeySource), a [`VisitorCookie`](crate::VisitorCookie), an
/// array or a `Vec` of sources. An empty `Vec` has no key for any request. Defaults to the visitor
/// cookie.
///
/// ```
/// use tower_tracks::{KeySource, VisitorCookie, middleware::KeySources};
///
/// let by_cookie: KeySources = VisitorCookie::default().into();
/// let by_list: KeySources = [
///     KeySource::cookie("uid").percent_decoded(),
///     KeySource::visitor(VisitorCookie::default()),
/// ].into();
///
/// // A list that depends on the configuration:
/// let is_local = true;
/// let mut sources = vec![KeySource::cookie("uid")];
/// if is_local {
///     sources.push(VisitorCookie::plain().into());
/// }
/// let by_configuration = KeySources::from(sources);
/// ```
#[derive(Debug, Clone)]
pub struct KeySources(Vec<KeySource>);

impl KeySources {
    /// Returns the answer of the first source that has one; `visitor` reads a visitor's cookie.
    #[inline]
    pub(crate) fn find<'a>(
        &self,
        parts: &'a Parts,
        visitor: impl Fn(&VisitorCookie) -> Option<Found<'a>>,
    ) -> Option<Found<'a>> {
        let mut sources = self.0.iter();
        let found = sources.find_map(|source| source.ask(parts, &visitor));
        found.or_else(|| self.visitor_cookie().map(|_| Found::NewVisitor))
    }

    /// Returns the same answer for a visitor who agreed to nothing that is kept: the visitor's
    /// cookie is not read, and a key is drawn in its place.
    pub(crate) fn find_ephemeral<'a>(&self, parts: &'a Parts) -> Option<Found<'a>> {
        let is_kept = |source: &&KeySource| source.visitor_cookie().is_some();
        let mut others = self.0.iter().filter(|source| !is_kept(source));
        let found = others.find_map(|source| source.ask_application(parts));
        found.or_else(|| self.visitor_cookie().map(|_| Found::Random))
    }

    /// Returns the type of an extension that would have been the answer, had it been there in time.
    #[cfg(feature = "axum")]
    pub(crate) fn late_extension<'a>(
        &self,
        parts: &'a Parts,
        visitor: impl Fn(&VisitorCookie) -> Option<Found<'a>>,
    ) -> Option<&'static str> {
        // First whether any source is late, because that is rare, and the other sources have to read
        // cookies.
        let late = |source: &KeySource| source.late_extension(parts);
        let first = self.0.iter().position(|source| late(source).is_some())?;
        let (before, from) = self.0.split_at(first);
        let is_answered = before
            .iter()
            .any(|source| source.ask(parts, &visitor).is_some());
        from.iter().find_map(late).filter(|_| !is_answered)
    }

    /// Returns whether a key may be in an extension.
    #[cfg(feature = "axum")]
    pub(crate) fn are_in_extensions(&self) -> bool {
        self.0.iter().any(KeySource::is_extension)
    }

    /// Returns the headers that the answer depends on.
    #[inline]
    pub(crate) fn headers(&self) -> impl Iterator<Item = &HeaderName> + Clone {
        self.0.iter().filter_map(KeySource::header)
    }

    /// Returns whether a closure of the application has a say in the answer.
    pub(crate) fn have_closures(&self) -> bool {
        self.0.iter().any(KeySource::is_closure)
    }

    /// Returns whether a visitor's cookie of this name is among them.
    #[cfg(any(feature = "mask", feature = "overrides", feature = "units"))]
    pub(crate) fn has_cookie(&self, name: &str) -> bool {
        let mut cookies = self.0.iter().filter_map(KeySource::visitor_cookie);
        cookies.any(|cookie| cookie.name() == name)
    }

    /// Returns the cookie that makes new visitors known.
    pub(crate) fn visitor_cookie(&self) -> Option<&VisitorCookie> {
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
