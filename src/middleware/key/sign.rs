//! The settings of the layer about signed cookies.

use std::time::SystemTime;

use crate::unit::CookieSigning;

use crate::middleware::layer::TracksLayer;

impl TracksLayer {
    /// Sets the secret that signs visitor cookies, or turns signing off with [`CookieSigning::off`].
    ///
    /// Defaults to the secret of an observer, such as a recorder. Without one, it defaults to the secret of
    /// `units`, `overrides` or `mask`. If there is no secret, cookies are not signed. Layers that share a
    /// cookie must use the same secret. If layers are nested, the outermost one decides.
    ///
    /// A cookie that is unsigned, or signed with another secret, is not a key: the layer queries its
    /// next source, or the visitor is new. It is [counted](crate::middleware::Counts::refused_cookies).
    /// See the guide [`cookies`](crate::guide::cookies).
    ///
    /// ```
    /// use tower_tracks::{SimpleTrackSet, TracksLayer, unit::CookieSigning};
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

    /// Sets a time until which unsigned cookies are still accepted. The next response that would issue a
    /// cookie issues it again, signed.
    ///
    /// Set it when you begin to sign, to a time when most visitors have returned, such as the end of
    /// the running tests. Defaults to none: visitors with an unsigned cookie are new.
    ///
    /// ```
    /// use std::time::{Duration, SystemTime};
    /// use tower_tracks::{SimpleTrackSet, TracksLayer, unit::CookieSigning};
    ///
    /// let delay = SimpleTrackSet::new("delay").track("short", 500).build()?;
    /// // The 1st of April 2026: a fixed time, so that a restart does not extend it.
    /// let april = SystemTime::UNIX_EPOCH + Duration::from_secs(1_775_001_600);
    /// let layer = TracksLayer::new(delay)
    ///     .sign(CookieSigning::new("sixteen random bytes, or more")?)
    ///     .take_over_until(april);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Warning
    ///
    /// Until then, a client can invent visitors, as without signing.
    pub fn take_over_until(mut self, until: SystemTime) -> Self {
        self.settings_mut().signing.take_over_until = Some(until);
        self
    }
}
