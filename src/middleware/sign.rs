use std::time::SystemTime;

use crate::event::CookieSigning;

use super::TracksLayer;

impl TracksLayer {
    /// Sets by what the visitor's cookie is signed, or that it is not, by [`CookieSigning::off`].
    ///
    /// Defaults to the secret that the layer knows: that of an observer, such as a recorder, else of
    /// `units`, of `overrides`, or of `mask`. Where it knows none, cookies are not signed. Layers
    /// that share a cookie must sign alike; of nested ones the outermost decides.
    ///
    /// A cookie that is not signed, or by another secret, is no key: the request has a key of another
    /// source, or is a new visitor's. It is [counted](super::Counts::refused_cookies). See
    /// [the guide](crate::guide::cookies).
    ///
    /// ```
    /// use tower_tracks::{CookieSigning, SimpleTrackSet, TracksLayer};
    ///
    /// let delay = SimpleTrackSet::new("delay").track("short", 500).build()?;
    /// let signing = CookieSigning::new("sixteen random bytes, or more")?;
    /// let layer = TracksLayer::new(delay).sign(signing);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn sign(mut self, signing: CookieSigning) -> Self {
        self.settings_mut().signing.chosen = Some(signing);
        self
    }

    /// Sets until when an unsigned cookie is still a key where cookies are signed. The next response
    /// that would issue a cookie issues it again, signed.
    ///
    /// Set it when signing begins, to a time when the visitors that matter have come again, such as
    /// the end of the tests that are running. Defaults to never: visitors with an unsigned cookie
    /// are new ones.
    ///
    /// # Warning
    ///
    /// Until then a client can make up visitors, as without signing.
    pub fn take_over_until(mut self, until: SystemTime) -> Self {
        self.settings_mut().signing.take_over_until = Some(until);
        self
    }
}
