//! The test of the sample ratio for one look, which readers of other tools know.

use super::{Headcount, headcount::live};
use crate::stats::{ChiSquare, NoAnswer};

/// Pearson's test of the sample ratio. It is well known, but valid at one look only.
///
/// **Warning**: if you look after every unit, it raises a false alarm at 0.001 in 3.5% of sets.
/// [`ratio_p`](crate::stats::ratio_p) decides instead.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Pearson {
    /// `Σ (nᵢ − Nθᵢ)² / (Nθᵢ)`.
    pub statistic: f64,
    /// The number of tracks with a weight above 0, minus one.
    pub degrees_of_freedom: u32,
    /// The upper tail of the chi-square distribution; 0 when it is below 1e-300.
    pub p: f64,
    /// The smallest expected number of units in a track. Below 5, the p-value is unreliable.
    pub least_expected: f64,
}

/// Returns Pearson's chi-square test of the sample ratio.
///
/// Tracks of weight 0 are ignored, both in the sum and in the degrees of freedom.
///
/// ```
/// use tower_tracks::stats::{Headcount, pearson};
///
/// // A published mismatch, of tracks that should be equally large.
/// let tracks = [821_588, 815_482].map(|units| Headcount { weight: 1.0, units });
/// let found = pearson(&tracks)?;
/// assert_eq!((found.statistic * 100.0).round(), 2277.0);
/// assert_eq!((found.p * 1e8).round(), 182.0);
/// # Ok::<(), tower_tracks::stats::NoAnswer>(())
/// ```
///
/// Source: Pearson 1900; the threshold of 0.001 is that of Kohavi, Tang & Xu 2020.
///
/// # Errors
///
/// If there are no units, or if fewer than two tracks have a weight above 0.
pub fn pearson(tracks: &[Headcount]) -> Result<Pearson, NoAnswer> {
    let live = live(tracks)?;
    let units: f64 = live.iter().map(|track| track.units).sum();
    if units == 0.0 {
        return Err(NoAnswer::NoUnits);
    }
    let square = |expected: f64, seen: f64| (seen - expected) * (seen - expected) / expected;
    let statistic = live
        .iter()
        .map(|track| square(units * track.share, track.units))
        .sum();
    let degrees_of_freedom = u32::try_from(live.len() - 1).map_err(|_| NoAnswer::OutOfRange)?;
    let distribution = ChiSquare::new(degrees_of_freedom).ok_or(NoAnswer::NothingToCompare)?;
    Ok(Pearson {
        statistic,
        degrees_of_freedom,
        p: distribution.sf(statistic).ok_or(NoAnswer::OutOfRange)?,
        least_expected: live
            .iter()
            .map(|track| units * track.share)
            .fold(units, f64::min),
    })
}
