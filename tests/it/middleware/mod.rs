//! The layer around real routers and services.

mod agents;
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
#[cfg(feature = "record")]
mod jars;
mod keys;
mod nesting;
#[cfg(all(feature = "mask", feature = "overrides", feature = "units"))]
mod overrides;
mod page_load;
mod pause;
mod pinned;
mod security;
mod services;
#[cfg(feature = "overrides")]
mod sharing;
#[cfg(all(
    feature = "mask",
    feature = "overrides",
    feature = "record",
    feature = "tracing"
))]
mod signing;
#[cfg(feature = "tracing")]
mod warnings;
mod wire;
