//! Units: keys as they are recorded, and the secrets that make them.

#[cfg(any(
    feature = "mask",
    feature = "overrides",
    feature = "tower",
    feature = "units"
))]
pub(crate) mod base64url;
#[cfg(any(feature = "mask", feature = "overrides", feature = "units"))]
mod cookie_signing;
#[cfg(any(
    feature = "decode",
    feature = "mask",
    feature = "overrides",
    feature = "units"
))]
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
#[cfg(any(feature = "mask", feature = "overrides"))]
pub(crate) use self::secret::Secret;
#[cfg(feature = "units")]
pub use self::units::Units;
#[cfg(any(feature = "mask", feature = "overrides", feature = "units"))]
pub use self::{cookie_signing::CookieSigning, secret_error::SecretError};
#[cfg(any(feature = "mask", feature = "overrides", feature = "record"))]
pub(crate) use self::{purpose::Purpose, sub_key::SubKey};
pub use self::{subject::Subject, unit::Unit};
