//! The clock of rotations. Both times are read together, so that a wall clock that jumps is
//! noticed.

use std::time::Instant;

use crate::store::Timestamp;

/// A moment by both clocks of the machine.
#[derive(Debug, Clone, Copy)]
pub(super) struct Now {
    /// By the wall clock, which may jump either way.
    pub(super) wall: Timestamp,
    /// The time of the monotonic clock.
    pub(super) steady: Instant,
}

impl Now {
    /// Reads both clocks.
    pub(super) fn read() -> Self {
        Self {
            wall: Timestamp::now(),
            steady: Instant::now(),
        }
    }
}
