//! What happened, and the port by which it leaves.
//!
//! An [`Exposure`] says that somebody met a track: a handler read it and acted on it. It is
//! handed to whatever implements [`Observe`]. Nothing here does I/O or reads a clock.
//!
//! # When an exposure happens
//!
//! In a request, when a handler reads a track, and only then; it is told once per request
//! and set, when the response's head is ready or the request ends without one. Outside a
//! request, when the program says so:
//!
//! ```
//! use std::time::SystemTime;
//! use tower_tracks::{Exposure, Key, Observe, SimpleTrackSet};
//!
//! let observer = |exposure: &Exposure| println!("{exposure}");
//!
//! let subject = SimpleTrackSet::new("subject").track("short", "Coconuts!").build()?;
//! let key = Key::from(42);
//! let choice = subject.assign(&key, &());
//! // … send the mail with that subject, and then:
//! if let Some(exposure) = Exposure::new(choice, key, SystemTime::now()) {
//!     observer.observe(&exposure);
//! }
//! # Ok::<(), tower_tracks::DefinitionError>(())
//! ```

mod exposure;
mod observe;
mod outcome;

pub use self::{exposure::Exposure, observe::Observe, outcome::Outcome};
