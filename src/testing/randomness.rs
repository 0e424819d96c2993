//! Seeded random bytes for tests.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::middleware::Randomness;

/// Returns random bytes that are the same in every run of a test, and other ones for another seed.
///
/// # Warning
///
/// They are easily guessed: they are for tests alone.
///
/// ```
/// use tower_tracks::{SimpleTrackSet, TracksLayer, testing::randomness};
///
/// let delay = SimpleTrackSet::new("delay").track("short", 500).build()?;
/// let layer = TracksLayer::new(delay).randomness(randomness(7));
/// # Ok::<(), tower_tracks::DefinitionError>(())
/// ```
pub fn randomness(seed: u64) -> Randomness {
    let drawn = AtomicU64::new(0);
    Randomness::from_fn(move || {
        let count = drawn.fetch_add(1, Ordering::Relaxed);
        // Mixed, since the draws of neighbouring seeds would overlap, and in steps of two, since
        // each draw takes two numbers.
        let start = mixed(seed).wrapping_add(count.wrapping_mul(2));
        let [first, second] = [start, start.wrapping_add(1)].map(mixed);
        (u128::from(first) << 64 | u128::from(second)).to_be_bytes()
    })
}

/// One step of SplitMix64 (Steele, Lea and Flood, 2014).
///
/// Each output of the generator is used once, so two calls never return the same bytes.
fn mixed(number: u64) -> u64 {
    let number = number.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}
