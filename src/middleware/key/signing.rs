//! Whether a layer signs visitors' cookies, and by which secret.

use std::{sync::OnceLock, time::SystemTime};

use crate::unit::CookieSigning;

/// How a layer signs visitors' cookies.
#[derive(Debug, Default)]
pub(crate) struct Signing {
    /// What the application chose.
    pub(crate) chosen: Option<CookieSigning>,
    /// Until when an unsigned cookie is a key.
    pub(crate) take_over_until: Option<SystemTime>,
    /// What was chosen, or is known of the layer's secrets: found once.
    pub(crate) resolved: OnceLock<CookieSigning>,
}

/// A copy may be changed, and finds its secrets anew.
impl Clone for Signing {
    fn clone(&self) -> Self {
        Self {
            chosen: self.chosen.clone(),
            take_over_until: self.take_over_until,
            resolved: OnceLock::new(),
        }
    }
}

impl Signing {
    /// Leaves cookies unsigned where the application chose nothing: a test sends whatever it likes.
    #[cfg(feature = "test-util")]
    pub(crate) fn off_by_default(&mut self) {
        self.chosen.get_or_insert_with(CookieSigning::off);
    }

    pub(crate) fn forget_resolved(&mut self) {
        self.resolved = OnceLock::new();
    }
}
