//! What happened, and the port by which it leaves.
//!
//! An [`Exposure`] says that somebody met a track: a handler read it and acted on it. It is
//! handed to whatever implements [`Observe`]. Nothing here does I/O or reads a clock.
//!
//! Outside a request, the program says when it acts on a track:
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

mod alias;
mod exposure;
mod observe;
mod outcome;

pub use self::{alias::Alias, exposure::Exposure, observe::Observe, outcome::Outcome};
