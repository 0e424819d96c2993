//! Assigns keys to tracks.
//!
//! Assignment is pure: it uses no I/O, clock, randomness or HTTP. `build` checks a definition once. After
//! that, assigning cannot fail: every key gets a [`Choice`], and it is the same one on every machine.
//!
//! ```
//! use tower_tracks::{MultiTrackSet, SimpleTrackSet};
//!
//! #[derive(Debug)]
//! struct Delay(u64);
//!
//! struct Customer {
//!     is_vip: bool,
//! }
//!
//! let sets = MultiTrackSet::builder()
//!     .add(
//!         SimpleTrackSet::new("delay")
//!             .track("short", Delay(500))
//!             .track("long", Delay(2000))
//!             .eligible(|customer: &Customer| !customer.is_vip),
//!     )
//!     .build()?;
//!
//! let choice = sets.assign("alice", &Customer { is_vip: false });
//! assert_eq!(choice.to_string(), "delay/short");
//! assert_eq!(choice.value::<Delay>().map(|delay| delay.0), Some(500));
//!
//! let choice = sets.assign("alice", &Customer { is_vip: true });
//! assert_eq!(choice.track(), None);
//! # Ok::<(), tower_tracks::DefinitionError>(())
//! ```

mod bucketing;
mod builder;
mod choice;
mod context;
mod definition;
mod distinct;
mod error;
mod fingerprint;
mod intent;
#[cfg(feature = "serde")]
mod json;
mod key;
mod multi;
mod name;
mod param;
mod pick;
mod pins;
mod run;
mod run_id;
mod segment;
mod set;
mod sets;
mod simple;
mod track;
mod track_ref;
mod typed;

#[cfg(feature = "tower")]
pub(crate) use self::distinct::check_distinct;
#[cfg(feature = "serde")]
pub use self::json::StoredSets;
#[cfg(feature = "overrides")]
pub(crate) use self::name::TRACK_RULE;
#[cfg(any(
    feature = "clickhouse",
    feature = "decode",
    feature = "overrides",
    feature = "postgres",
    feature = "propagation",
    feature = "sqlite",
    feature = "warehouse"
))]
pub(crate) use self::name::is_track_name;
pub use self::{
    bucketing::Bucketing,
    builder::MultiTrackSetBuilder,
    choice::Choice,
    context::{ContextState, For, Join, NoContext},
    definition::Definition,
    error::DefinitionError,
    fingerprint::Fingerprint,
    intent::{Metric, MetricKind, Plan, Sum},
    key::Key,
    multi::MultiTrackSet,
    param::ParamTrackSet,
    pick::Reason,
    run::{AsyncParamTrack, AsyncTrack, Run, RunAsync},
    run_id::RunId,
    set::Set,
    simple::SimpleTrackSet,
    track::{Track, TrackValue},
    track_ref::TrackRef,
    typed::{TrackSet, TypedTrack, TypedTrackSet},
};
pub(crate) use self::{
    definition::DEFAULT_UNIT,
    key::KEY_RULE,
    name::{SET_RULE, is_set_name},
    pick::Pick,
    sets::Sets,
};
