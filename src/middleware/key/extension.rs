use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering::Relaxed},
};

use http::request::Parts;

use crate::assign::Key;

use super::into_key::IntoKey;

/// A key in an extension that an outer layer puts into the request.
#[derive(Clone)]
pub(crate) struct Extension(Arc<Inner>);

type KeyOf = dyn Fn(&Parts) -> Option<Key<'static>> + Send + Sync;

struct Inner {
    key: Box<KeyOf>,
    is_in: fn(&Parts) -> bool,
    #[cfg(feature = "axum")]
    name: &'static str,
    /// Whether any request had it when the layer asked.
    was_in_time: AtomicBool,
}

impl Extension {
    pub(crate) fn new<T, K>(key: impl Fn(&T) -> K + Send + Sync + 'static) -> Self
    where
        T: Send + Sync + 'static,
        K: IntoKey,
    {
        Self(Arc::new(Inner {
            key: Box::new(move |parts| key(parts.extensions.get()?).into_key()),
            is_in: |parts| parts.extensions.get::<T>().is_some(),
            #[cfg(feature = "axum")]
            name: std::any::type_name::<T>(),
            was_in_time: AtomicBool::new(false),
        }))
    }

    /// Returns the key, when the layer asks.
    pub(crate) fn key(&self, parts: &Parts) -> Option<Key<'static>> {
        if !self.0.was_in_time.load(Relaxed) && (self.0.is_in)(parts) {
            self.0.was_in_time.store(true, Relaxed);
        }
        (self.0.key)(parts)
    }

    /// Returns the type of the extension, where a handler's request has it, and no request had it
    /// when the layer asked: what sets it stands inside the layer.
    #[cfg(feature = "axum")]
    #[inline]
    pub(crate) fn is_late(&self, parts: &Parts) -> Option<&'static str> {
        let is_late = !self.0.was_in_time.load(Relaxed) && (self.0.is_in)(parts);
        is_late.then_some(self.0.name)
    }
}
