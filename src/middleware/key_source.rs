use std::{fmt, sync::Arc};

use http::{HeaderMap, HeaderName, header::COOKIE, request::Parts};

use crate::assign::Key;

use super::{
    IntoKey, VisitorCookie, cookies, extension::Extension, key_sources::Found, percent,
    signing::VisitorCookies,
};

/// Where the key of a request comes from.
///
/// A layer asks its sources in order, and the first that answers is taken. With none that
/// answers, a [`visitor`](Self::visitor) source issues a new cookie; without such a source
/// there is no key, and the request is in no track.
///
/// Only a [valid](Key::is_valid) key, of 1 to 1024 bytes, is an answer, whatever the source: an
/// empty id of a guest is none, and the next source is asked.
///
/// ```
/// use tower_tracks::{KeySource, SimpleTrackSet, TracksLayer, VisitorCookie};
///
/// #[derive(Clone)]
/// struct Session {
///     id: u64,
/// }
///
/// let delay = SimpleTrackSet::new("delay").track("short", 500).build()?;
/// let layer = TracksLayer::new(delay).key([
///     KeySource::extension(|session: &Session| session.id),
///     KeySource::visitor(VisitorCookie::default()),
/// ]);
/// # Ok::<(), tower_tracks::DefinitionError>(())
/// ```
#[derive(Clone)]
pub struct KeySource(Kind);

type FromRequest = Arc<dyn Fn(&Parts) -> Option<Key<'static>> + Send + Sync>;

#[derive(Clone)]
enum Kind {
    Visitor(VisitorCookie),
    Cookie(Box<str>),
    EncodedCookie(Box<str>),
    TrustedHeader(HeaderName),
    Extension(Extension),
    Function(FromRequest),
    Random,
}

