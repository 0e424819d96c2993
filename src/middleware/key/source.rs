//! The kinds of sources of a key, and how each reads it.

use std::{fmt, sync::Arc};

use http::{HeaderMap, HeaderName, header::COOKIE, request::Parts};

use crate::assign::Key;
#[cfg(feature = "propagation")]
use crate::middleware::propagation::{PROPAGATION_HEADER, Propagation};

use super::{
    cookies, extension::Extension, into_key::IntoKey, percent, request_key::Found,
    visitor_cookie::VisitorCookie,
};

/// A source of the key of a request.
///
/// A layer queries its sources in order and uses the first key. If no source has one, a
/// [`visitor`](Self::visitor) source issues a new cookie. Without such a source, the request has no key
/// and is in no track.
///
/// A key must be [valid](Key::is_valid), with 1 to 1024 bytes. If a source has an invalid one, such as
/// the empty id of a guest, the next source is queried.
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

/// A closure of the application that computes a key from the parts of a request.
type FromRequest = Arc<dyn Fn(&Parts) -> Option<Key<'static>> + Send + Sync>;

/// The kinds of sources. `Cookie` and `EncodedCookie` hold the name of the cookie; the second decodes
/// its value.
#[derive(Clone)]
enum Kind {
    Visitor(VisitorCookie),
    Cookie(Box<str>),
    EncodedCookie(Box<str>),
    TrustedHeader(HeaderName),
    /// Shared, so that a copy of the settings knows whether the extension was there in time.
    Extension(Arc<Extension>),
    Function(FromRequest),
    Random,
    #[cfg(feature = "propagation")]
    Propagated(Propagation, Box<str>),
}

impl KeySource {
    /// Reads the key from an extension that an outer layer added to the request, such as a verified user.
    /// In axum, a layer that is added later is an outer layer. If an inner layer adds the extension, a
    /// warning is logged.
    ///
    /// The closure returns a key, a value that converts into a key, or an `Option` of such a value. `None`
    /// means that there is no key, for instance because no user is signed in. The closure must not panic.
    ///
    /// ```
    /// use tower_tracks::{KeySource, SimpleTrackSet, TracksLayer, VisitorCookie};
    ///
    /// #[derive(Clone)]
    /// struct Session {
    ///     /// `None` until the visitor signs in.
    ///     user: Option<u64>,
    /// }
    ///
    /// let delay = SimpleTrackSet::new("delay").track("short", 500).unit_kind("user").build()?;
    /// let layer = TracksLayer::new(delay)
    ///     .key_of("user", KeySource::extension(|session: &Session| session.user));
    /// # Ok::<(), tower_tracks::DefinitionError>(())
    /// ```
    pub fn extension<T, K>(key: impl Fn(&T) -> K + Send + Sync + 'static) -> Self
    where
        T: Send + Sync + 'static,
        K: IntoKey,
    {
        Self(Kind::Extension(Arc::new(Extension::new(key))))
    }

    /// Reads the visitor cookie, and issues it to new visitors.
    ///
    /// The cookie is issued if no source has a key and a handler reads an assignment.
    ///
    /// Put this source last in a list of sources, so that a visitor with a key from another source gets no
    /// cookie. If consent is [`Ephemeral`](crate::Consent::Ephemeral), the cookie is not read, and the
    /// request gets a random key.
    ///
    /// ```
    /// use tower_tracks::{KeySource, SimpleTrackSet, TracksLayer, VisitorCookie};
    ///
    /// let cookie = VisitorCookie::default().named("__Host-shop")?;
    /// let delay = SimpleTrackSet::new("delay").track("short", 500).build()?;
    /// let layer = TracksLayer::new(delay).key(KeySource::visitor(cookie));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn visitor(cookie: VisitorCookie) -> Self {
        Self(Kind::Visitor(cookie))
    }

    /// Reads a cookie that the application sets, if its value is UTF-8.
    ///
    /// The key is the raw value, between semicolons and without surrounding spaces. If several cookies have
    /// this name, the first valid value is the key. If the application reads the cookie with a cookie jar,
    /// add [`percent_decoded`](Self::percent_decoded), so that the key is the text that the jar returns.
    ///
    /// A client can send any cookie, and so choose its track. That is acceptable if the value of the cookie
    /// affects only the track.
    ///
    /// ```
    /// use tower_tracks::{KeySource, SimpleTrackSet, TracksLayer, VisitorCookie};
    ///
    /// let delay = SimpleTrackSet::new("delay").track("short", 500).build()?;
    /// let layer = TracksLayer::new(delay).key([
    ///     KeySource::cookie("session"),
    ///     KeySource::visitor(VisitorCookie::default()),
    /// ]);
    /// # Ok::<(), tower_tracks::DefinitionError>(())
    /// ```
    pub fn cookie(name: impl Into<String>) -> Self {
        Self(Kind::Cookie(name.into().into()))
    }

