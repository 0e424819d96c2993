use std::{env, thread};

/// Returns the number of rounds of each case: the variable `TRACKS_ROUNDS`, or 100. A store that is slow to open
/// may run fewer.
///
/// ```
/// assert!(tower_tracks::store::conformance::random::rounds() > 0);
/// ```
pub fn rounds() -> u64 {
    env::var("TRACKS_ROUNDS").map_or(100, |rounds| rounds.parse().unwrap())
}

/// Prints the seed of a round that fails.
pub(super) struct Seed {
    case: &'static str,
    seed: u64,
}

impl Seed {
    pub(super) fn new(case: &'static str, seed: u64) -> Self {
        Self { case, seed }
    }

    /// Returns at most this many, and few in the first rounds.
    pub(super) fn up_to(&self, most: usize) -> usize {
        // So that the first round that fails is a small one, which is easy to read.
        most.min(1 + self.seed as usize)
    }
}

impl Drop for Seed {
    fn drop(&mut self) {
        if thread::panicking() {
            let Self { case, seed } = self;
            eprintln!("the seed of this round is {seed}: `conformance::random::{case}` repeats it");
        }
    }
}
