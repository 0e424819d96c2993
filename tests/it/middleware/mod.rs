//! The layer around real routers and services.

mod agents;
mod browser;
mod caching;
mod cookie;
mod decode;
mod excluded;
mod exposure;
mod goals;
mod header;
mod holdout;
mod jars;
mod keys;
mod nesting;
mod overrides;
mod page_load;
mod pause;
mod pinned;
mod propagation;
mod security;
mod services;
mod sharing;
mod signing;
mod warnings;
mod wire;