    /// Percent-decodes the value of a [`cookie`](Self::cookie) source.
    ///
    /// The key is then the text that `CookieJar` of axum-extra and `Cookies` of tower-cookies return.
    ///
    /// `%40` becomes `@`. Quotes around a value are part of it. If several cookies have the name, the last
    /// one counts. A value is not a key if it is not UTF-8 after decoding, or has a `%` without two
    /// hexadecimal digits. The method has no effect on other kinds of sources.
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

    /// Reads a header that occurs once, if its value is UTF-8 without a comma.
    ///
    /// If the header occurs several times or contains a comma, the source has no key. Each server on the way
    /// may join the lines of a header with commas, so the layer cannot know which value the proxy added. For
    /// keys with commas, use [`from_fn`](Self::from_fn).
    ///
    /// ```
    /// use http::HeaderName;
    /// use tower_tracks::{KeySource, SimpleTrackSet, TracksLayer};
    ///
    /// let delay = SimpleTrackSet::new("delay").track("short", 500).build()?;
    /// let layer = TracksLayer::new(delay)
    ///     .key(KeySource::trusted_header(HeaderName::from_static("x-user-id")));
    /// # Ok::<(), tower_tracks::DefinitionError>(())
    /// ```
    ///
    /// # Warning
    ///
    /// A client can send any header. So the proxy must overwrite or remove this one in every request.
    /// Otherwise a client that knows the key of another visitor can act as that visitor. A proxy that
    /// appends a line is safe too, but then a client that sends the header has no key.
    pub fn trusted_header(name: HeaderName) -> Self {
        Self(Kind::TrustedHeader(name))
    }

    /// Computes the key from the request's parts with a closure. It must not panic.
    ///
    /// The closure is called in each request for which the earlier sources have no key. The layer does not
    /// know which headers the closure reads, so responses that depend on the key are `private`.
    ///
    /// ```
    /// use tower_tracks::{Key, KeySource, SimpleTrackSet, TracksLayer};
    ///
    /// let delay = SimpleTrackSet::new("delay").track("short", 500).build()?;
    /// // The account is the first part of the path, as in `/acme/orders`.
    /// let account = KeySource::from_fn(|parts| {
    ///     let account = parts.uri.path().split('/').nth(1)?;
    ///     Some(Key::from(account).into_owned())
    /// });
    /// let layer = TracksLayer::new(delay).key(account);
    /// # Ok::<(), tower_tracks::DefinitionError>(())
    /// ```
    pub fn from_fn(key: impl Fn(&Parts) -> Option<Key<'static>> + Send + Sync + 'static) -> Self {
        Self(Kind::Function(Arc::new(key)))
    }

    /// Draws a random key for each request.
    ///
    /// A visitor may get another track in each request, and the key is never recorded as a unit. The Python
    /// package does the same if it has no key.
    ///
    /// Use it where a track may change with each request, such as the choice of a server.
    /// Its exposures have no [`key`](crate::Exposure::key).
    ///
    /// ```
    /// use tower_tracks::{KeySource, SimpleTrackSet, TracksLayer};
    ///
    /// let delay = SimpleTrackSet::new("delay").track("short", 500).build()?;
    /// let layer = TracksLayer::new(delay).key(KeySource::random());
    /// # Ok::<(), tower_tracks::DefinitionError>(())
    /// ```
    pub fn random() -> Self {
        Self(Kind::Random)
    }

