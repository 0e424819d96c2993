#![cfg_attr(docsrs, feature(doc_cfg))]
//! Backend A/B testing as a tower layer.
//!
//! A *set* is one test. A *track* is one of its alternatives, and *control* is the track that changes
//! nothing. A *key*, such as the id of a visitor, gets the same track in every request. A [`TracksLayer`]
//! takes the key from a request, chooses a track once, and stores the [`Assignments`] in the request's
//! extensions. When a handler reads the track, the layer creates an [`Exposure`]. It reports the exposure
//! to an [observer](Observe), and adds it to the response header `Tracks-Exposure`. A *conversion* is a
//! goal that a visitor reaches, such as a purchase. Recorded exposures and conversions are called *facts*.
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
//! The names that every program uses are in the root. All other names are in the modules below.
//!
//! To … | module or guide | feature
//! --- | --- | ---
//! run a first test, with results on a page | [`guide::getting_started`](crate::guide) | `dashboard`, `sqlite`
//! define sets: [`SimpleTrackSet`], [`ParamTrackSet`], [`derive@TrackSet`], [`MultiTrackSet`] | [`assign`] |
//! assign keys in the layer: [`TracksLayer`], [`KeySource`], [`VisitorCookie`] | [`middleware`] | `tower`
//! read the track in a handler: [`Assigned`], [`Assignment`], [`Assignments`], [`Goals`] | [`extract`] | `axum`
//! respect consent, and exclude bots | [`Consent`], [`Exclusion`], [`guide::consent`] | `tower`
//! preview a track by a signed link | `middleware::Override` | `overrides`
//! pass keys and tracks to the next service | `middleware::Propagation`, `guide::microservices` | `propagation`
//! sign visitor cookies | `unit::CookieSigning`, `guide::cookies` | `units`, `overrides` or `mask`
//! receive exposures and conversions: [`Observe`] | [`event`] |
//! record pseudonyms instead of keys: `Units` | [`unit`](mod@unit) | `units`
//! parse the header in access logs | `header`, `guide::logs` | `decode`
//! record facts off the request path | `record`, `guide::recording` | `record`
//! store facts: `Memory`, `Sqlite`, `Postgres`, `ClickHouse`, or your own | `store` | `store`, `sqlite`, `postgres`, `clickhouse`
//! import and export facts | `files` | `files`
//! compute results from counts, and plan test sizes | `stats`, `guide::methods` | `stats`
//! compute reports from a store | `report`, `guide::results` | `report`
//! show results in the same server | `dashboard` | `dashboard`
//! show results in a terminal | `cli` | `cli`
//! let a data warehouse compute the numbers of a report | `warehouse`, `guide::warehouse` | `warehouse`
//! change a running test without a deploy | `control`, `guide::operating` | `control`
//! give tracks to a single-page application | `ofrep`, `guide::single_page` | `ofrep`
//! give tracks to services in Python, Node and other languages | `ofrep`, `guide::python_service` | `ofrep`
//! test your own store | `store::conformance`, `guide::stores` | `store` and `test-util`
//! test handlers | `testing` | `test-util`
//!
//! The [guides](guide) are listed in the order in which you are likely to need them.
//!
//! # Features
//!
//! Name | Description | Default?
//! --- | --- | ---
//! `axum` | The extractors of [`extract`], on axum-core; enables `tower` | Yes
//! `derive` | The macro [`derive@TrackSet`] | Yes
//! `tower` | The module [`middleware`]: [`TracksLayer`], for any tower service | Yes
//! `tracing` | Warnings about the set-up, as `tracing` events; with `record` also `record::FeatureFlagEvents` | Yes
//! `cli` | The module `cli`: the command line `tracks`, and `cli::run` for your own program | No
//! `clickhouse` | `store::ClickHouse`, a store in a server or cluster of ClickHouse (beta) | No
//! `clickhouse-tls` | The same over `https://`, with the certificates of the system; enables `clickhouse` | No
//! `control` | The module `control`: pauses, shares, ramps and shipped tracks, which all nodes follow; enables `tower` and `store` | No
//! `dashboard` | The module `dashboard`: pages with results in the same server | No
//! `decode` | The module `header`, which parses the header from access logs | No
//! `files` | The module `files`: imports and exports facts; imports access logs | No
//! `mask` | `middleware::Mask`, which hides names in the header from outsiders | No
//! `metrics` | `record::Metrics`, counters for the crate `metrics` | No
//! `ofrep` | The module `ofrep`: tracks as flags for the clients of OpenFeature, by its remote evaluation protocol | No
//! `overrides` | `middleware::Override`, signed tokens that force a track | No
//! `postgres` | `store::Postgres`, a store for several machines | No
//! `propagation` | `middleware::Propagation`, which passes keys and tracks to the next service | No
//! `python` | `Bucketing::Python`, the scheme of the Python package `tracks` 0.1.1 | No
//! `record` | The module `record`: stores exposures and conversions | No
//! `report` | The module `report`: computes a report with verdicts from a store | No
//! `serde` | Definitions as JSON, and `assign::StoredSets` | No
//! `sqlite` | `store::Sqlite`, a store in one file, with bundled SQLite | No
//! `stats` | The module `stats`: computes verdicts from counts | No
//! `store` | The module `store`: the trait of stores, and `Memory` | No
//! `test-util` | The module `testing`, for tests of your handlers; with `store` also `store::conformance` | No
//! `units` | [`unit`](mod@unit)`::Units`, pseudonyms that are recorded instead of keys | No
//! `warehouse` | The module `warehouse`: lets an engine compute the numbers of a report, and reads them | No
//!
//! Without features, the crate only assigns keys to tracks. It then depends on `sha2` and `libm`.

