#![cfg_attr(docsrs, feature(doc_cfg))]
//! A/B testing for the backend, as a tower layer.
//!
//! A *set* is one test; a *track* is one way it can go, and *control* is the track that
//! changes nothing. A *key*, such as a visitor's, is locked to a track. A [`TracksLayer`] takes
//! the key from a request, chooses once, and keeps the [`Assignment`] in the request's
//! extensions. A handler that reads its track is an [`Exposure`]: it is told to whoever
//! [observes](Observe), and stands in the header `Tracks-Exposure` of the response.
//!
//! ```
//! use axum::{Router, routing::get};
//! use tower_tracks::{Assigned, TrackSet, TracksLayer};
//!
//! #[derive(Clone, Copy, Debug, TrackSet)]
//! #[track_set(name = "pricing")]
//! enum Pricing {
//!     #[track(control)]
//!     Control,
//!     Cheap,
//! }
//!
//! async fn coconut(Assigned(pricing): Assigned<Pricing>) -> &'static str {
//!     match pricing {
//!         Pricing::Control => "A coconut is 50.",
//!         Pricing::Cheap => "A coconut is 49.",
//!     }
//! }
//!
//! let pricing = Pricing::track_set().build()?;
//! let app: Router = Router::new()
//!     .route("/", get(coconut))
//!     .layer(TracksLayer::new(pricing));
//! # Ok::<(), tower_tracks::DefinitionError>(())
//! ```
//!
//! # Where to look
//!
//! * [`assign`]: the sets, and how a key becomes a track. Without http.
//! * [`event`]: what an exposure is, and the port by which it leaves.
//! * [`middleware`]: what happens to a request, and where its key comes from.
//! * [`extract`]: a handler's track as its argument.
//! * [`guide`]: one group or several; coming from Python.
//!
//! # Features
//!
//! Name | Description | Default?
//! --- | --- | ---
//! `axum` | The extractors of [`extract`], on axum-core | Yes
//! `derive` | The macro [`derive@TrackSet`] | Yes
//! `tracing` | Warnings about the set-up, as `tracing` events | Yes
//! `tower` | The layer of [`middleware`], for any tower service; part of `axum` | Yes
//! `python` | `Bucketing::Python`, that of the Python package `tracks` 0.1.1 | No
//! `serde` | `Serialize` for [`Set`] and its parts | No

pub mod assign;
pub mod event;
#[cfg(feature = "axum")]
pub mod extract;
#[cfg(feature = "tower")]
pub mod middleware;

#[cfg(feature = "axum")]
#[doc(inline)]
pub use self::extract::*;
#[cfg(feature = "tower")]
#[doc(inline)]
pub use self::middleware::*;
#[doc(inline)]
pub use self::{assign::*, event::*};
#[cfg(feature = "derive")]
pub use tower_tracks_derive::TrackSet;

/// Answers to questions that come up when tests are run.
pub mod guide {
    #[doc = include_str!("docs/groups.md")]
    pub mod groups {}

    #[doc = include_str!("docs/python.md")]
    pub mod python {}
}

#[cfg(all(doctest, feature = "axum", feature = "derive"))]
#[doc = include_str!("../README.md")]
mod readme {}
