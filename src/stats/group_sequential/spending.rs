//! How much of alpha a plan has spent by a time.

use crate::stats::{
    NoAnswer,
    distribution::{upper, upper_quantile},
};

/// The levels at which plans are read.
pub(super) const LEVELS: std::ops::RangeInclusive<f64> = 1e-9..=0.5;

/// Returns the part of alpha that is spent by a look, for both sides together.
///
/// It is the spending function of O'Brien-Fleming type: almost nothing is spent early, so the last look is
/// only slightly stricter than a single look.
///
/// ```text
/// α(t) = 4 (1 − Φ(z_{α/4} / √min(t, 1)))
/// ```
///
/// ```
/// use tower_tracks::stats::spent;
///
/// // At half of the plan three thousandths of the five hundredths are spent.
/// assert_eq!((spent(0.05, 0.5)? * 1e4).round(), 31.0);
/// assert_eq!(spent(0.05, 1.0)?, 0.05);
/// # Ok::<(), tower_tracks::stats::NoAnswer>(())
/// ```
///
/// Source: Lan & DeMets 1983, "Discrete sequential boundaries for clinical trials".
///
/// # Errors
///
/// If alpha is not from 1e-9 to 0.5, or the information is not above 0.
pub fn spent(alpha: f64, information: f64) -> Result<f64, NoAnswer> {
    if !LEVELS.contains(&alpha) {
        return Err(NoAnswer::Level);
    }
    match information {
        _ if information >= 1.0 => Ok(alpha),
        _ if information > 0.0 => {
            let spent = 4.0 * upper(upper_quantile(alpha / 4.0) / information.sqrt());
            // Shortly before 1 a rounding may exceed alpha.
            Ok(spent.min(alpha))
        }
        _ => Err(NoAnswer::Impossible),
    }
}
