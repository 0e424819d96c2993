//! Records exposures and conversions, off the request path.
//!
//! A [`Recorder`] receives exposures from the layer and conversions from handlers. On the request path
//! it only puts them into a bounded queue. Its own threads write them into a
//! [`Store`](crate::store::Store), which reports read, and into other [`Sink`]s.
//!
//! ```
//! use std::{sync::Arc, time::Duration};
//!
//! use axum::{Router, routing::post};
//! use tower_tracks::{Goals, SimpleTrackSet, TracksLayer, Units, record::Recorder, store::Memory};
//!
//! async fn order(goals: Goals) -> &'static str {
//!     let order_id = "17"; // … the order is placed …
//!     goals.reached("purchase").value(19.90).once(order_id).ok();
//!     "thank you"
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let units = Units::pseudonym("sixteen random bytes, or more")?;
//! let store = Arc::new(Memory::default());
//! let recorder = Recorder::builder(units).store(store).start()?;
//!
//! let delay = SimpleTrackSet::new("delay").track("short", 500).track("long", 2000).build()?;
//! let app: Router = Router::new()
//!     .route("/order", post(order))
//!     .layer(TracksLayer::new(delay).observe(recorder.clone()));
//! // … serve it, and at the end:
//! println!("{}", recorder.shutdown(Duration::from_secs(5)).await);
//! # Ok(())
//! # }
//! ```
//!
//! Tests and jobs record in the same way, without a layer: [`Recorder::reached`] takes a key, and
//! [`flush`](Recorder::flush) waits until all events are written.
//!
//! ```
//! use std::sync::Arc;
//!
//! use tower_tracks::{
//!     Key, Units,
//!     record::Recorder,
//!     store::{Memory, Store},
//! };
//!
//! let store = Arc::new(Memory::default());
//! let units = Units::pseudonym("sixteen random bytes, or more")?;
//! let recorder = Recorder::builder(units).store(Arc::clone(&store)).start()?;
//! recorder.reached(("user", &Key::from(42)), "renewal").value(9.90).once("invoice 117")?;
//! recorder.flush().wait()?;
//!
//! let unit = recorder.units().unit("user", &Key::from(42));
//! assert_eq!(store.history(unit)?.conversions.len(), 1);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Sinks
//!
//! sink | contents | name
//! --- | --- | ---
//! [a store](RecorderBuilder::store) | facts, which reports read | `store`
//! [`JsonLines`] | facts in files, for other programs and as a backup | `json-lines`
//! `Metrics` | counters, for a monitoring system (feature `metrics`) | `metrics`
//! `FeatureFlagEvents` | `tracing` events with the attributes of OpenTelemetry (feature `tracing`) | `feature-flag-events`
//! [`Sink`] | what your own type writes | its own
//!
//! A recorder may have several sinks. Each sink has its own queue and its own thread, so a slow sink does
//! not delay the others.
//!
//! # Operation
//!
//! [`Recorder::tallies`] returns the numbers of written and lost events, [`Recorder::depths`] returns the
//! lengths of the queues, and [`Recorder::losses`] lists the lost events. All three are cheap enough for a
//! health check:
//!
//! ```
//! use tower_tracks::record::Recorder;
//!
//! /// Returns whether every sink keeps up with the events.
//! fn is_healthy(recorder: &Recorder) -> bool {
//!     let is_fine = |(_, waiting, capacity): (&str, usize, usize)| 2 * waiting <= capacity;
//!     recorder.depths().all(is_fine) && recorder.losses().is_empty()
//! }
//! ```
//!
//! Shut down the recorder after the server. A graceful shutdown of axum returns when the last request is
//! answered. After that, there are no more events.
//!
//! ```no_run
//! use std::time::Duration;
//!
//! use axum::Router;
//! use tower_tracks::record::Recorder;
//!
//! async fn serve(app: Router, recorder: Recorder) -> std::io::Result<()> {
//!     let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
//!     let stopped = async { drop(tokio::signal::ctrl_c().await) };
//!     axum::serve(listener, app).with_graceful_shutdown(stopped).await?;
//!     println!("{}", recorder.shutdown(Duration::from_secs(5)).await);
//!     Ok(())
//! }
//! ```
//!
//! # What is recorded
//!
//! A recorder records facts, not counters. The facts are the first exposure of each unit to each track, and
//! each conversion with its goal, time and value. If a fact is recorded twice, or by two machines, it is
//! stored once. So a write can be repeated if it is not known whether it succeeded. A store also has the
//! definitions and plans of sets with exposures, sums over the requests of each track (errors, aborts,
//! durations), and the numbers of lost events. Nothing is stored about a set without an exposure.
//!
//! A key is recorded as a [`Unit`](crate::unit::Unit), computed with a secret. Exposures with a random key
//! are not recorded, because such a key belongs to a single request.
//!
//! # What may be lost
//!
//! Events are lost if a queue is full because its sink is too slow for too long, or if the time limit of a
//! shutdown is over before they are written. [`LostReason`](crate::store::LostReason) lists rarer cases.
//! Lost events are counted by set and track, because a loss that differs between tracks looks like an
//! effect. [`Recorder::losses`] returns the numbers, and a store keeps them. A process that is killed loses
//! its queued events, by default those of the last second. After a [`flush`](Recorder::flush) has
//! succeeded, all events before it are written.
//!
//! If a sink fails, the recorder tries again, at growing intervals of up to ten seconds, and events stay in
//! the queue. The log has one line with all causes when the failure begins, and one when it ends. If a
//! store [refuses](crate::store::StoreErrorKind::Refused) the values of an event, only this event is set
//! aside: it is stored apart from the facts, with the reason.

mod recorder;
mod set_digest;
mod sinks;

#[cfg(feature = "tracing")]
pub use self::sinks::FeatureFlagEvents;
#[cfg(feature = "metrics")]
pub use self::sinks::Metrics;

pub use self::{
    recorder::{
        Closing, Flush, FlushError, Lost, Receipt, ReceiptError, Recorder, RecorderBuilder,
        StartError, Subjects, Tallies, Tally,
    },
    sinks::{Ceiling, JsonLines, Record, Sink, SinkError, Taken},
};

use self::set_digest::SetDigest;
