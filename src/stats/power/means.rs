//! Sizes and detectable differences of means.

use super::{PowerAnalysis, Size, size::counted};
use crate::stats::NoAnswer;

impl PowerAnalysis {
    /// Returns the units needed to find a difference of means, given the standard deviations.
    ///
    /// The standard error is that of tracks with their own spreads. If shares are uneven and values are
    /// skewed, a comparison uses the pooled error if that is larger, and detects less: use even shares, a cap
    /// or a rate.
    ///
    /// At a fixed size, `n₁ = (z_{1−α/2} + z_power)² (sd₁² + sd₀²/r) / d²`. At every look, it is the smallest
    /// number of units with `|d|/se − k(N) = z_power`. At several looks, it is that of a fixed size times the
    /// inflation. A rule of thumb is `16 sd²/d²` for each track.
    ///
    /// The standard deviations are those of the value per unit, in the same unit as the difference.
    ///
    /// ```
    /// use tower_tracks::stats::{NoAnswer, PowerAnalysis};
    ///
    /// let plan = PowerAnalysis::fixed(0.05).power(0.9);
    /// assert_eq!(plan.for_mean(30.1, 35.5, 0.5)?.track(), 91_048.0);
    /// assert_eq!(plan.for_mean(0.0, 1.0, 0.1), Err(NoAnswer::NoSpread));
    /// # Ok::<(), NoAnswer>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If a number is out of range, or no number of units is enough.
    pub fn for_mean(
        &self,
        control_deviation: f64,
        track_deviation: f64,
        difference: f64,
    ) -> Result<Size, NoAnswer> {
        let design = self.design()?;
        let [control, track] = [control_deviation, track_deviation].map(|sd| sd * sd);
        let variance = design.variance(sound(control)?, sound(track)?);
        if !difference.is_finite() {
            return Err(NoAnswer::Impossible);
        }
        let reach = (design.critical + design.power) / difference;
        design.units(difference, variance, reach * reach * variance)
    }

    /// Returns the smallest difference of means that this number of units in the track detects.
    ///
    /// It is the difference for which [`for_mean`](Self::for_mean) returns these units.
    ///
    /// ```
    /// use tower_tracks::stats::PowerAnalysis;
    ///
    /// let found = PowerAnalysis::fixed(0.05).detectable_mean(10.0, 10.0, 1570.0)?;
    /// assert_eq!((found * 1e3).round(), 1000.0);
    /// # Ok::<(), tower_tracks::stats::NoAnswer>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If a number is out of range.
    pub fn detectable_mean(
        &self,
        control_deviation: f64,
        track_deviation: f64,
        units: f64,
    ) -> Result<f64, NoAnswer> {
        let design = self.design()?;
        let [control, track] = [control_deviation, track_deviation].map(|sd| sd * sd);
        let variance = design.variance(sound(control)?, sound(track)?);
        let units = counted(units)?;
        sound(design.reach(units) * (variance / units).sqrt())
    }
}

/// A variance that a size can be computed of.
fn sound(variance: f64) -> Result<f64, NoAnswer> {
    match variance {
        0.0 => Err(NoAnswer::NoSpread),
        f64::INFINITY => Err(NoAnswer::OutOfRange),
        _ if variance > 0.0 => Ok(variance),
        _ => Err(NoAnswer::Impossible),
    }
}