#[macro_use]
mod debug_as_message;

pub mod assign;
#[cfg(feature = "cli")]
pub mod cli;
#[cfg(feature = "control")]
pub mod control;
#[cfg(feature = "dashboard")]
pub mod dashboard;
#[cfg(any(feature = "control", feature = "record", feature = "sqlite"))]
mod disk;
pub mod event;
#[cfg(feature = "axum")]
pub mod extract;
#[cfg(any(feature = "files", feature = "stats"))]
mod figures;
#[cfg(feature = "files")]
pub mod files;
#[cfg(all(feature = "control", feature = "report"))]
mod guard;
#[cfg(feature = "decode")]
pub mod header;
#[cfg(any(feature = "store", feature = "stats"))]
mod i256;
#[cfg(any(feature = "store", feature = "stats"))]
mod latency_bins;
#[cfg(feature = "tower")]
pub mod middleware;
#[cfg(feature = "ofrep")]
pub mod ofrep;
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
#[cfg(feature = "warehouse")]
pub mod warehouse;
#[cfg(any(
    feature = "control",
    feature = "record",
    feature = "sqlite",
    feature = "tower"
))]
mod warn;

#[cfg(feature = "axum")]
pub use self::extract::Assigned;
#[cfg(feature = "tower")]
pub use self::middleware::{
    Assignment, Assignments, Consent, Exclusion, FromParts, Goals, Group, Holdout, KeySource,
    TracksLayer, VisitorCookie,
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

/// Guides, in the order in which their questions come up.
///
/// To … | guide
/// --- | ---
/// run a first test, from an empty program to results | `getting_started`
/// know what happens to a request | `requests`
/// decide between one group and several | [`groups`](guide::groups)
/// respect consent and privacy | `consent`
/// sign the visitor cookie | `cookies`
/// put a cache or a CDN in front | `caches`
/// keep a track in all services behind the first | `microservices`
/// have one track in a single-page application and its backend | `single_page`
/// have one track in a Python service | `python_service`
/// record facts, and operate the store | `recording`
/// write a store of your own | `stores`
/// read results | `results`
/// raise the share of a running test, pause it, end it | `operating`
/// know the reasons of the statistics | `methods`
/// know who moves when a group is edited | [`movement`](guide::movement)
/// read access logs | `logs`
/// report on more facts than one database can read | `guide::warehouse`
/// recompute assignments elsewhere | [`recompute`](guide::recompute)
/// upgrade the crate | [`upgrading`](guide::upgrading)
/// come from the Python package | [`python`](guide::python)
/// know what a request costs | [`speed`](guide::speed)
pub mod guide {
    #[cfg(all(feature = "dashboard", feature = "derive", feature = "sqlite"))]
    #[doc = include_str!("docs/getting_started.md")]
    pub mod getting_started {}

    #[cfg(feature = "tower")]
    #[doc = include_str!("docs/requests.md")]
    pub mod requests {}

    #[doc = include_str!("docs/groups.md")]
    pub mod groups {}

    #[cfg(feature = "tower")]
    #[doc = include_str!("docs/consent.md")]
    pub mod consent {}

    #[cfg(all(
        feature = "tower",
        any(feature = "mask", feature = "overrides", feature = "units")
    ))]
    #[doc = include_str!("docs/cookies.md")]
    pub mod cookies {}

    #[cfg(feature = "tower")]
    #[doc = include_str!("docs/caches.md")]
    pub mod caches {}

    #[cfg(all(feature = "ofrep", feature = "record"))]
    #[doc = include_str!("docs/single_page.md")]
    pub mod single_page {}

    #[cfg(all(feature = "ofrep", feature = "record"))]
    #[doc = include_str!("docs/python_service.md")]
    pub mod python_service {}

    #[cfg(all(feature = "axum", feature = "propagation"))]
    #[doc = include_str!("docs/microservices.md")]
    pub mod microservices {}

    #[cfg(all(feature = "axum", feature = "record"))]
    #[doc = include_str!("docs/recording.md")]
    pub mod recording {}

    #[cfg(all(feature = "store", feature = "test-util"))]
    #[doc = include_str!("docs/stores.md")]
    pub mod stores {}

    #[cfg(feature = "stats")]
    #[doc = include_str!("docs/results.md")]
    pub mod results {}

    #[cfg(all(
        feature = "control",
        feature = "dashboard",
        feature = "postgres",
        feature = "sqlite"
    ))]
    #[doc = include_str!("docs/operating.md")]
    pub mod operating {}

    #[cfg(feature = "stats")]
    #[doc = include_str!("docs/methods.md")]
    pub mod methods {}

    #[doc = include_str!("docs/movement.md")]
    pub mod movement {}

    #[cfg(all(feature = "axum", feature = "decode"))]
    #[doc = include_str!("docs/logs.md")]
    pub mod logs {}

    #[cfg(all(
        feature = "dashboard",
        feature = "record",
        feature = "sqlite",
        feature = "warehouse"
    ))]
    #[doc = include_str!("docs/warehouse.md")]
    pub mod warehouse {}

    #[doc = include_str!("docs/recompute.md")]
    pub mod recompute {}

    #[doc = include_str!("docs/upgrading.md")]
    pub mod upgrading {}

    #[doc = include_str!("docs/python.md")]
    pub mod python {}

    #[doc = include_str!("docs/speed.md")]
    pub mod speed {}
}

#[cfg(all(doctest, feature = "axum", feature = "derive"))]
#[doc = include_str!("../README.md")]
mod readme {}
