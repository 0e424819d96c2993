//! Consent: the answer of a visitor, or the signal of a browser.

use std::{fmt, sync::Arc};

use http::{HeaderName, header::COOKIE, request::Parts};

/// The consent of a visitor, which a hook returns for each request.
///
/// | consent | track | visitor cookie | exposure |
/// | --- | --- | --- | --- |
/// | `Granted` | by the visitor's key | read and set | reported |
/// | `Ephemeral` | by a random key for each request | neither read nor set | not reported |
/// | `Denied` | none: control | neither read nor set | not reported |
///
/// Set the hook with [`TracksLayer::consent`](crate::TracksLayer::consent). Without a hook, it is `Ephemeral`
/// for requests with `Sec-GPC: 1`, otherwise `Granted`. The guide [`consent`](crate::guide::consent) has
/// examples.
///
/// ```
/// use http::request::Parts;
/// use tower_tracks::Consent;
///
/// /// The visitor's answer, which the session layer adds.
/// #[derive(Clone)]
/// struct Agreed(bool);
///
/// fn consent(parts: &Parts) -> Consent {
///     match parts.extensions.get() {
///         Some(Agreed(true)) => Consent::Granted,
///         Some(Agreed(false)) => Consent::Denied,
///         None => Consent::Ephemeral,
///     }
/// }
///
/// assert_eq!(Consent::default(), Consent::Granted);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Consent {
    /// The visitor cookie is read and set, and exposures are reported.
    #[default]
    Granted,
    /// The request is in a track, but nothing is stored or counted: the visitor cookie is neither read
    /// nor set, each request gets a random key, and no exposure is reported.
    ///
    /// A key of another source, such as the application's own session, still decides the track.
    Ephemeral,
    /// The request is in no track: it gets control and no cookie, and is not counted.
    Denied,
}

/// The hook that returns the consent. By default it is granted, and ephemeral under `Sec-GPC: 1`.
#[derive(Clone, Default)]
pub(crate) struct Hook(pub(crate) Option<Arc<Of>>);

/// The closure of the application.
type Of = dyn Fn(&Parts) -> Consent + Send + Sync;

impl Hook {
    /// Returns the consent of a request.
    #[inline]
    pub(crate) fn of(&self, parts: &Parts) -> Consent {
        match &self.0 {
            Some(consent) => consent(parts),
            None => by_signal(parts),
        }
    }

    /// Returns the header that it depends on. For a closure it is not known; most answers are in a
    /// cookie.
    pub(crate) fn header(&self) -> &'static HeaderName {
        match &self.0 {
            Some(_) => &COOKIE,
            None => &SEC_GPC,
        }
    }
}

/// The header of Global Privacy Control. It is a static and not a constant, so that its address
/// identifies it when the header `Vary` is written.
pub(crate) static SEC_GPC: HeaderName = HeaderName::from_static("sec-gpc");

/// Global Privacy Control (W3C): with `Sec-GPC: 1`, the visitor does not want data to be shared.
fn by_signal(parts: &Parts) -> Consent {
    match parts.headers.get(&SEC_GPC).map(|value| value.as_bytes()) {
        Some(b"1") => Consent::Ephemeral,
        _ => Consent::Granted,
    }
}

impl fmt::Debug for Hook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            None => "Consent(Sec-GPC)",
            Some(_) => "Consent(<fn>)",
        })
    }
}
