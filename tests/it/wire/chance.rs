use std::time::Duration;

use super::fault::{Fault, Way};

/// Faults that strike packets by chance: the same sequence for each seed.
#[derive(Debug, Clone)]
pub(crate) struct Chance {
    state: u64,
    one_in: u64,
}

impl Chance {
    /// Returns faults of a seed, one in so many packets.
    pub(crate) fn new(seed: u64, one_in: u64) -> Self {
        Self {
            state: seed,
            one_in: one_in.max(1),
        }
    }

    /// Returns the fault of the next packet, if there is one.
    pub(super) fn next(&mut self) -> Option<Fault> {
        if !self.draw().is_multiple_of(self.one_in) {
            return None;
        }
        Some(match self.draw() % 5 {
            0 => Fault::Swallow(Way::ToServer),
            1 => Fault::Swallow(Way::ToClient),
            2 => Fault::Swallow(Way::Both),
            3 => Fault::Delay(Duration::from_millis(self.draw() % 100)),
            _ => Fault::Cut,
        })
    }

    fn draw(&mut self) -> u64 {
        self.state = self
            .state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        self.state >> 33
    }
}
