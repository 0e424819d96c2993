use std::{fmt, sync::Arc};

use http::{HeaderMap, HeaderName, request::Parts};

use crate::assign::Key;

use super::{VisitorCookie, cookies, random::Randomness};

/// The longest cookie or header, in bytes, that is a key.
const LONGEST: usize = 1024;

/// Where the key of a request comes from.
///
/// A layer asks its sources in order, and the first that answers is taken. With none that
/// answers, a [`visitor`](Self::visitor) source issues a new cookie; without such a source
/// there is no key, and the request is in no track.
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
    TrustedHeader(HeaderName),
    Function(FromRequest),
    Random,
}

impl KeySource {
    /// Takes the key from an extension that an outer layer put into the request, such as a
    /// verified user.
    pub fn extension<T, K>(key: impl Fn(&T) -> K + Send + Sync + 'static) -> Self
    where
        T: Send + Sync + 'static,
        K: Into<Key<'static>>,
    {
        Self::from_fn(move |parts| parts.extensions.get().map(|found| key(found).into()))
    }

    /// Takes the visitor's cookie, and issues one when no source answers and an assignment
    /// was read.
    pub fn visitor(cookie: VisitorCookie) -> Self {
        Self(Kind::Visitor(cookie))
    }

    /// Takes the value of a cookie that the application sets, of 1 to 1024 bytes of UTF-8.
    ///
    /// Clients choose their cookies, and so their tracks. That matters little, as long as
    /// the value changes nothing but the track.
    pub fn cookie(name: impl Into<String>) -> Self {
        Self(Kind::Cookie(name.into().into()))
    }

    /// Takes the value of a header, of 1 to 1024 bytes of UTF-8.
    ///
    /// # Warning
    ///
    /// A client can send any header. The proxy in front must overwrite this one in every
    /// request, or remove it; else whoever knows another's key is counted as that other.
    pub fn trusted_header(name: HeaderName) -> Self {
        Self(Kind::TrustedHeader(name))
    }

    /// Takes what a closure makes of the request's parts.
    pub fn from_fn(key: impl Fn(&Parts) -> Option<Key<'static>> + Send + Sync + 'static) -> Self {
        Self(Kind::Function(Arc::new(key)))
    }

    /// Draws a random key for each request, as the Python package does without a key. It
    /// locks nobody to a track, and is never recorded as a unit.
    pub fn random() -> Self {
        Self(Kind::Random)
    }

    /// Returns the key in a cookie, if this source takes it from that cookie.
    fn in_cookie<'a>(&self, name: &[u8], value: &'a [u8]) -> Option<Key<'a>> {
        match &self.0 {
            Kind::Visitor(cookie) if cookie.name().as_bytes() == name => cookie.key(value),
            Kind::Cookie(wanted) if wanted.as_bytes() == name => bounded(value),
            _ => None,
        }
    }

    fn is_cookie(&self) -> bool {
        matches!(self.0, Kind::Visitor(_) | Kind::Cookie(_))
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
            Kind::TrustedHeader(name) => f.debug_tuple("TrustedHeader").field(name).finish(),
            Kind::Function(_) => f.write_str("Function(<fn>)"),
            Kind::Random => f.write_str("Random"),
        }
    }
}

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

impl RequestKey {
    /// The same, with another key.
    pub(super) fn with(self, key: &Key<'static>) -> Self {
        let key = key.clone();
        Self { key, ..self }
    }
}

impl KeySources {
    /// Returns the key of the first source that answers.
    pub(super) fn find(&self, parts: &Parts, randomness: &Randomness) -> Option<RequestKey> {
        let in_cookie = self.in_cookies(&parts.headers);
        for (rank, source) in self.0.iter().enumerate() {
            let key = match &source.0 {
                Kind::TrustedHeader(name) => in_header(&parts.headers, name),
                Kind::Function(key) => key(parts),
                Kind::Random => return new_key(randomness, Origin::Random),
                Kind::Visitor(_) | Kind::Cookie(_) => match &in_cookie {
                    Some((found, key)) if *found == rank => Some(key.clone().into_owned()),
                    _ => None,
                },
            };
            if let Some(key) = key {
                let origin = Origin::Given;
                return Some(RequestKey { key, origin });
            }
        }
        self.visitor_cookie()?;
        new_key(randomness, Origin::Issued)
    }

    /// Returns the cookie that makes new visitors known.
    pub(super) fn visitor_cookie(&self) -> Option<&VisitorCookie> {
        self.0.iter().find_map(|source| match &source.0 {
            Kind::Visitor(cookie) => Some(cookie),
            _ => None,
        })
    }

    /// Returns the key in the cookie of the earliest source that has one, in a single pass
    /// over the cookies. Of two cookies of one name the first counts.
    fn in_cookies<'a>(&self, headers: &'a HeaderMap) -> Option<(usize, Key<'a>)> {
        let mut best: Option<(usize, Key<'a>)> = None;
        if !self.0.iter().any(KeySource::is_cookie) {
            return best;
        }
        for (name, value) in cookies::pairs(headers) {
            let better = best.as_ref().map_or(self.0.len(), |(rank, _)| *rank);
            let sources = self.0[..better].iter().enumerate();
            let found =
                sources.filter_map(|(rank, source)| Some((rank, source.in_cookie(name, value)?)));
            best = found.take(1).next().or(best);
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

fn new_key(randomness: &Randomness, origin: Origin) -> Option<RequestKey> {
    let key = VisitorCookie::new_key(randomness.bytes()?);
    Some(RequestKey { key, origin })
}

fn in_header(headers: &HeaderMap, name: &HeaderName) -> Option<Key<'static>> {
    let value = headers.get(name)?;
    bounded(value.as_bytes()).map(Key::into_owned)
}

fn bounded(value: &[u8]) -> Option<Key<'_>> {
    let text = (1..=LONGEST).contains(&value.len()).then_some(value)?;
    str::from_utf8(text).ok().map(Key::from)
}