impl KeySource {
    /// Takes the key from an extension that an outer layer put into the request, such as a
    /// verified user. In axum an outer layer is one that is added after this one; where it is an
    /// inner one, a warning says so.
    ///
    /// The closure returns a key, or what becomes one, or an `Option` of it: a session in which
    /// nobody is logged in has no user's key. It must not panic.
    pub fn extension<T, K>(key: impl Fn(&T) -> K + Send + Sync + 'static) -> Self
    where
        T: Send + Sync + 'static,
        K: IntoKey,
    {
        Self(Kind::Extension(Extension::new(key)))
    }

    /// Takes the visitor's cookie, and issues one when no source answers and an assignment
    /// was read.
    pub fn visitor(cookie: VisitorCookie) -> Self {
        Self(Kind::Visitor(cookie))
    }

    /// Takes the value of a cookie that the application sets, if it is UTF-8.
    ///
    /// The value is taken as it stands in the request, between semicolons and without spaces
    /// around it; of several cookies of this name it is the first that is a key. Where the
    /// application reads the cookie by a jar, add [`percent_decoded`](Self::percent_decoded): by
    /// another text, nobody would be found.
    ///
    /// Clients choose their cookies, and so their tracks. That matters little, as long as
    /// the value changes nothing but the track.
    pub fn cookie(name: impl Into<String>) -> Self {
        Self(Kind::Cookie(name.into().into()))
    }

    /// Reads the [`cookie`](Self::cookie) as `CookieJar` of axum-extra and `Cookies` of
    /// tower-cookies do, so that the key is the text that they return.
    ///
    /// `%40` becomes `@`; quotes around a value are part of it; of several cookies of one name it
    /// is the last. A value is no key if it is not UTF-8 once it is decoded, or has a `%` without
    /// two hexadecimal digits. Other sources are left as they are.
    ///
    /// ```
    /// use tower_tracks::{KeySource, SimpleTrackSet, TracksLayer};
    ///
    /// let delay = SimpleTrackSet::new("delay").track("short", 500).build()?;
    /// let layer = TracksLayer::new(delay).key(KeySource::cookie("uid").percent_decoded());
    /// # Ok::<(), tower_tracks::DefinitionError>(())
    /// ```
    pub fn percent_decoded(self) -> Self {
        Self(match self.0 {
            Kind::Cookie(name) => Kind::EncodedCookie(name),
            other => other,
        })
    }

    /// Takes the value of a header that comes once, if it is UTF-8 without a comma.
    ///
    /// Where the header comes several times, or as a list, this source has no key. HTTP lets
    /// every hop join the lines of a header by commas, so the two are one case: which of the values
    /// is the proxy's cannot be told. For keys with commas use [`from_fn`](Self::from_fn).
    ///
    /// # Warning
    ///
    /// A client can send any header. The proxy in front must set this one in every request, which
    /// replaces the client's, or remove it; else whoever knows another's key is counted as that
    /// other. A proxy that adds a line to the client's is safe as well, but a client that sends the
    /// header has no key there.
    pub fn trusted_header(name: HeaderName) -> Self {
        Self(Kind::TrustedHeader(name))
    }

    /// Takes what a closure makes of the request's parts. It must not panic.
    pub fn from_fn(key: impl Fn(&Parts) -> Option<Key<'static>> + Send + Sync + 'static) -> Self {
        Self(Kind::Function(Arc::new(key)))
    }

    /// Draws a random key for each request, as the Python package does without a key. It
    /// locks nobody to a track, and is never recorded as a unit.
    pub fn random() -> Self {
        Self(Kind::Random)
    }

    /// Returns the answer.
    #[inline]
    pub(super) fn ask<'a>(
        &self,
        parts: &'a Parts,
        visitors: VisitorCookies<'_>,
    ) -> Option<Found<'a>> {
        match &self.0 {
            Kind::Visitor(cookie) => visitors.find(cookie, &parts.headers),
            _ => self.ask_application(parts),
        }
    }

    /// Returns the answer of a source that the application has; none of the visitor's cookie. It is not a part of [`ask`](Self::ask),
    /// which the compiler would then leave as a call of its own.
    #[inline(never)]
    pub(super) fn ask_application<'a>(&self, parts: &'a Parts) -> Option<Found<'a>> {
        let given = match &self.0 {
            Kind::Visitor(_) => None,
            Kind::Cookie(name) => cookies::find(&parts.headers, name, Key::from_bytes),
            Kind::EncodedCookie(name) => percent::find(&parts.headers, name),
            Kind::TrustedHeader(name) => in_header(&parts.headers, name),
            Kind::Extension(extension) => extension.key(parts).filter(Key::is_valid),
            Kind::Function(key) => key(parts).filter(Key::is_valid),
            Kind::Random => return Some(Found::Random),
        };
        given.map(Found::Given)
    }

    /// Returns the header that the answer depends on. What a closure looks at is not known; most
    /// identities come from a cookie.
    #[inline]
    pub(super) fn header(&self) -> Option<&HeaderName> {
        match &self.0 {
            Kind::TrustedHeader(name) => Some(name),
            Kind::Random => None,
            _ => Some(&COOKIE),
        }
    }

    /// Returns whether a closure of the application makes the answer of what nobody else knows.
    pub(super) fn is_closure(&self) -> bool {
        matches!(self.0, Kind::Extension(_) | Kind::Function(_))
    }

    #[cfg(feature = "axum")]
    pub(super) fn is_extension(&self) -> bool {
        matches!(self.0, Kind::Extension(_))
    }

    /// Returns the type of its extension, where that comes too late for the layer.
    #[cfg(feature = "axum")]
    #[inline]
    pub(super) fn late_extension(&self, parts: &Parts) -> Option<&'static str> {
        match &self.0 {
            Kind::Extension(extension) => extension.is_late(parts),
            _ => None,
        }
    }

    #[inline]
    pub(super) fn visitor_cookie(&self) -> Option<&VisitorCookie> {
        match &self.0 {
            Kind::Visitor(cookie) => Some(cookie),
            _ => None,
        }
    }
}

impl From<VisitorCookie> for KeySource {
    fn from(cookie: VisitorCookie) -> Self {
        Self::visitor(cookie)
    }
}

impl fmt::Debug for KeySource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::Visitor(cookie) => f.debug_tuple("Visitor").field(cookie).finish(),
            Kind::Cookie(name) => f.debug_tuple("Cookie").field(name).finish(),
            Kind::EncodedCookie(name) => f.debug_tuple("EncodedCookie").field(name).finish(),
            Kind::TrustedHeader(name) => f.debug_tuple("TrustedHeader").field(name).finish(),
            Kind::Extension(_) => f.write_str("Extension(<fn>)"),
            Kind::Function(_) => f.write_str("Function(<fn>)"),
            Kind::Random => f.write_str("Random"),
        }
    }
}

/// Returns the key in the one value of a header: of several values, in lines or in a list, none is
/// known to be the proxy's.
fn in_header<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<Key<'a>> {
    let mut lines = headers.get_all(name).iter();
    let value = lines.next()?.as_bytes();
    let is_single = lines.next().is_none() && !value.contains(&b',');
    Key::from_bytes(value).filter(|_| is_single)
}
