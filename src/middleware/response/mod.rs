//! The headers that the layer adds to a response: exposures, cookies, and those for caches.

mod cache_fields;
mod caching;
mod directives;
mod exposure_header;
mod guard;
#[cfg(feature = "mask")]
mod mask;
mod sharing;
#[cfg(feature = "mask")]
mod unmask;

pub use self::exposure_header::TRACKS_EXPOSURE;
pub(super) use self::{
    exposure_header::{Members, Names, Parameters},
    guard::Guard,
    sharing::{Conflict, Dependence},
};
#[cfg(feature = "mask")]
pub use self::{mask::Mask, unmask::Unmask};
