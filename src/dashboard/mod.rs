//! Pages with results, mounted in the same server.
//!
//! A [`Dashboard`] takes a store, and a closure that decides who may see the pages. It becomes an axum
//! router, which can be nested anywhere:
//!
//! ```
//! use std::sync::Arc;
//!
//! use axum::Router;
//! use tower_tracks::{
//!     SimpleTrackSet, TracksLayer, Units,
//!     dashboard::{Access, Dashboard},
//!     record::Recorder,
//!     store::{Memory, Store},
//! };
//!
//! /// The signed-in user, which the application's own sign-in adds to the request's extensions.
//! #[derive(Clone)]
//! struct Staff {
//!     name: String,
//!     decides: bool,
//! }
//!
//! let store: Arc<dyn Store> = Arc::new(Memory::default());
//! let units = Units::pseudonym("sixteen random bytes, or more")?;
//! let recorder = Recorder::builder(units).store(Arc::clone(&store)).start()?;
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
//! # The pages
//!
//! * All tests: for each its state, what is known of each track, how many units came each day, its plan, its owner and
//!   its alarms. With more than five, they can be filtered by state and owner, searched by name, and sorted.
//! * One test: the verdict, the advice and the next decision, the health of its data, the lift over time, its metrics
//!   and guardrails, and their numbers, which unfold. With [controls](Dashboard::controls), also what is in force.
//! * Decisions: what was decided about ended tests, by whom, why, and on which numbers.
//! * The facts of a unit, the state of the recorder and the requests that layers left out, all changes, pauses of this
//!   server, a planner, and a glossary of the words and numbers.
//!
//! Links at the end of each page lead to the same as JSON and CSV. If a set has a sample ratio mismatch, its results are
//! hidden below the reason until the reader opens them.
//!
//! Lists are paged: 50 sets, 50 decisions, 200 changes, 50 goals of a set, and 200 facts of each kind of a unit. `sets.json`
//! and `sets.csv` have up to 200 phases, with up to 5,000 goals, and their header `Link` has the next
//! part, as it has for a unit. `set.json` and `set.csv` have up to 1,000 goals, and a `Link` likewise.
//! Separate threads write large responses.
//!
//! # Decisions
//!
//! A test has ended when a [track was shipped](crate::control::Control::ship), or when no layer that the
//! dashboard knows has the set, all windows are over, and no unit was first exposed for 30 days. Then it is
//! on the page `ended`, and no longer in the list of all tests. The dashboard knows the layers whose
//! [pauses](Dashboard::pauses), [counts](Dashboard::counts) or [controls](Dashboard::controls) it has. `sets.json`
//! and `sets.csv` still have all sets; in `sets.json`, `ended` is not `null` for these.
//!
//! The table of a shipped test has the numbers of [the moment of shipping](crate::report::DecisionRecord). The paths
//! `decision.md` and `decision.json` have one decision, for a ticket.
//!
//! # When results are computed
//!
//! A background thread computes the [report](crate::report) and stores it. A page shows the latest
//! stored report with its time, after *as of*, and never computes one. If several machines use one
//! store, the first that finds the stored report too old computes the next. While the store does not
//! respond, pages show the previous report and name what is missing. Only the facts of a unit are read
//! on request, for at most three seconds, off the request path. Days are those of UTC, or of the
//! [time zone](crate::Plan::time_zone) of a plan.
//!
//! # Who may see it
//!
//! The closure decides for every request, so the pages cannot be open by accident. [`BasicAuth`] is an
//! access check for a start. Without [`Access`], the response does not even reveal whether a set exists.
//!
//! | access | results, recorder, pauses, changes | units and their keys | make changes, pause, resume, links |
//! | --- | --- | --- | --- |
//! | [`Numbers`](Access::Numbers) | yes | no | no |
//! | [`Read`](Access::Read) | yes | yes | no |
//! | [`Act`](Access::Act) | yes | yes | yes |
//!
//! This holds for pages, JSON and CSV alike. If the closure admits a request without a credential, its
//! host must be `localhost`, a loopback address, or one of [the allowed hosts](Dashboard::hosts);
//! otherwise the response is 421. Posts of other sites are refused by `Sec-Fetch-Site` and `Origin`.
//! Responses are `private, no-store`. The pages run no script, and their Content-Security-Policy
//! allows none.
//!
//! # Where it is mounted
//!
//! Mount it under any path with `nest_service`, which accepts the path with and without the final slash.
//! (axum's `nest` accepts only the path without it.) Links are relative, so the pages also work behind a
//! proxy that strips or renames a prefix. A redirect from the path without the slash needs the path that
//! the browser sees. nginx adds the slash itself if the location ends with one. Otherwise let it send the
//! path in `X-Original-URI`; other proxies use `X-Forwarded-Uri`.
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
//! # How a running set is changed
//!
//! With [controls](Dashboard::controls), a reader with [`Access::Act`] can pause and resume a set, set its
//! share, plan a ramp, close the enrolment, ship a track, exclude a span, reset the set, and approve a change
//! of another person. Each button on the page of a set first leads to a page that shows what the change would
//! do, when, and to how many of yesterday's units. The change is made by a form on that page. It needs a
//! reason, and its author is the name in [`Access::Act`].
//!
//! If the set was changed after that page was opened, nothing is done, and the response (409) shows the
//! faster change. A change that is not possible is refused with the reason (422), a value that cannot be read
//! with a message beside its field (400). If the log of changes cannot be written, the response is 503.
//! The log is read and written on a thread of its own, and a page waits at most 15 seconds for it.
//!
//! A set of the program without an exposure has a page too, since its share may have to be raised first.
//!
//! # The scope of a pause
//!
//! A pause by a change applies to all nodes that follow the log of changes, and survives a restart.
//!
//! The page of pauses applies to the layers of this server whose [handles](Dashboard::pauses) the dashboard
//! has. Such a pause does not reach other machines, and ends with a restart. The log of these pauses is kept
//! until the server stops, and each pause is a `tracing` event. For a set with controls, the page links to the
//! page of the set instead, and only ends a pause that is there already.
//!
//! Without a log of changes, use the environment variable `TRACKS_OFF` to turn a set off everywhere.
//!
//! # In a separate program
//!
//! A program without a layer can show the results, too. It needs the store, and the secret if readers
//! look up keys. [`BasicAuth`] is enough for a start.
//!
//! ```no_run
//! use std::sync::Arc;
//!
//! use tower_tracks::{
//!     Units,
//!     dashboard::{BasicAuth, Dashboard},
//!     store::Sqlite,
//! };
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let store = Arc::new(Sqlite::open("tracks.sqlite")?);
//! let owner = BasicAuth::from_env("owner", "TRACKS_PASSWORD")?;
//! let dashboard = Dashboard::new(store, move |parts| owner.access(parts))
//!     .units(Units::from_env("TRACKS_SECRET")?)
//!     .into_router();
//! let listener = tokio::net::TcpListener::bind("127.0.0.1:3001").await?;
//! axum::serve(listener, axum::Router::new().nest_service("/tracks", dashboard)).await?;
//! # Ok(())
//! # }
//! ```
//!
//! # For programs
//!
//! Each page with data is available as JSON and as CSV: its path is followed by `.json` or `.csv`, as
//! in `sets.json`, `set.csv?name=delay`, `changes.json?set=delay` and `unit.json?id=…`. `days.csv` has the primary goal of a set
//! by day. Names are in kebab case. A long list has a header `Link` with the relation `next`
//! (RFC 8288):
//!
//! ```text
//! GET /tracks/sets.json
//! Link: <sets.json?from=200>; rel="next"
//! ```

mod access;
mod acts;
mod base64;
mod basic_auth;
mod board;
mod builder;
mod ended;
mod gate;
mod hosts;
mod known;
mod pages;
mod plot;
mod refresher;
mod responses;
mod slow;
mod stranger;
mod threads;
mod view;
mod visit;

pub use self::{
    access::Access,
    basic_auth::{BasicAuth, BasicAuthError},
    builder::Dashboard,
};
