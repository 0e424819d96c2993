use super::{Headcount, headcount::live};
use crate::stats::{ChiSquare, NoAnswer};

/// Pearson's test of the sample ratio, which everybody knows. It is for one look.
///
/// **Warning**: looked at after every unit, it raises a false alarm at 0.001 in 3.5% of sets.
/// [`ratio_p`](crate::stats::ratio_p) is the one that decides.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Pearson {
    /// `Σ (nᵢ − Nθᵢ)² / (Nθᵢ)`.
    pub statistic: f64,
    /// One less than the tracks of a weight above 0.
    pub degrees_of_freedom: u32,
    /// The upper tail of the chi-square distribution; 0 when it is below 1e-300.
    pub p: f64,
    /// The smallest expected number of units in a track. Below 5, the p-value is unreliable.
    pub least_expected: f64,
}

/// Returns Pearson's chi-square test of the sample ratio.
///
/// Source: Pearson 1900; the threshold of 0.001 is that of Kohavi, Tang & Xu 2020.
///
/// # Errors
///
/// Without units, and unless two tracks have a weight above 0.
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
