//! Pages of results, mounted in the same server.
//!
//! A [`Dashboard`] is given a store and says by a closure who may see it, and becomes an axum
//! router that can be nested anywhere:
//!
//! ```
//! use std::sync::Arc;
//!
//! use axum::Router;
//! use tower_tracks::{
//!     SimpleTrackSet, TracksLayer, Units,
//!     dashboard::{Access, Dashboard},
//!     record::{Memory, Recorder, Store},
//! };
//!
//! /// Whom the application's own sign-in found, as it put it into the request's extensions.
//! #[derive(Clone)]
//! struct Staff {
//!     name: String,
//!     decides: bool,
//! }
//!
//! let store: Arc<dyn Store> = Arc::new(Memory::default());
//! let units = Units::pseudonym("sixteen random bytes, or more")?;
//! let recorder = Recorder::builder(units).shared_store(Arc::clone(&store)).start()?;
//! let delay = SimpleTrackSet::new("delay").track("short", 500).track("long", 2000).build()?;
//! let tracks = TracksLayer::new(delay).observe(recorder.clone());
//!
//! let dashboard = Dashboard::new(store, |parts| match parts.extensions.get::<Staff>() {
//!     Some(staff) if staff.decides => Access::Act(staff.name.clone()),
//!     Some(_) => Access::Read,
//!     None => Access::None,
//! });
//! let dashboard = dashboard.recorder(&recorder).pauses(tracks.pauses());
//!
//! let app: Router = Router::new()
//!     // … routes …
//!     .layer(tracks)
//!     .nest_service("/tracks", dashboard.into_router());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What is on it
//!
//! All sets with their verdicts; each set, its health before its goals; what is known of a unit; a
//! planner; the state of the recorder; and what is paused. Each page is also JSON and CSV, by the
//! links at its end. Where a set has a sample ratio mismatch, its results are hidden until the
//! reader opens them below the reason.
//!
//! Lists are paged: 200 sets, 50 goals of a set, and 200 facts of each kind of a unit. `sets.json`
//! and `sets.csv` have up to 200 phases, with up to 5,000 goals, and their header `Link` has the next
//! part, as it has for a unit. `set.json` and `set.csv` have up to 1,000 goals, likewise. Large answers are written by threads of their own.
//!
//! # When it is computed
//!
//! In the background, by one thread, which stores the [report](crate::report); a page shows what
//! was stored last, says *as of* when that is, and never computes anything. Of several machines
//! with one store, the one computes that first finds the stored report old. When the store does not
//! answer, pages show what was read before, and say what is missing. Only what is known of a unit is
//! read when it is asked for, for three seconds at most, off the request path. Days are those of
//! UTC, or of the [time zone](crate::Plan::time_zone) of a plan.
//!
//! # Who may see it
//!
//! Whom the closure lets, which is asked about every request, so that the pages cannot be open by
//! accident. [`BasicAuth`] is one for a start. Without [`Access`] there is no word about any set.
//!
//! | access | results, recorder, pauses | units and their keys | pause, resume, links |
//! | --- | --- | --- | --- |
//! | [`Numbers`](Access::Numbers) | yes | no | no |
//! | [`Read`](Access::Read) | yes | yes | no |
//! | [`Act`](Access::Act) | yes | yes | yes |
//!
//! Pages, JSON and CSV obey it alike. Where a request is let in without a credential, the server
//! has to be addressed as `localhost`, by a loopback address, or by one of
//! [its hosts](Dashboard::hosts); otherwise the answer is 421. Posts of other sites are refused by
//! `Sec-Fetch-Site` and `Origin`; responses are `private, no-store`; the pages run no script, and
//! their Content-Security-Policy allows none.
//!
//! # Where it is mounted
//!
//! Under any path, by `nest_service`, which answers with the final slash and without. (axum's `nest`
//! answers without it alone, and cannot do otherwise.) Links are relative, so that pages also work
//! behind a proxy that strips a prefix or renames it. Only without the final slash the way from there
//! depends on the name that the browser sees: nginx itself adds the slash where the location has one,
//! and otherwise has to send the path in `X-Original-URI`, as other proxies do in `X-Forwarded-Uri`.
//!
//! ```nginx
//! location /admin/ab/ {
//!     proxy_pass http://127.0.0.1:3000/tracks/;
//! }
//!
//! location /staff/ab {
//!     proxy_pass http://127.0.0.1:3000/tracks;
//!     proxy_set_header X-Original-URI $request_uri;
//! }
//! ```
//!
//! # What a pause reaches
//!
//! The layers of this server whose [handles](Dashboard::pauses) it was given. Other machines go on,
//! and a restart resumes the set; what outlasts both is the environment variable `TRACKS_OFF`. Who
//! paused what is remembered as long as the server runs, and told as a `tracing` event.

mod access;
mod acts;
mod aside;
mod base64;
mod basic_auth;
mod board;
mod builder;
mod csv;
mod gate;
mod hosts;
mod known;
mod level;
mod lookup;
mod pages;
mod plot;
#[cfg(feature = "overrides")]
mod preview;
mod refresher;
mod stranger;
mod ticket;
mod view;

pub use self::{
    access::Access,
    basic_auth::{BasicAuth, BasicAuthError},
    builder::Dashboard,
};
