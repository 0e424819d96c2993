//! The layer around real routers and services.

mod caching;
mod cookie;
#[cfg(feature = "decode")]
mod decode;
mod excluded;
mod exposure;
mod header;
mod keys;
mod nesting;
mod pause;
mod services;
#[cfg(feature = "tracing")]
mod warnings;
mod wire;
