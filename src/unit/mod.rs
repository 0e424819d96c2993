//! Units: keys as they are recorded, and the secrets that make them.
//!
//! A [`Unit`] is 16 bytes that stand for a key, such as a visitor's, in a store and in an access log.
//! `Units` computes it with a secret, so that a store has no names of persons. A [`Subject`] is a key with the name of
//! its unit, such as `visitor` or `user`: what a conversion belongs to.
//!
//! ```
//! # #[cfg(feature = "units")]
//! # {
//! use tower_tracks::{Key, Units};
//!
//! let units = Units::pseudonym("sixteen random bytes, or more")?;
//! let unit = units.unit("visitor", &Key::from("alice"));
//! assert_eq!(unit.to_string(), "eb663c7832d3a67138ebe4e1429c492a");
//! assert_ne!(unit, units.unit("user", &Key::from("alice")));
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The features `units`, `overrides` and `mask` have a secret. Then `CookieSigning` signs visitor cookies,
//! so that a client cannot invent visitors.
//!
//! # The secret
//!
//! A secret is at least 16 random bytes, such as the output of `openssl rand -hex 32`. One secret
//! may serve several purposes: units are computed with it directly, and cookies, overrides, masks
//! and receipts with a key that is derived for the purpose. A short secret, or one byte repeated,
//! is refused with a `SecretError`.
//!
//! ```
//! # #[cfg(feature = "units")]
//! # {
//! use tower_tracks::Units;
//!
//! assert!(Units::pseudonym("sixteen random bytes, or more").is_ok());
//! assert!(Units::pseudonym([0_u8; 32]).is_err());
//! # }
//! ```

#[cfg(any(feature = "tower", feature = "units"))]
pub(crate) mod base64url;
#[cfg(any(feature = "mask", feature = "overrides", feature = "units"))]
mod cookie_signing;
pub(crate) mod hex;
#[cfg(any(feature = "mask", feature = "overrides", feature = "units"))]
mod purpose;
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
#[cfg(any(
    feature = "control",
    feature = "mask",
    feature = "ofrep",
    feature = "overrides",
    feature = "propagation",
    feature = "record"
))]
pub(crate) use self::purpose::Purpose;
#[cfg(any(
    feature = "control",
    feature = "mask",
    feature = "overrides",
    feature = "propagation"
))]
pub(crate) use self::secret::Secret;
#[cfg(any(
    feature = "control",
    feature = "mask",
    feature = "ofrep",
    feature = "overrides",
    feature = "record"
))]
pub(crate) use self::sub_key::SubKey;
pub(crate) use self::subject::Who;
#[cfg(feature = "units")]
pub use self::units::Units;
#[cfg(any(feature = "mask", feature = "overrides", feature = "units"))]
pub use self::{cookie_signing::CookieSigning, secret_error::SecretError};
pub use self::{
    subject::Subject,
    unit::{Unit, UnitError},
};
