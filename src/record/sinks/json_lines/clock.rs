//! The clock of rotations. Both times are read together, so that a wall clock that jumps is
//! detected.

use std::{sync::Arc, time::Instant};

use crate::store::Timestamp;

/// A moment by both clocks of the machine.
#[derive(Debug, Clone, Copy)]
pub(super) struct Now {
    /// By the wall clock, which may jump either way.
    pub(super) wall: Timestamp,
    /// The time of the monotonic clock.
    pub(super) steady: Instant,
}

/// The source of time for rotations.
#[derive(Clone)]
pub(super) struct Clock(Arc<dyn Fn() -> Now + Send + Sync>);

impl Clock {
    #[cfg(test)]
    pub(super) fn from_fn(now: impl Fn() -> Now + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }

    /// Returns the present time by both clocks.
    pub(super) fn now(&self) -> Now {
        (self.0)()
    }
}

impl Default for Clock {
    fn default() -> Self {
        Self(Arc::new(|| Now {
            wall: Timestamp::now(),
            steady: Instant::now(),
        }))
    }
}
