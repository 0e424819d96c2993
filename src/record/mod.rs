//! Exposures and conversions, kept off the request path.
//!
//! A [`Recorder`] is told by the layer who met which track, and by handlers who reached which goal.
//! On the request path it puts that into a bounded queue and does no more; threads of its own write
//! it into a [`Store`], from which results are read, and into other [`Sink`]s.
//!
//! ```
//! use std::{sync::Arc, time::Duration};
//!
//! use axum::{Router, routing::post};
//! use tower_tracks::{
//!     Goals, SimpleTrackSet, TracksLayer, Units,
//!     record::{Memory, Recorder},
//! };
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
//! let recorder = Recorder::builder(units).shared_store(store).start()?;
//!
//! let delay = SimpleTrackSet::new("delay").track("short", 500).track("long", 2000).build()?;
//! let app: Router = Router::new()
//!     .route("/order", post(order))
//!     .layer(TracksLayer::new(delay).observe(recorder.clone()));
//! // … serve it, and in the end:
//! println!("{}", recorder.shutdown(Duration::from_secs(5)).await);
//! # Ok(())
//! # }
//! ```
//!
//! # What is kept
//!
//! Facts, not counters: who met which track, and when first; who reached which goal, when, and what
//! that was worth. Told twice, or by two machines, they are the same facts, so what may or may not
//! have been written is written again. Beside them are the definitions and plans of the sets that units
//! were exposed under, what the requests of each track summed up to (errors, aborts, durations), and
//! what was lost. A set without an exposure leaves nothing.
//!
//! A key is kept as a [`Unit`](crate::Unit), by a secret. A key that was drawn for one request is
//! not kept, and an exposure of it is not noted.
//!
//! # What may be lost
//!
//! When a sink takes less than it is told for so long that its queue is full, events are lost.
//! They are counted by set and track, since uneven loss looks like an effect:
//! [`Recorder::losses`] has the numbers, and a store keeps them. So are those that a shutdown left
//! no time for. A process that is killed loses what waited, a second's worth by default; what a
//! [`flush`](Recorder::flush) confirmed is written.
//!
//! A sink that fails is tried again, at growing intervals of up to ten seconds, and its events wait in
//! the queue; the log has one line with all causes when that begins, and one when it is over. Only
//! an event whose own values a store [refuses](StoreErrorKind::Refused) is set aside with the
//! reason, and the rest goes on.

mod attribution;
mod calendar;
mod chain;
#[cfg(any(feature = "import", feature = "report"))]
pub(crate) mod control;
#[cfg(any(feature = "import", feature = "report"))]
pub(crate) mod csv_cell;
#[cfg(feature = "import")]
mod export;
mod facts;
mod files;
#[cfg(feature = "import")]
mod import;
mod recorder;
mod set_digest;
mod sinks;
mod stores;
mod timestamp;

pub use crate::i256::I256;

pub(crate) use self::chain::chain;
#[cfg(feature = "cli")]
pub(crate) use self::files::owner_only;
pub use self::{
    attribution::*, calendar::Calendar, facts::*, recorder::*, sinks::*, stores::*,
    timestamp::Timestamp,
};
#[cfg(feature = "import")]
pub use self::{export::*, import::*};
use self::{
    set_digest::SetDigest,
    sinks::{StoreSink, is_error},
};

// By name, beside the globs: so the compiler tells whoever misses one which feature has it.
#[cfg(feature = "tracing")]
pub use self::sinks::FeatureFlagEvents;
#[cfg(feature = "metrics")]
pub use self::sinks::Metrics;
#[cfg(feature = "postgres")]
pub use self::stores::Postgres;
#[cfg(feature = "sqlite")]
pub use self::stores::Sqlite;
#[cfg(feature = "import")]
pub use self::{
    export::Export,
    import::{AccessLog, Import},
};
