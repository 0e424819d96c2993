//! Events: exposures and conversions, and the trait that receives them.
//!
//! An [`Exposure`] is the fact that a unit was exposed to a track: a handler read the track and acted
//! on it. A [`Conversion`] is the fact that a unit reached a [`Goal`]. Both go to an implementation of
//! [`Observe`]. Nothing in this module does I/O or reads a clock.
//!
//! A [`Unit`] is the recorded form of a key, computed by `Units`. `decode` parses exposures from the
//! header in an access log.
//!
//! Outside a request, the program reports the exposure when it acts on a track:
//!
//! ```
//! use std::time::SystemTime;
//! use tower_tracks::{Exposure, Key, Observe, SimpleTrackSet};
//!
//! let observer = |exposure: &Exposure| println!("{exposure}");
//!
//! let subject = SimpleTrackSet::new("subject").track("short", "Coconuts!").build()?;
//! let key = Key::from(42);
//! let choice = subject.assign(&key, &());
//! // … send the mail with that subject, and then:
//! if let Some(exposure) = Exposure::new(choice, key, SystemTime::now()) {
//!     observer.observe(&exposure);
//! }
//! # Ok::<(), tower_tracks::DefinitionError>(())
//! ```

mod alias;
#[cfg(any(
    feature = "mask",
    feature = "overrides",
    feature = "tower",
    feature = "units"
))]
pub(crate) mod base64url;
mod conversion;
#[cfg(any(feature = "mask", feature = "overrides", feature = "units"))]
mod cookie_signing;
#[cfg(feature = "decode")]
mod decode;
#[cfg(feature = "decode")]
mod decode_error;
#[cfg(feature = "decode")]
mod exposed;
mod exposure;
mod goal;
#[cfg(any(
    feature = "decode",
    feature = "mask",
    feature = "overrides",
    feature = "units"
))]
mod hex;
mod observe;
mod outcome;
#[cfg(any(feature = "mask", feature = "overrides", feature = "units"))]
mod purpose;
#[cfg(any(feature = "record", feature = "tower"))]
mod reached;
#[cfg(any(feature = "mask", feature = "overrides", feature = "units"))]
mod secret;
#[cfg(any(feature = "mask", feature = "overrides", feature = "units"))]
mod secret_error;
#[cfg(any(feature = "mask", feature = "overrides", feature = "units"))]
mod sub_key;
mod subject;
mod unit;
#[cfg(feature = "units")]
mod units;

#[cfg(all(
    feature = "tower",
    any(feature = "mask", feature = "overrides", feature = "units")
))]
pub(crate) use self::cookie_signing::Checked;
#[cfg(any(feature = "mask", feature = "overrides", feature = "units"))]
pub use self::cookie_signing::CookieSigning;
#[cfg(any(feature = "record", feature = "tower"))]
pub use self::reached::Reached;
#[cfg(any(feature = "record", feature = "tower"))]
pub(crate) use self::reached::Told;
#[cfg(any(feature = "mask", feature = "overrides"))]
pub(crate) use self::secret::Secret;
#[cfg(any(feature = "mask", feature = "overrides", feature = "units"))]
pub use self::secret_error::SecretError;
#[cfg(feature = "units")]
pub use self::units::Units;
pub use self::{
    alias::Alias,
    conversion::Conversion,
    exposure::Exposure,
    goal::{Goal, GoalError},
    observe::Observe,
    outcome::Outcome,
    subject::Subject,
    unit::Unit,
};
#[cfg(feature = "decode")]
pub use self::{decode::decode, decode_error::DecodeError, exposed::Exposed};
#[cfg(any(feature = "mask", feature = "overrides", feature = "units"))]
pub(crate) use self::{purpose::Purpose, sub_key::SubKey};
