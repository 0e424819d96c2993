//! Changes to running tests, without a deploy.
//!
//! The code defines the sets. A [`Change`] controls how much of a set happens: it pauses a
//! set, enrols another share of the units, ends the enrolment, or ships a track. No change moves a key
//! from one track to another, so no change biases a running test.
//!
//! A [`ChangeLog`] keeps the changes, and [`state`] computes from them what is in force.
//!
//! ```
//! use tower_tracks::{
//!     SimpleTrackSet,
//!     control::{Act, Appended, ChangeLog, Code, Draft, MemoryLog, Mode, state},
//! };
//!
//! let delay = SimpleTrackSet::new("delay").track("long", 2000).build()?;
//! let code = Code::of(&delay).next().expect("one set");
//!
//! let log = MemoryLog::default();
//! let pause = Draft::new("delay", 1, Act::Pause, "alice", "errors in checkout");
//! let Appended::Added(change) = log.append(&pause, 0)? else { panic!("a conflict") };
//! let read = log.after(0)?;
//! assert_eq!(state(code, &read.changes, change.effective_at).mode, Mode::Paused);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod act;
mod alert;
#[cfg(any(feature = "cli", feature = "report"))]
mod alone;
mod builder;
mod cache;
mod change;
mod clock;
mod code;
#[cfg(feature = "test-util")]
pub mod conformance;
mod control;
mod controls;
mod course;
mod dials;
mod error;
#[cfg(feature = "report")]
mod guarding;
mod json_log;
mod known;
mod log;
mod memory;
mod poller;
mod proposal;
mod reach;
mod shared;
#[cfg(feature = "dashboard")]
mod snapshot;
mod state;
#[cfg(any(feature = "postgres", feature = "sqlite"))]
mod stored;
mod void;

#[cfg(feature = "cli")]
pub(crate) use self::act::percent;
#[cfg(feature = "report")]
pub(crate) use self::alert::GUARD;
#[cfg(any(feature = "cli", feature = "report"))]
pub(crate) use self::alone::alone;
pub(crate) use self::dials::Dials;
#[cfg(feature = "cli")]
pub(crate) use self::proposal::{Proposal, Rules};
pub use self::{
    act::{Act, Step},
    alert::Alert,
    builder::ControlsBuilder,
    change::{Change, Draft},
    code::Code,
    control::Control,
    controls::Controls,
    error::ControlError,
    json_log::JsonLog,
    log::{Appended, ChangeLog, Changes, Malformed},
    memory::MemoryLog,
    state::{Mode, Ramp, Shipped, Span, State, state},
    void::Void,
};
#[cfg(feature = "dashboard")]
pub(crate) use self::{
    known::Health,
    snapshot::{Outlook, Snapshot},
};
