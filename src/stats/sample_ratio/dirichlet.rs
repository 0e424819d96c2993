//! The test of the sample ratio that is valid at every look.

use super::{
    Headcount,
    headcount::{Expected, live},
};
use crate::stats::{
    NoAnswer,
    distribution::{deviance, stirling},
};

/// The concentration of the alternative around the configured shares, in units.
///
/// With 1,000, a shift from 50% to 52% is found after about 7,000 units, and a shift to 51% after 26,000
/// units. With 10,000, small sites would not find a mismatch.
pub const CONCENTRATION: f64 = 1000.0;

/// Returns the p-value of the sample ratio, which is valid at every look. Without a mismatch, the probability
/// that it is ever at most `a` is at most `a`, exactly.
///
/// It is `min(1, 1/BF)` of [`ratio_evidence`] at the concentration of 1,000. At or below 0.01 a
/// mismatch is suspected; at or below 0.001 the goals must not be read.
///
/// ```
/// use tower_tracks::stats::{Headcount, ratio_p};
///
/// let tracks = |units: [u64; 2]| units.map(|units| Headcount { weight: 1.0, units });
/// // Of 30,000 units 51% are in control: not enough for a suspicion.
/// assert_eq!((ratio_p(&tracks([15_300, 14_700]))? * 1e4).round(), 167.0);
/// assert_eq!(ratio_p(&tracks([5000, 5100]))?, 1.0);
/// assert!(ratio_p(&tracks([1000, 0]))? < 0.001);
/// # Ok::<(), tower_tracks::stats::NoAnswer>(())
/// ```
///
/// # Errors
///
/// If fewer than two tracks have a weight above 0, or a weight is negative or not a number.
pub fn ratio_p(tracks: &[Headcount]) -> Result<f64, NoAnswer> {
    Ok(libm::exp(-ratio_evidence(tracks, CONCENTRATION)?).min(1.0))
}

/// Returns the logarithm of the Bayes factor for a mismatch. It compares shares that follow `Dirichlet(k θ)`
/// with the configured shares `θ`.
///
/// ```text
/// ln BF = ln Γ(k) − ln Γ(k+N) + Σ [ln Γ(kθᵢ+nᵢ) − ln Γ(kθᵢ) − nᵢ ln θᵢ]
/// ```
///
/// It is computed in a form that stays exact for hundreds of millions of units. With `Z = k + N`,
/// `dᵢ = (nᵢ − Nθᵢ)/(Zθᵢ)`, `ψ(u) = (1+u) ln(1+u) − u` and the remainder `S` of Stirling's formula:
///
/// ```text
/// ln BF = Z Σ θᵢ ψ(dᵢ) − ½ Σ ln((kθᵢ+nᵢ)/(kθᵢ)) + ½ ln(Z/k) + Σ [S(kθᵢ+nᵢ) − S(kθᵢ)] − S(Z) + S(k)
/// ```
///
/// ```
/// use tower_tracks::stats::{CONCENTRATION, Headcount, ratio_evidence};
///
/// let tracks = [15_300, 14_700].map(|units| Headcount { weight: 1.0, units });
/// assert_eq!((ratio_evidence(&tracks, CONCENTRATION)? * 100.0).round(), 409.0);
/// // Without units there is no evidence.
/// assert_eq!(ratio_evidence(&[Headcount { weight: 1.0, units: 0 }; 2], CONCENTRATION)?, 0.0);
/// # Ok::<(), tower_tracks::stats::NoAnswer>(())
/// ```
///
/// Source: Lindon & Malek 2022, "Anytime-valid inference for multinomial count data".
///
/// # Errors
///
/// If fewer than two tracks have a weight above 0, if a weight is negative or not a number, or if the
/// concentration is not from 1e-3 to 1e12.
pub fn ratio_evidence(tracks: &[Headcount], concentration: f64) -> Result<f64, NoAnswer> {
    let live = live(tracks)?;
    if !(1e-3..=1e12).contains(&concentration) {
        return Err(NoAnswer::OutOfRange);
    }
    let units: f64 = live.iter().map(|track| track.units).sum();
    let all = concentration + units;
    // By what Stirling’s formula leaves over: the logarithms of the gamma functions are large and
    // cancel.
    let whole = 0.5 * libm::log(all / concentration) - stirling(all) + stirling(concentration);
    let parts: f64 = live
        .iter()
        .map(|track| part(track, units, concentration))
        .sum();
    Ok(whole + parts)
}

/// What one track adds.
fn part(track: &Expected, units: f64, concentration: f64) -> f64 {
    let before = concentration * track.share;
    let after = before + track.units;
    let all = concentration + units;
    let expected = all * track.share;
    let away = (track.units - units * track.share) / expected;
    let gain = expected * gain(after / expected, away);
    gain - 0.5 * libm::log(after / before) + stirling(after) - stirling(before)
}

/// `ψ(u) = (1 + u) ln(1 + u) − u` without a cancellation near 0; `whole` is `1 + u`.
fn gain(whole: f64, u: f64) -> f64 {
    // With r = 1/(1+u) it is (1+u) (r − 1 − ln r).
    whole * deviance(1.0 / whole, -u / whole)
}

#[cfg(test)]
mod tests {
    use super::gain;

    #[test]
    fn the_gain_keeps_its_digits() {
        for u in [-0.9, -0.3, 0.4, 5.0] {
            let expected = (1.0 + u) * libm::log1p(u) - u;
            assert!((gain(1.0 + u, u) / expected - 1.0).abs() < 1e-14, "{u}");
        }
        let u = 1e-8;
        assert!((gain(1.0 + u, u) / (u * u / 2.0 - u * u * u / 6.0) - 1.0).abs() < 1e-15);
    }
}
