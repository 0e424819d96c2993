//! Signed tokens that force a track, to preview a page before visitors see it.
//!
//! ```
//! use std::time::{Duration, SystemTime};
//! use tower_tracks::middleware::{Force, Override, Refused};
//!
//! let overrides = Override::new("sixteen random bytes, or more")?;
//! let now = SystemTime::now();
//! let token = overrides.mint(&Force::new("pricing", "cheap", now + Duration::from_secs(3600)))?;
//!
//! let forced = overrides.verify(&token, now)?;
//! assert_eq!((forced.set(), forced.track()), ("pricing", "cheap"));
//! let another = token.replace("cheap", "gratis");
//! assert_eq!(overrides.verify(&another, now).unwrap_err(), Refused::Signature);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod force;
mod force_error;
mod forced;
mod forcing;
mod kept;
pub(crate) mod link;
mod refused;
mod signing;
mod token;

pub(super) use self::forcing::ForcedTracks;
pub use self::{
    force::Force, force_error::ForceError, forced::Forced, forcing::TRACKS_OVERRIDE,
    refused::Refused, signing::Override,
};