    /// Reads the key of one kind of unit that the service before passed to this one, such as `visitor`.
    ///
    /// Use it if this service has tests of its own, by the same keys. For the same tests, use
    /// [`TracksLayer::accept_propagated`](crate::TracksLayer::accept_propagated), which also takes the choices, and
    /// respects the consent and exclusion of the service before; this source does not.
    ///
    /// The key is read from the header [`TRACKS_PROPAGATION`](crate::middleware::TRACKS_PROPAGATION) or from the
    /// baggage. A header that is malformed, forged or expired by the wall clock has no key. Responses that depend on
    /// the key are `private`.
    ///
    /// ```
    /// use tower_tracks::{
    ///     Exclusion, KeySource, SimpleTrackSet, TracksLayer, middleware::Propagation,
    /// };
    ///
    /// let sorting = SimpleTrackSet::new("sorting").track("by-price", 1).build()?;
    /// let propagation = Propagation::new("sixteen random bytes, or more")?;
    /// let layer = TracksLayer::new(sorting)
    ///     .key(KeySource::propagated(propagation, "visitor"))
    ///     // The client is another service, which may have no user agent.
    ///     .exclude(Exclusion::none());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[cfg(feature = "propagation")]
    pub fn propagated(propagation: Propagation, kind: impl Into<String>) -> Self {
        Self(Kind::Propagated(propagation, kind.into().into()))
    }

    /// Returns the key; `visitor` reads a visitor's cookie.
    #[inline]
    pub(crate) fn ask<'a>(
        &self,
        parts: &'a Parts,
        visitor: impl Fn(&VisitorCookie) -> Option<Found<'a>>,
    ) -> Option<Found<'a>> {
        match &self.0 {
            Kind::Visitor(cookie) => visitor(cookie),
            _ => self.ask_application(parts),
        }
    }

    /// Returns the key of any source but the visitor cookie. It is separate from [`ask`](Self::ask),
    /// because the compiler inlines only the smaller function.
    #[inline(never)]
    pub(crate) fn ask_application<'a>(&self, parts: &'a Parts) -> Option<Found<'a>> {
        let given = match &self.0 {
            Kind::Visitor(_) => None,
            Kind::Cookie(name) => cookies::find(&parts.headers, name, Key::from_bytes),
            Kind::EncodedCookie(name) => percent::find(&parts.headers, name),
            Kind::TrustedHeader(name) => in_header(&parts.headers, name),
            Kind::Extension(extension) => extension.key(parts).filter(Key::is_valid),
            Kind::Function(key) => key(parts).filter(Key::is_valid),
            Kind::Random => return Some(Found::Random),
            #[cfg(feature = "propagation")]
            Kind::Propagated(propagation, kind) => propagation.key(&parts.headers, kind),
        };
        given.map(|key| Found::Given {
            key,
            is_former: false,
        })
    }

    /// Returns the header that the key depends on. For a closure it is not known; most closures use a
    /// cookie.
    #[inline]
    pub(crate) fn header(&self) -> Option<&HeaderName> {
        match &self.0 {
            Kind::TrustedHeader(name) => Some(name),
            Kind::Random => None,
            #[cfg(feature = "propagation")]
            Kind::Propagated(..) => Some(&PROPAGATION_HEADER),
            _ => Some(&COOKIE),
        }
    }

    /// Returns whether a closure of the application, or another service, computes the key.
    pub(crate) fn is_closure(&self) -> bool {
        // The other service may have computed it by anything.
        #[cfg(feature = "propagation")]
        if matches!(self.0, Kind::Propagated(..)) {
            return true;
        }
        matches!(self.0, Kind::Extension(_) | Kind::Function(_))
    }

    /// Returns whether the key is in an extension. Only such a key can be added after the layer.
    #[cfg(feature = "axum")]
    pub(crate) fn is_extension(&self) -> bool {
        matches!(self.0, Kind::Extension(_))
    }

    /// Returns the type of its extension, if that was added too late for the layer.
    #[cfg(feature = "axum")]
    #[inline]
    pub(crate) fn late_extension(&self, parts: &Parts) -> Option<&'static str> {
        match &self.0 {
            Kind::Extension(extension) => extension.is_late(parts),
            _ => None,
        }
    }

    /// Returns the visitor cookie, if the source is one.
    #[inline]
    pub(crate) fn visitor_cookie(&self) -> Option<&VisitorCookie> {
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
            #[cfg(feature = "propagation")]
            Kind::Propagated(_, kind) => f.debug_tuple("Propagated").field(kind).finish(),
        }
    }
}

/// Returns the key in a header with a single value. Of several values, in lines or in a list, it is not
/// known which one the proxy added.
fn in_header<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<Key<'a>> {
    let mut lines = headers.get_all(name).iter();
    let value = lines.next()?.as_bytes();
    let is_single = lines.next().is_none() && !value.contains(&b',');
    Key::from_bytes(value).filter(|_| is_single)
}
