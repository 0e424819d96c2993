//! The tower layer: it takes the key and the context from a request, adds the choice to its
//! extensions, and the exposure to the response.
//!
//! ```
//! use axum::{Router, routing::get};
//! use tower_tracks::{Assignment, SimpleTrackSet, TracksLayer};
//!
//! #[derive(Debug)]
//! struct Greeting(&'static str);
//!
//! async fn hello(assignment: Assignment) -> &'static str {
//!     assignment.value().map_or("hello", |Greeting(text)| text)
//! }
//!
//! let greeting = SimpleTrackSet::new("greeting").track("warm", Greeting("hello, friend")).build()?;
//! let app: Router = Router::new().route("/", get(hello)).layer(TracksLayer::new(greeting));
//! # Ok::<(), tower_tracks::DefinitionError>(())
//! ```
//!
//! With another key, independent sets and an observer:
//!
//! ```
//! use tower_tracks::{Exposure, KeySource, SimpleTrackSet, TracksLayer};
//!
//! let greeting = SimpleTrackSet::new("greeting").track("warm", "hello, friend").build()?;
//! let banner = SimpleTrackSet::new("banner").track("blue", 0x0000ff).build()?;
//! let layer = TracksLayer::new(greeting)
//!     .and(banner)?
//!     .key(KeySource::cookie("session"))
//!     .observe(|exposure: &Exposure| println!("{exposure}"));
//! # Ok::<(), tower_tracks::DefinitionError>(())
//! ```
//!
//! The guide [`requests`](crate::guide::requests) explains what happens to a request.

mod agents;
mod assignment;
mod assignments;
mod bursts;
mod cache_fields;
mod caching;
mod clock;
mod consent;
mod cookies;
mod counts;
mod ending;
mod entry;
mod exclusion;
mod exposure_header;
mod extension;
mod few;
#[cfg(feature = "overrides")]
mod forcing;
mod fragments;
mod from_parts;
mod future;
mod goals;
mod group;
mod guard;
mod into_key;
mod key_source;
mod key_sources;
mod layer;
mod loopback;
#[cfg(feature = "mask")]
mod mask;
mod member;
#[cfg(feature = "overrides")]
mod overrides;
mod page_load;
mod pause;
mod percent;
mod random;
mod reading;
mod refuse;
mod request;
mod service;
mod settings;
mod sharing;
#[cfg(any(feature = "mask", feature = "overrides", feature = "units"))]
mod sign;
#[cfg_attr(
    not(any(feature = "mask", feature = "overrides", feature = "units")),
    path = "unsigned.rs"
)]
mod signing;
mod speculation;
mod treatment;
#[cfg(feature = "axum")]
mod typed;
mod unit;
#[cfg(feature = "mask")]
mod unmask;
mod visitor_cookie;
mod warning;

#[cfg(feature = "dashboard")]
pub(crate) use self::loopback::is_loopback;
#[cfg(all(feature = "dashboard", feature = "overrides"))]
pub(crate) use self::overrides::link;
pub use self::{
    assignment::Assignment,
    assignments::Assignments,
    clock::Clock,
    consent::Consent,
    counts::Counts,
    exclusion::Exclusion,
    exposure_header::TRACKS_EXPOSURE,
    from_parts::FromParts,
    future::ResponseFuture,
    goals::Goals,
    group::{Group, IntoGroup},
    into_key::IntoKey,
    key_source::KeySource,
    key_sources::KeySources,
    layer::TracksLayer,
    pause::{PauseHandle, UnknownSet},
    random::Randomness,
    refuse::{RefuseFuture, RefuseSpeculation, RefuseSpeculationLayer},
    service::Tracks,
    visitor_cookie::{CookieError, SameSite, VisitorCookie},
};
#[cfg(feature = "overrides")]
pub use self::{
    forcing::TRACKS_OVERRIDE,
    overrides::{Force, ForceError, Forced, Override, Refused},
};
#[cfg(feature = "mask")]
pub use self::{mask::Mask, unmask::Unmask};
