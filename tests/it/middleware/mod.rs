//! The layer around real routers and services.

#[cfg(feature = "tracing")]
mod browser;
mod caching;
mod cookie;
#[cfg(feature = "decode")]
mod decode;
mod excluded;
mod exposure;
mod goals;
mod header;
mod keys;
mod nesting;
#[cfg(all(feature = "mask", feature = "overrides", feature = "units"))]
mod overrides;
mod page_load;
mod pause;
mod security;
mod services;
#[cfg(feature = "overrides")]
mod sharing;
#[cfg(feature = "tracing")]
mod warnings;
mod wire;
