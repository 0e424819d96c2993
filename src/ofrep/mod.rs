//! The tracks of a layer for front ends and services in other languages, by OFREP.
//!
//! OFREP is the remote evaluation protocol of OpenFeature: its clients exist for browsers, Node, Python, Go, Java, .NET
//! and more. A flag is a set, and its variant is the track. [`Ofrep`] makes an axum router of a layer, with the same
//! sets, keys, consent, exclusion, overrides, controls and observer. So a visitor has one track everywhere.
//!
//! ```
//! use axum::Router;
//! use tower_tracks::{SimpleTrackSet, TracksLayer, ofrep::{Caller, Ofrep}};
//!
//! let pricing = SimpleTrackSet::new("pricing").track("cheap", 49).build()?;
//! let layer = TracksLayer::new(pricing);
//! let ofrep = Ofrep::new(&layer).caller(|parts| {
//!     match parts.headers.get("authorization").map(|value| value.as_bytes()) {
//!         None => Caller::Browser,
//!         Some(b"Bearer a token of the python service") => Caller::Service,
//!         Some(_) => Caller::Nobody,
//!     }
//! });
//! let app: Router = Router::new()
//!     // … routes …
//!     .layer(layer)
//!     .merge(ofrep.into_router());
//! # Ok::<(), tower_tracks::DefinitionError>(())
//! ```
//!
//! # Paths
//!
//! | path | answer |
//! | --- | --- |
//! | `POST /ofrep/v1/evaluate/flags/{key}` | one flag |
//! | `POST /ofrep/v1/evaluate/flags` | all flags of the layer, with an `ETag` |
//! | `POST /tracks/v1/exposures` | receives the receipts of tracks that a client read |
//!
//! The first two are those of OFREP 0.3. A set that was renamed is in the list under each of its names. The guides
//! [`single_page`](crate::guide::single_page) and [`python_service`](crate::guide::python_service) have the other side.
//!
//! # Whose key
//!
//! A [browser](Caller::Browser) has the key that the layer finds in its request, such as the visitor cookie. Its
//! `targetingKey` and context are not used, since otherwise a visitor could choose a track. A
//! [service](Caller::Service) names the key, and its context reaches the sets through [`Ofrep::context`]. If the layer
//! accepts the header of the feature `propagation`, a service can pass that on instead: then it needs no key, and gets
//! the very choice of the service that called it. From a browser, this header is never accepted.
//!
//! # The answer
//!
//! | choice | `reason` | `variant` | `value` |
//! | --- | --- | --- | --- |
//! | a track by the key | `SPLIT` | the track | the track, or what it carries |
//! | a shipped track | `STATIC` | the track | the same |
//! | a forced or pinned track | `TARGETING_MATCH` | the track | the same |
//! | a paused set | `DISABLED` | empty | none |
//! | outside the share, held out, or in another set of the group | `SPLIT` | empty | none |
//! | not eligible, or left out of all tests | `TARGETING_MATCH` | empty | none |
//! | a browser whose key is for one request alone, without consent to a cookie | `TARGETING_MATCH` | empty | none |
//! | no key | `UNKNOWN` | empty | none |
//!
//! Without a value, a client uses the default of its code, which has to be that of control. The `metadata` of each flag
//! has the `reason` in the words of [`Reason`](crate::Reason), the `phase`, and in most cases a `receipt`.
//!
//! The value is the name of the track, unless [`Ofrep::value`] says that the values of its type are sent as JSON. A
//! track without such a value, such as the built-in control, has none.
//!
//! # When a reading is an exposure
//!
//! A single evaluation by a service is a reading, and so an exposure. All others are none: a browser asks for all flags at
//! once, and shows few of them. Their answers have signed receipts, and the client sends back those of the tracks that
//! it acted on:
//!
//! ```json
//! {"exposures": [{"receipt": "…", "ago": 350}]}
//! ```
//!
//! `ago` is the time since the reading in milliseconds, 0 if it is missing. One request has at most 256 receipts and
//! 64 kB. The answer says how many were counted, and which were refused and why:
//!
//! ```json
//! {"counted": 1, "refused": [{"index": 1, "reason": "expired"}]}
//! ```
//!
//! | reason | why |
//! | --- | --- |
//! | `invalid` | it is no receipt of this layer, or was changed |
//! | `expired` | see [`Ofrep::receipts_last`] |
//! | `changed` | the set is another now: its phase, salt, tracks or weights. Ask for the flags again |
//! | `excluded` | the request is that of a bot, or of a visitor who has not consented |
//!
//! Receipts that a service sends are not screened: it keeps those back of visitors who have withdrawn their consent.
//!
//! A receipt has the unit of a visitor and names one set, and nobody can read either. It counts for its own unit, whoever sends it, and as
//! often as it is sent it is the same fact. Receipts are signed with the secret of the [`Units`](crate::Units) in which
//! the first observer records that has [any](crate::Observe::recorded_units), so let all recorders of a layer have the same.
//! Without a recorder, or with raw units, there are none.
//!
//! # Errors
//!
//! | code | status | when |
//! | --- | --- | --- |
//! | `FLAG_NOT_FOUND` | 404 | the layer has no set of this name |
//! | `PARSE_ERROR` | 400 | the body is longer than 64 kB, or it is not a JSON object |
//! | `INVALID_CONTEXT` | 400 | the context is not an object, or it has an invalid [`Key`](crate::Key) |
//! | `TARGETING_KEY_MISSING` | 400 | a service names no key of the kind that the set needs |
//!
//! The status is 401 for [`Caller::Nobody`], and 429 if more receipts come than
//! [`Ofrep::receipts_per_second`] allows. These answers are `Cache-Control: private`. For pages of another origin, put a
//! CORS layer around the router that allows credentials.

mod answer;
mod asked;
mod caller;
mod context;
mod error;
mod exposures;
mod flags;
mod ofrep;
mod rate;
mod receipts;
mod refusal;
mod service;

pub use self::{caller::Caller, context::EvaluationContext, error::OfrepError, ofrep::Ofrep};
