//! The layer around real routers and services.

mod cookie;
#[cfg(feature = "decode")]
mod decode;
mod exposure;
mod header;
mod keys;
mod nesting;
mod pause;
mod services;
#[cfg(feature = "tracing")]
mod warnings;
mod wire;
