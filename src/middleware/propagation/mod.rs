//! What one service passes to the next: the keys of a request, and the choices that were made for it.
//!
//! ```
//! use tower_tracks::{SimpleTrackSet, TracksLayer, middleware::Propagation};
//!
//! let delay = || SimpleTrackSet::new("delay").track("short", 500).track("long", 2000).build();
//! let propagation = Propagation::new("sixteen random bytes, or more")?;
//!
//! // The first service assigns, and its handlers make headers for the next.
//! let first = TracksLayer::new(delay()?).propagate(propagation.clone());
//! // The next service takes the choice from the header.
//! let next = TracksLayer::new(delay()?).accept_propagated(propagation);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The guide [`microservices`](crate::guide::microservices) shows both services.

mod accepted;
mod carried;
mod content;
mod outgoing;
mod propagate;
mod propagation;

#[cfg(feature = "ofrep")]
pub(super) use self::carried::remove;
pub(super) use self::{accepted::Accepted, carried::PROPAGATION_HEADER, content::fingerprints};
pub use self::{carried::TRACKS_PROPAGATION, propagation::Propagation};
