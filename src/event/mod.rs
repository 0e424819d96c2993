//! Events: exposures and conversions, and the trait that receives them.
//!
//! An [`Exposure`] is the fact that a unit was exposed to a track: a handler read the track and acted
//! on it. A [`Conversion`] is the fact that a unit reached a [`Goal`]. Both go to an implementation of
//! [`Observe`]. Nothing in this module does I/O or reads a clock.
//!
//! A [`Unit`](crate::unit::Unit) is the recorded form of a key.
//!
//! Outside a request, the program reports the exposure when it acts on a track:
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
mod conversion;
mod exposure;
mod goal;
mod observe;
mod outcome;
#[cfg(any(feature = "record", feature = "tower"))]
mod reached;

#[cfg(any(feature = "record", feature = "tower"))]
pub use self::reached::Reached;
#[cfg(any(feature = "record", feature = "tower"))]
pub(crate) use self::reached::Told;

pub use self::{
    alias::Alias,
    conversion::Conversion,
    exposure::Exposure,
    goal::{Goal, GoalError},
    observe::Observe,
    outcome::Outcome,
};
