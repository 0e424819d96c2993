//! The tower layer: key and context from a request, the choice into its extensions, what was
//! read onto the response.
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
//! # What happens to a request
//!
//! 1. The key: the first [`KeySource`] that answers. A visitor without a key is given one.
//! 2. The context, by [`FromParts`], and one choice per group. Both happen once; within one
//!    request the choice never changes, even when a set is paused meanwhile.
//! 3. The handler reads a track, or does not. That reading is the exposure.
//! 4. The response: for what was read the header [`TRACKS_EXPOSURE`], and the visitor's
//!    cookie if it is new. What was read by nobody leaves no trace.
//! 5. The exposure is told to [`Observe`](crate::Observe), once per request and set, however
//!    the request ended.
//!
//! # Special requests
//!
//! * `HEAD` and `OPTIONS` get the same choice, but neither cookie nor exposure.
//! * A track read after the head of the response was ready, as by a streaming body, is told
//!   as late and stands in no header.
//! * A `101 Switching Protocols` is a response: what was read at the handshake is told then.
//! * A visitor who is new, and leaves before the response, never learns the key: the exposure is
//!   told as cancelled, and the next visit is somebody else's. A test of a slow page counts such
//!   visitors once per attempt; look at how many of its exposures were cancelled.
//! * A status from a gRPC trailer is not seen; the outcome has the http status.

mod assignment;
mod assignments;
mod clock;
mod cookies;
mod entry;
mod exposure_header;
mod few;
mod from_parts;
mod future;
mod group;
mod guard;
mod into_key;
mod key_source;
mod key_sources;
mod layer;
mod loopback;
mod pause;
mod random;
mod reading;
mod request;
mod service;
mod settings;
#[cfg(feature = "axum")]
mod typed;
mod visitor_cookie;
mod warning;

pub use self::{
    assignment::Assignment,
    assignments::Assignments,
    clock::Clock,
    exposure_header::TRACKS_EXPOSURE,
    from_parts::FromParts,
    future::ResponseFuture,
    group::{Group, IntoGroup},
    into_key::IntoKey,
    key_source::KeySource,
    key_sources::KeySources,
    layer::TracksLayer,
    pause::{PauseHandle, UnknownSet},
    random::Randomness,
    service::Tracks,
    visitor_cookie::VisitorCookie,
};
