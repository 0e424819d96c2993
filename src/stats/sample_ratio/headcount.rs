//! The units of tracks beside their weights.

use crate::stats::{NoAnswer, counts::MOST_UNITS};

/// The units of a track, and its weight.
///
/// ```
/// use tower_tracks::stats::{Headcount, pearson};
///
/// // A track that should have a tenth of the units.
/// let control = Headcount { weight: 9.0, units: 90_456 };
/// let track = Headcount { weight: 1.0, units: 9544 };
/// assert!(pearson(&[control, track])?.p < 0.001);
/// # Ok::<(), tower_tracks::stats::NoAnswer>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Headcount {
    /// The weight of the track, on any scale. It must not have changed.
    pub weight: f64,
    /// The number of units exposed to the track.
    pub units: u64,
}

impl Headcount {
    /// Whether the track is compared with others. A weight that is not a number is none.
    pub(in crate::stats) fn takes_part(&self) -> bool {
        self.weight > 0.0
    }
}

/// Returns the number of units in tracks of weight 0, which should have none.
///
/// They are counted separately, and the tests ignore them.
///
/// The weights must have applied all the time. The units of a track that was switched off later are not
/// stray.
///
/// ```
/// use tower_tracks::stats::{Headcount, stray};
///
/// let tracks = [(1.0, 500), (1.0, 510), (0.0, 19)];
/// assert_eq!(stray(&tracks.map(|(weight, units)| Headcount { weight, units })), 19);
/// ```
pub fn stray(tracks: &[Headcount]) -> u64 {
    // A weight that is not a number is an error of the counts, and no weight of 0.
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
    if tracks
        .iter()
        .any(|track| track.weight.is_nan() || track.weight < 0.0)
    {
        return Err(NoAnswer::Impossible);
    }
    if tracks.iter().any(|track| track.units > MOST_UNITS) {
        return Err(NoAnswer::TooManyUnits);
    }
    let live: Vec<_> = tracks.iter().filter(|track| track.takes_part()).collect();
    let largest = live.iter().map(|track| track.weight).fold(0.0, f64::max);
    // By the largest, so that the sum cannot overflow.
    let scaled = |track: &Headcount| track.weight / largest;
    let sum: f64 = live.iter().map(|track| scaled(track)).sum();
    let expected = live.iter().map(|track| Expected {
        share: scaled(track) / sum,
        units: track.units as f64,
    });
    let expected: Vec<_> = expected.collect();
    if expected.len() < 2 {
        return Err(NoAnswer::NothingToCompare);
    }
    // What is not a number is no share, either.
    let sound = expected.iter().all(|track| track.share >= 1e-30);
    sound.then_some(expected).ok_or(NoAnswer::OutOfRange)
}
