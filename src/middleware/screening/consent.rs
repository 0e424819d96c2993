use std::{fmt, sync::Arc};

use http::{HeaderName, header::COOKIE, request::Parts};

/// The consent of a visitor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Consent {
    /// The visitor cookie is read and set, and exposures are reported.
    #[default]
    Granted,
    /// The request is in a track, but nothing is stored or counted: the visitor cookie is neither read
    /// nor set, each request gets a random key, and no exposure is reported.
    Ephemeral,
    /// The request is in no track: it gets control and no cookie, and is not counted.
    Denied,
}

/// The hook that returns the consent. By default it is granted, and ephemeral under `Sec-GPC: 1`.
#[derive(Clone, Default)]
pub(crate) struct Hook(Option<Arc<Of>>);

type Of = dyn Fn(&Parts) -> Consent + Send + Sync;

impl Hook {
    pub(crate) fn new(consent: impl Fn(&Parts) -> Consent + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(consent)))
    }

    #[inline]
    pub(crate) fn of(&self, parts: &Parts) -> Consent {
        match &self.0 {
            Some(consent) => consent(parts),
            None => by_signal(parts),
        }
    }
}

impl Hook {
    /// Returns whether it is a closure of the application.
    pub(crate) fn is_closure(&self) -> bool {
        self.0.is_some()
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

/// The header of Global Privacy Control.
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
