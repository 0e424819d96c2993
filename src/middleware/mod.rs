//! The tower layer, which assigns requests to tracks.
//!
//! The layer reads the key and the context from a request. The context is the data that decides who is
//! eligible. The layer adds the choice to the extensions of the request, and the exposure to the response.
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
//! This layer takes the key from a cookie of the application, and has two independent sets and an observer:
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

#[cfg(feature = "ofrep")]
mod evaluation;
mod future;
mod group;
mod key;
mod layer;
#[cfg(feature = "overrides")]
mod overrides;
#[cfg(feature = "propagation")]
mod propagation;
mod request;
mod response;
mod screening;
mod service;
mod settings;
mod warning;

#[cfg(feature = "ofrep")]
pub(crate) use self::evaluation::{Counted, Evaluation, Evaluator, Looked, Place};
#[cfg(feature = "dashboard")]
pub(crate) use self::key::is_loopback;
#[cfg(all(feature = "dashboard", feature = "overrides"))]
pub(crate) use self::overrides::link;
#[cfg(feature = "overrides")]
pub use self::overrides::{Force, ForceError, Forced, Override, Refused, TRACKS_OVERRIDE};
#[cfg(feature = "propagation")]
pub use self::propagation::{Propagation, TRACKS_PROPAGATION};
#[cfg(feature = "ofrep")]
pub(crate) use self::request::ToldKeys;
#[cfg(feature = "mask")]
pub use self::response::{Mask, Unmask};
pub use self::{
    future::ResponseFuture,
    group::{FromParts, Group, Holdout, IntoGroup, PauseHandle, UnknownSet},
    key::{CookieError, IntoKey, KeySource, KeySources, Randomness, SameSite, VisitorCookie},
    layer::TracksLayer,
    request::{Assignment, Assignments, Clock, Goals},
    response::TRACKS_EXPOSURE,
    screening::{
        Consent, Counts, Exclusion, RefuseFuture, RefuseSpeculation, RefuseSpeculationLayer,
    },
    service::Tracks,
};
