//! The proof that assignment is fair: it is uniform, splits as configured, and what should be
//! independent is. `--nocapture` shows each test's worst statistic beside its threshold.
//!
//! # How likely is a false alarm?
//!
//! The scheme and the keys are fixed, so each of these tests passes for ever or fails for ever.
//! The thresholds say how likely a perfect hash would have been to fail them:
//!
//! | test | comparisons in release | each fails by chance | together |
//! |---|---|---|---|
//! | uniformity, 100 cells: 4 words × 50 sets × 4 populations | 800 | 4.9e-10 | 3.9e-7 |
//! | neighbouring keys: 50 sets × 4 populations | 200 | 4.9e-10 | 1.0e-7 |
//! | splits: 11 × 4 populations | 44 | 5.0e-10 | 2.2e-8 |
//! | crossed: 5 × 4 populations | 20 | 4.9e-10 | 1.0e-8 |
//! | pairs, 2×2: 1,225 × 4 populations | 4,900 | 2.1e-11 | 1.0e-7 |
//! | pairs, 10×10: 1,225 × 4 populations | 4,900 | 2.0e-11 | 1.0e-7 |
//! | p-values of the pairs: 4 populations | 4 | 2.7e-8 | 1.1e-7 |
//! | avalanche, 64×64 bits | 4,096 | 2.0e-11 | 8.3e-8 |
//!
//! That is 9.1e-7 in all, less than one in a million.

mod avalanche;
pub(crate) mod chi_square;
mod crossed;
mod drawn;
mod neighbours;
mod pairs;
mod population;
mod splits;
mod threads;
mod uniformity;
mod worst;

/// The keys of each population.
///
/// What is around the hash is some ten times slower without optimisation, so a debug build tests
/// a tenth of the keys and a quarter of the sets. The quantiles of χ² do not depend on the number of keys; what
/// does depend on it is scaled where it is used.
const KEYS: usize = if cfg!(debug_assertions) {
    20_000
} else {
    200_000
};

/// The sets, of near-identical names: `test-01` and so on.
const SETS: usize = if cfg!(debug_assertions) { 12 } else { 50 };
