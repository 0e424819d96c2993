//! Keys in the extensions of a request, and the detection of extensions that are added too late.
//!
//! The most frequent mistake is an authentication layer inside the tracks layer: its extension is
//! missing when the layer runs, and there when a handler runs. The flag `was_in_time` tells this apart
//! from a request without a session.

use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use http::request::Parts;

use crate::assign::Key;

use super::into_key::IntoKey;

/// The closure of the application, without the type of the extension.
type KeyOf = dyn Fn(&Parts) -> Option<Key<'static>> + Send + Sync;

/// A key in an extension that an outer layer adds to the request.
pub(crate) struct Extension {
    /// Returns the key in the parts, if the extension is there and has one.
    key: Box<KeyOf>,
    /// Returns whether the extension is in the parts, with or without a key.
    is_in: fn(&Parts) -> bool,
    /// The type of the extension, for the warning.
    #[cfg(feature = "axum")]
    name: &'static str,
    /// Whether any request had the extension when the layer ran. It is never reset.
    was_in_time: AtomicBool,
}

impl Extension {
    /// Returns the source for an extension of the type `T`.
    pub(crate) fn new<T, K>(key: impl Fn(&T) -> K + Send + Sync + 'static) -> Self
    where
        T: Send + Sync + 'static,
        K: IntoKey,
    {
        Self {
            key: Box::new(move |parts| key(parts.extensions.get()?).into_key()),
            // Not by the key: the session of a guest has none, but shows that its layer is outside.
            is_in: |parts| parts.extensions.get::<T>().is_some(),
            #[cfg(feature = "axum")]
            name: std::any::type_name::<T>(),
            was_in_time: AtomicBool::new(false),
        }
    }

    /// Returns the key. Only the layer calls it, so that a call proves that the extension was there in
    /// time.
    pub(crate) fn key(&self, parts: &Parts) -> Option<Key<'static>> {
        // The load comes first: a store in each request would move the cache line between cores.
        if !self.was_in_time.load(Relaxed) && (self.is_in)(parts) {
            self.was_in_time.store(true, Relaxed);
        }
        (self.key)(parts)
    }

    /// Returns the type of the extension, if the handler's request has it and no request had it when
    /// the layer ran: then the layer that adds it is inside this one.
    #[cfg(feature = "axum")]
    #[inline]
    pub(crate) fn is_late(&self, parts: &Parts) -> Option<&'static str> {
        let is_late = !self.was_in_time.load(Relaxed) && (self.is_in)(parts);
        is_late.then_some(self.name)
    }
}
