use crate::stats::NoAnswer;

/// How many units a track has, and how many it should have relative to the others.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Headcount {
    /// The weight of the track, on any scale; it was the same all the time.
    pub weight: f64,
    /// The units exposed to it.
    pub units: u64,
}

/// Returns the units in tracks of weight 0, where none can be.
///
/// They are counted apart, and take no part in the tests.
pub fn stray(tracks: &[Headcount]) -> u64 {
    let switched_off = tracks.iter().filter(|track| track.weight == 0.0);
    switched_off.fold(0, |sum, track| sum.saturating_add(track.units))
}

/// What is expected of a track and what is there.
#[derive(Clone, Copy)]
pub(super) struct Expected {
    /// The share of the units that it should have.
    pub(super) share: f64,
    /// The units it has.
    pub(super) units: f64,
}

/// The tracks of a weight above 0.
pub(super) fn live(tracks: &[Headcount]) -> Result<Vec<Expected>, NoAnswer> {
    if tracks.iter().any(|track| !(track.weight >= 0.0)) {
        return Err(NoAnswer::Impossible);
    }
    let live = || tracks.iter().filter(|track| track.weight > 0.0);
    let largest = live().map(|track| track.weight).fold(0.0, f64::max);
    // By the largest, so that the sum cannot overflow.
    let sum: f64 = live().map(|track| track.weight / largest).sum();
    let shares = live().map(|track| Expected {
        share: track.weight / largest / sum,
        units: track.units as f64,
    });
    let shares: Vec<_> = shares.collect();
    match shares.len() {
        _ if !sum.is_finite() || shares.iter().any(|track| track.share < 1e-30) => {
            Err(NoAnswer::OutOfRange)
        }
        0 | 1 => Err(NoAnswer::NothingToCompare),
        _ => Ok(shares),
    }
}
