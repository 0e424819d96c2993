//! The settings of the layer about propagation.

use super::propagation::Propagation;
use crate::middleware::layer::TracksLayer;

impl TracksLayer {
    /// Lets handlers pass keys and choices to the next service, with
    /// [`Assignments::propagated`](crate::Assignments::propagated).
    ///
    /// Defaults to none. See the guide [`microservices`](crate::guide::microservices).
    ///
    /// ```
    /// use tower_tracks::{SimpleTrackSet, TracksLayer, middleware::Propagation};
    ///
    /// let delay = SimpleTrackSet::new("delay").track("short", 500).build()?;
    /// let propagation = Propagation::new("sixteen random bytes, or more")?;
    /// let layer = TracksLayer::new(delay).propagate(propagation);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn propagate(mut self, propagation: Propagation) -> Self {
        self.settings_mut().propagates = Some(propagation);
        self
    }

    /// Takes the keys and choices of requests that carry those of the service before, in the header
    /// [`TRACKS_PROPAGATION`](crate::middleware::TRACKS_PROPAGATION) or in the baggage.
    ///
    /// Such a request is not screened again: consent and exclusion are those of the service before. The passed keys
    /// replace those of the sources. A set whose choice was passed is in the same track here, with the same reason,
    /// coin and segment. Only a pause, an override and a pinned test of this layer change it. All other sets are
    /// assigned by the passed keys.
    ///
    /// An exposure is reported here if the service before had not read the track when it made the header, and if
    /// the set has the same phase and fingerprint here. Otherwise the exposure is not in the header
    /// `Tracks-Exposure` either. If this service does not have the track, the request is in none.
    ///
    /// A value that is malformed, forged, expired or longer than 8192 bytes, or one of several, changes
    /// nothing and is [counted](crate::middleware::Counts::refused_propagations). Defaults to none: the header
    /// is ignored. No response that depends on a choice is shared by caches.
    ///
    /// ```
    /// use tower_tracks::{SimpleTrackSet, TracksLayer, middleware::Propagation};
    ///
    /// let delay = SimpleTrackSet::new("delay").track("short", 500).build()?;
    /// let propagation = Propagation::new("sixteen random bytes, or more")?;
    /// let layer = TracksLayer::new(delay).accept_propagated(propagation);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Warning
    ///
    /// A header is valid for whoever has it, until it expires. So a service that clients reach directly should not
    /// accept any, and a proxy should remove the header from requests of clients.
    pub fn accept_propagated(mut self, propagation: Propagation) -> Self {
        self.settings_mut().accept(propagation);
        self
    }
}
