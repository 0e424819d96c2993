//! What is in force, as requests read it: one relaxed atomic for each set, so that no request sees half
//! of a change.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering::Relaxed},
};

use crate::assign::Sets;

use super::{code::Code, state::Mode};

/// The modes of the sets of a group.
#[derive(Debug)]
pub(crate) struct Dials {
    sets: Arc<Sets>,
    modes: Box<[AtomicU64]>,
}

/// A share is stored as the bits of its number, which are lower than these: the number 1 is
/// `0x3ff0…`.
const CODE: u64 = u64::MAX;
const PAUSED: u64 = u64::MAX - 1;

/// The index of a shipped track is stored above this.
const SHIPPED: u64 = 1 << 63;

impl Dials {
    /// Returns the dials of a group, which leave everything to the code.
    pub(crate) fn new(sets: Arc<Sets>) -> Self {
        let modes = sets.iter().map(|_| AtomicU64::new(CODE)).collect();
        Self { sets, modes }
    }

    /// Returns the mode of a set.
    #[inline]
    pub(crate) fn mode(&self, set: usize) -> Mode {
        match self.modes.get(set).map_or(CODE, |mode| mode.load(Relaxed)) {
            CODE => Mode::Code,
            PAUSED => Mode::Paused,
            shipped if shipped >= SHIPPED => Mode::Shipped((shipped - SHIPPED) as usize),
            share => Mode::Share(f64::from_bits(share)),
        }
    }

    /// Sets the mode of a set, and returns whether it was another one.
    pub(super) fn put(&self, set: usize, mode: Mode) -> bool {
        let bits = match mode {
            Mode::Code => CODE,
            Mode::Paused => PAUSED,
            Mode::Shipped(track) => SHIPPED + track as u64,
            // Without a sign, which the bits of a negative zero have.
            Mode::Share(share) => share.abs().to_bits(),
        };
        self.modes
            .get(set)
            .is_some_and(|mode| mode.swap(bits, Relaxed) != bits)
    }

    /// Returns the sets of the group, in their order.
    pub(super) fn codes(&self) -> impl Iterator<Item = Code<'_>> {
        self.sets
            .iter()
            .map(|set| Code::new(set, self.are_of_one()))
    }

    pub(super) fn sets(&self) -> &Sets {
        &self.sets
    }

    /// Whether the group has a single set.
    pub(super) fn are_of_one(&self) -> bool {
        self.modes.len() == 1
    }
}
