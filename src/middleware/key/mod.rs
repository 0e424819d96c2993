//! The key of a request: its sources, their order, and the visitor cookie.

pub(crate) mod cookies;
mod extension;
mod into_key;
mod keys;
pub(crate) mod loopback;
mod percent;
mod random;
mod request_key;
#[cfg(any(feature = "mask", feature = "overrides", feature = "units"))]
mod sign;
#[cfg(any(feature = "mask", feature = "overrides", feature = "units"))]
mod signing;
mod source;
mod sources;
mod visitor_cookie;

#[cfg(feature = "dashboard")]
pub(crate) use self::loopback::is_loopback;
#[cfg(any(feature = "mask", feature = "overrides", feature = "units"))]
pub(super) use self::signing::Signing;
pub use self::{
    into_key::IntoKey,
    random::Randomness,
    source::KeySource,
    sources::KeySources,
    visitor_cookie::{CookieError, SameSite, VisitorCookie},
};
pub(super) use self::{
    keys::Keys,
    request_key::{Found, Origin, RequestKey},
};
