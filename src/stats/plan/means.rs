use super::{Plan, Size, size::counted};
use crate::stats::NoAnswer;

impl Plan {
    /// Returns the units needed to find a difference of means, given the standard deviations.
    ///
    /// At a fixed size `n₁ = (z_{1−α/2} + z_power)² (sd₁² + sd₀²/r) / d²`; at every look the
    /// least units with `|d|/se − k(N) = z_power`. A rule of thumb is `16 sd²/d²` for each track.
    ///
    /// # Errors
    ///
    /// For numbers out of range, and where no number of units is enough.
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
        match design.boundary {
            Some(boundary) => design.units_at_every_look(boundary, difference, variance),
            None => {
                let reach = (design.critical + design.power) / difference;
                design.size(reach * reach * variance)
            }
        }
    }

    /// Returns the smallest difference of means that so many units in the track find.
    ///
    /// # Errors
    ///
    /// For numbers out of range.
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
        let reach = match design.boundary {
            Some(boundary) => design.reach(boundary, units),
            None => design.critical + design.power,
        };
        sound(reach * (variance / units).sqrt())
    }
}

fn sound(variance: f64) -> Result<f64, NoAnswer> {
    match variance {
        _ if !(variance >= 0.0) => Err(NoAnswer::Impossible),
        0.0 => Err(NoAnswer::NoSpread),
        _ if variance.is_finite() => Ok(variance),
        _ => Err(NoAnswer::OutOfRange),
    }
}
