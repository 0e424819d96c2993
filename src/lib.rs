#![cfg_attr(docsrs, feature(doc_cfg))]
//! A/B testing for the backend, as a tower layer.
//!
//! A *set* is one test; a *track* is one way it can go, and *control* is the track that
//! changes nothing. A *key*, such as a visitor's, is locked to a track. A [`TracksLayer`] takes
//! the key from a request, chooses once, and keeps the [`Assignments`] in the request's
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
//! * Tests are defined by [`SimpleTrackSet`], [`ParamTrackSet`] or an enum with
//!   [`derive@TrackSet`], and built, alone or as a [`MultiTrackSet`]. What is built assigns without
//!   http, too: [`MultiTrackSet::assign`].
//! * [`TracksLayer`] brings them to a tower service. [`KeySource`] says where keys come from,
//!   [`FromParts`] what eligibility looks at.
//! * A handler reads its track by [`Assigned`], [`Assignment`] or [`Assignments`].
//! * An [`Exposure`] is told to an [`Observe`].
//! * `record` keeps exposures and conversions, `report` says what came out, and `dashboard` shows it
//!   in the same server; each is a module and a feature of that name.
//! * `stats` turns counts into verdicts, and plans how many units a test needs.
//! * `testing` is how you test your handlers, with the feature `test-util`.
//! * [`guide`] answers questions: what happens to a request, consent and privacy, one group or
//!   several, who moves when a group is edited, recomputing assignments elsewhere, reading
//!   results, coming from Python.
//!
//! # Features
//!
//! Name | Description | Default?
//! --- | --- | ---
//! `axum` | The extractors [`Assigned`], [`Assignment`] and [`Assignments`], on axum-core | Yes
//! `derive` | The macro [`derive@TrackSet`] | Yes
//! `tracing` | Warnings about the set-up, as `tracing` events; with `record` also `record::FeatureFlagEvents` | Yes
//! `tower` | [`TracksLayer`], for any tower service; part of `axum` | Yes
//! `cli` | The module `cli`: the command line `tracks`, and `cli::run` for one of your own | No
//! `dashboard` | The module `dashboard`: pages of results in the same server; needs `axum` and `report` | No
//! `decode` | `decode`, which reads the header back from access logs | No
//! `import` | `record::Import`, which reads files of facts and access logs into a store | No
//! `mask` | `Mask`, which hides names in the header from outsiders; needs `tower` | No
//! `metrics` | `record::Metrics`, which counts by the crate `metrics` | No
//! `overrides` | `Override`, signed tokens that force a track; needs `tower` | No
//! `postgres` | `record::Postgres`, a store for several machines; needs `record` | No
//! `python` | `Bucketing::Python`, that of the Python package `tracks` 0.1.1 | No
//! `record` | The module `record`, by which exposures and conversions are kept | No
//! `report` | The module `report`: from a store to one report of verdicts | No
//! `serde` | Definitions as JSON, and `StoredSets` | No
//! `sqlite` | `record::Sqlite`, a store in one file, of SQLite that is built along | No
//! `stats` | The module `stats`: from counts to verdicts | No
//! `test-util` | The module `testing`, by which you test your handlers; needs `tower` | No
//! `units` | `Units`, pseudonyms of keys, as they are recorded | No
//!
//! Without features it is the assignment alone, and depends on `sha2` and `libm`.

#[macro_use]
mod debug_as_message;

mod assign;
#[cfg(feature = "cli")]
pub mod cli;
#[cfg(feature = "dashboard")]
pub mod dashboard;
mod event;
#[cfg(feature = "axum")]
mod extract;
#[cfg(any(feature = "record", feature = "stats"))]
mod i256;
#[cfg(feature = "tower")]
mod middleware;
#[cfg(feature = "record")]
pub mod record;
#[cfg(feature = "report")]
pub mod report;
#[cfg(feature = "stats")]
pub mod stats;
#[cfg(feature = "test-util")]
pub mod testing;
#[cfg(any(feature = "record", feature = "tower"))]
mod warn;

#[cfg(feature = "axum")]
pub use self::extract::*;
#[cfg(feature = "tower")]
pub use self::middleware::*;
pub use self::{assign::*, event::*};
#[cfg(feature = "derive")]
pub use tower_tracks_derive::TrackSet;

// By name, beside the globs: so the compiler tells whoever misses one which feature has it.
#[cfg(feature = "serde")]
pub use self::assign::StoredSets;
#[cfg(any(feature = "mask", feature = "overrides", feature = "units"))]
pub use self::event::CookieSigning;
#[cfg(any(feature = "mask", feature = "overrides", feature = "units"))]
pub use self::event::SecretError;
#[cfg(feature = "units")]
pub use self::event::Units;
#[cfg(feature = "decode")]
pub use self::event::{DecodeError, Exposed, decode};
#[cfg(feature = "axum")]
pub use self::extract::Assigned;
#[cfg(feature = "tower")]
pub use self::middleware::{
    Assignment, Assignments, Consent, Exclusion, FromParts, Goals, KeySource, TRACKS_EXPOSURE,
    TracksLayer, VisitorCookie,
};
#[cfg(feature = "overrides")]
pub use self::middleware::{Force, ForceError, Forced, Override, Refused, TRACKS_OVERRIDE};
#[cfg(feature = "mask")]
pub use self::middleware::{Mask, Unmask};

/// Answers to questions that come up when tests are run.
pub mod guide {
    #[cfg(all(feature = "dashboard", feature = "derive", feature = "sqlite"))]
    #[doc = include_str!("docs/getting_started.md")]
    pub mod getting_started {}

    #[cfg(all(
        feature = "tower",
        any(feature = "mask", feature = "overrides", feature = "units")
    ))]
    #[doc = include_str!("docs/cookies.md")]
    pub mod cookies {}

    #[cfg(feature = "tower")]
    #[doc = include_str!("docs/caches.md")]
    pub mod caches {}

    #[cfg(all(feature = "axum", feature = "decode"))]
    #[doc = include_str!("docs/logs.md")]
    pub mod logs {}

    #[cfg(feature = "tower")]
    #[doc = include_str!("docs/requests.md")]
    pub mod requests {}

    #[cfg(all(feature = "axum", feature = "record"))]
    #[doc = include_str!("docs/recording.md")]
    pub mod recording {}

    #[cfg(feature = "tower")]
    #[doc = include_str!("docs/consent.md")]
    pub mod consent {}

    #[doc = include_str!("docs/groups.md")]
    pub mod groups {}

    #[doc = include_str!("docs/movement.md")]
    pub mod movement {}

    #[cfg(feature = "stats")]
    #[doc = include_str!("docs/results.md")]
    pub mod results {}

    #[cfg(feature = "stats")]
    #[doc = include_str!("docs/methods.md")]
    pub mod methods {}

    #[doc = include_str!("docs/python.md")]
    pub mod python {}

    #[doc = include_str!("docs/speed.md")]
    pub mod speed {}

    #[doc = include_str!("docs/recompute.md")]
    pub mod recompute {}
}

#[cfg(all(doctest, feature = "axum", feature = "derive"))]
#[doc = include_str!("../README.md")]
mod readme {}
