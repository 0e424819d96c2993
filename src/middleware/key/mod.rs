//! Where the key of a request comes from: its sources, the visitor's cookie, and their order.

pub(crate) mod cookies;
mod extension;
mod into_key;
pub(crate) mod loopback;
mod percent;
mod random;
#[cfg(any(feature = "mask", feature = "overrides", feature = "units"))]
mod sign;
#[cfg_attr(
    not(any(feature = "mask", feature = "overrides", feature = "units")),
    path = "unsigned.rs"
)]
mod signing;
mod source;
mod sources;
mod unit;
mod visitor_cookie;

pub(crate) use self::loopback::is_loopback;
pub(super) use self::signing::{Signing, VisitorCookies};
pub use self::{
    into_key::IntoKey,
    random::Randomness,
    source::KeySource,
    sources::KeySources,
    visitor_cookie::{CookieError, SameSite, VisitorCookie},
};
pub(super) use self::{
    sources::{Origin, RequestKey},
    unit::Unit,
};
