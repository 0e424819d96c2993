//! A test kit for handlers under a [`TracksLayer`](crate::TracksLayer).
//!
//! It needs the feature `test-util`. Enable it in `[dev-dependencies]` only:
//!
//! ```toml
//! [dev-dependencies]
//! tower-tracks = { version = "0.1", features = ["test-util"] }
//! ```
//!
//! To test … | use
//! --- | ---
//! a handler in each track | [`TracksLayer::pin_typed`](crate::TracksLayer::pin_typed), [`tracks_of`]
//! exposures and conversions | [`Exposures`]
//! times, and durations of requests | [`FixedClock`]
//! cookies of new visitors, and run ids | [`randomness`]
//!
//! Write a function that puts a given layer around your routes, so that each test can use a layer of
//! its own. Then pin each track in turn, send a request, and check the response and the exposures:
//!
//! ```
//! # #[cfg(all(feature = "axum", feature = "derive"))]
//! # {
//! use axum::{Router, body::{Body, to_bytes}, routing::get};
//! use http::Request;
//! use tower::ServiceExt;
//! use tower_tracks::{Assigned, TrackSet, TracksLayer, testing::{Exposures, tracks_of}};
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
//! fn layer() -> TracksLayer {
//!     TracksLayer::new(Pricing::track_set().build().unwrap())
//! }
//!
//! fn app(layer: TracksLayer) -> Router {
//!     Router::new().route("/coconut", get(coconut)).layer(layer)
//! }
//!
//! # tokio::runtime::Runtime::new()?.block_on(async {
//! for pricing in tracks_of::<Pricing>() {
//!     let exposures = Exposures::default();
//!     let layer = layer().pin_typed(pricing)?.observe(exposures.clone());
//!     let request = Request::get("/coconut").body(Body::empty())?;
//!     let response = app(layer).oneshot(request).await?;
//!     let page = to_bytes(response.into_body(), usize::MAX).await?;
//!     assert!(page.starts_with(b"A coconut is "), "{pricing:?}");
//!     assert_eq!(exposures.take().len(), 1);
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # })?;
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Without a pin
//!
//! A request of a test has no `User-Agent`, unless the test sets one. Without a pin, such a request is
//! that of a bot, and is not part of any test. So set the header, or disable this rule with
//! [`Exclusion::without_agent`](crate::Exclusion::without_agent). This example tests that VIPs are
//! not eligible, so that their requests are in no track:
//!
//! ```
//! # #[cfg(feature = "axum")]
//! # {
//! use axum::{Router, body::{Body, to_bytes}, routing::get};
//! use http::{Request, request::Parts};
//! use tower::ServiceExt;
//! use tower_tracks::{
//!     Assignment, Exclusion, FromParts, SimpleTrackSet, TracksLayer, testing::Exposures,
//! };
//!
//! struct Customer {
//!     is_vip: bool,
//! }
//!
//! impl FromParts for Customer {
//!     fn from_parts(parts: &Parts) -> Self {
//!         Self { is_vip: parts.headers.contains_key("x-vip") }
//!     }
//! }
//!
//! # tokio::runtime::Runtime::new()?.block_on(async {
//! // Without control, everybody who is eligible is in the one track.
//! let pricing = SimpleTrackSet::new("pricing").without_control().track("cheap", -1_i64);
//! let pricing = pricing.eligible(|customer: &Customer| !customer.is_vip).build()?;
//!
//! let exposures = Exposures::default();
//! let layer = TracksLayer::new(pricing)
//!     .exclude(Exclusion::default().without_agent(false))
//!     .observe(exposures.clone());
//! let page = async |assignment: Assignment| assignment.to_string();
//! let app = Router::new().route("/", get(page)).layer(layer);
//!
//! for (vip, expected, told) in [(false, "pricing/cheap", 1), (true, "(ineligible)", 0)] {
//!     let mut request = Request::get("/").body(Body::empty())?;
//!     if vip {
//!         request.headers_mut().insert("x-vip", "yes".parse()?);
//!     }
//!     let response = app.clone().oneshot(request).await?;
//!     assert_eq!(to_bytes(response.into_body(), usize::MAX).await?, expected);
//!     assert_eq!(exposures.take().len(), told);
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # })?;
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The request of an eligible visitor is part of the test, because otherwise the test could not fail:
//! if all requests were excluded, none would be in a track.
//!
//! A pinned layer does not sign cookies, unless `TracksLayer::sign` is set. So a test can send any
//! cookie. In a test of signing, send the result of `CookieSigning::value`.
//!
//! A [`FixedClock`] and a seeded [`randomness`] make times, new visitors' cookies and run ids the
//! same in every run.

mod clock;
mod exposures;
mod pin;
mod randomness;

pub use self::{
    clock::FixedClock,
    exposures::Exposures,
    pin::{UnknownTrack, tracks_of},
    randomness::randomness,
};
