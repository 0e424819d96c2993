//! Whether a layer signs visitors' cookies, and by which secret.

use std::{sync::OnceLock, time::SystemTime};

use crate::unit::CookieSigning;

/// How a layer signs visitors' cookies.
// A clone copies what was resolved. That is harmless, because settings are only cloned to be changed,
// and every change forgets it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Signing {
    /// The signing that the application set.
    pub(crate) chosen: Option<CookieSigning>,
    /// The time until which an unsigned cookie is a key.
    pub(crate) take_over_until: Option<SystemTime>,
    /// The signing in effect: `chosen`, or that of a known secret. It is computed once, when the layer
    /// is put around a service.
    pub(crate) resolved: OnceLock<CookieSigning>,
}

impl Signing {
    /// Turns signing off if the application set none, for a pinned layer: a test sends cookies of its
    /// own.
    #[cfg(feature = "test-util")]
    pub(crate) fn off_by_default(&mut self) {
        self.chosen.get_or_insert_with(CookieSigning::off);
    }

    /// Drops the computed signing, because a setting has changed.
    pub(crate) fn forget_resolved(&mut self) {
        self.resolved = OnceLock::new();
    }
}
