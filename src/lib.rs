#![cfg_attr(docsrs, feature(doc_cfg))]
//! Backend A/B testing as a tower layer.
//!
//! A *set* is one test. A *track* is one of its variants, and *control* is the track that changes
//! nothing. A *key*, such as the id of a visitor, is locked to a track. A [`TracksLayer`] takes the
//! key from a request, chooses a track once, and stores the [`Assignments`] in the request's
//! extensions. When a handler reads its track, that is an [`Exposure`]: it is reported to an
//! [observer](Observe), and the header `Tracks-Exposure` of the response has it.
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
//! * Define a test as a [`SimpleTrackSet`], a [`ParamTrackSet`] or an enum with
//!   [`derive@TrackSet`], and build it, alone or in a [`MultiTrackSet`]. Built sets also assign
//!   without HTTP: [`MultiTrackSet::assign`].
//! * [`TracksLayer`] adds the sets to a tower service. A [`KeySource`] finds the key of a request,
//!   and [`FromParts`] makes the context that eligibility checks.
//! * A handler reads its track with [`Assigned`], [`Assignment`] or [`Assignments`].
//! * An [`Observe`] receives each [`Exposure`].
//! * `record` stores exposures and conversions, `report` computes results, and `dashboard` shows
//!   them in the same server. Each is a module with a feature of that name.
//! * `stats` computes verdicts from counts, and the number of units that a test needs.
//! * `testing` helps to test your handlers, with the feature `test-util`.
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
//! `cli` | The module `cli`: the command line `tracks`, and `cli::run` for your own program | No
//! `dashboard` | The module `dashboard`: pages with results in the same server; needs `axum` and `report` | No
//! `decode` | `decode`, which parses the header from access logs | No
//! `import` | `record::Import`, which imports fact files and access logs into a store | No
//! `mask` | `Mask`, which hides names in the header from outsiders; needs `tower` | No
//! `metrics` | `record::Metrics`, counters for the crate `metrics` | No
//! `overrides` | `Override`, signed tokens that force a track; needs `tower` | No
//! `postgres` | `record::Postgres`, a store for several machines; needs `record` | No
//! `python` | `Bucketing::Python`, the scheme of the Python package `tracks` 0.1.1 | No
//! `record` | The module `record`: stores exposures and conversions | No
//! `report` | The module `report`: computes a report with verdicts from a store | No
//! `serde` | Definitions as JSON, and `StoredSets` | No
//! `sqlite` | `record::Sqlite`, a store in one file, with bundled SQLite | No
//! `stats` | The module `stats`: computes verdicts from counts | No
//! `test-util` | The module `testing`, for tests of your handlers; needs `tower` | No
//! `units` | `Units`, pseudonyms of keys, as they are recorded | No
//!
//! Without features, the crate is the assignment alone and depends on `sha2` and `libm`.

#[macro_use]
mod debug_as_message;

pub mod assign;
#[cfg(feature = "cli")]
pub mod cli;
#[cfg(feature = "dashboard")]
pub mod dashboard;
#[cfg(any(feature = "record", feature = "sqlite"))]
mod disk;
pub mod event;
#[cfg(feature = "axum")]
pub mod extract;
#[cfg(any(feature = "files", feature = "stats"))]
mod figures;
#[cfg(feature = "files")]
pub mod files;
#[cfg(feature = "decode")]
pub mod header;
#[cfg(any(feature = "store", feature = "stats"))]
mod i256;
#[cfg(feature = "tower")]
pub mod middleware;
#[cfg(feature = "record")]
pub mod record;
#[cfg(feature = "report")]
pub mod report;
#[cfg(feature = "stats")]
pub mod stats;
#[cfg(feature = "store")]
pub mod store;
#[cfg(feature = "test-util")]
pub mod testing;
#[cfg(any(feature = "files", feature = "record", feature = "report"))]
mod text;
pub mod unit;
#[cfg(any(feature = "record", feature = "sqlite", feature = "tower"))]
mod warn;

#[cfg(feature = "axum")]
pub use self::extract::Assigned;
#[cfg(feature = "tower")]
pub use self::middleware::{
    Assignment, Assignments, Consent, Exclusion, FromParts, Goals, Group, KeySource, TracksLayer,
    VisitorCookie,
};
#[cfg(feature = "units")]
pub use self::unit::Units;
pub use self::{
    assign::{
        Choice, DefinitionError, Key, Metric, MultiTrackSet, ParamTrackSet, Plan, Reason,
        SimpleTrackSet, TrackSet,
    },
    event::{Exposure, Goal, Observe},
};
#[cfg(feature = "derive")]
pub use tower_tracks_derive::TrackSet;

/// Guides, each of which answers a question about running tests.
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
