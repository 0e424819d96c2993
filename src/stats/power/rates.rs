//! Sizes and detectable differences of rates.

use super::{
    PowerAnalysis, Size,
    design::{Design, Looks},
    size::counted,
};
use crate::stats::{NoAnswer, distribution::upper, root::falling_root};

impl PowerAnalysis {
    /// Returns the units needed to detect a difference between the rate of a track and that of control.
    ///
    /// At a fixed size, the number is, with `r` units of control for each unit of the track and the common
    /// rate `p̄`:
    ///
    /// ```text
    /// n₁ = ( z_{1−α/2} √(p̄q̄ (1 + 1/r)) + z_power √(p₁q₁ + p₀q₀/r) )² / d²
    /// ```
    ///
    /// This is the formula of Fleiss, Levin & Paik 2003, without a continuity correction. At every look, it
    /// is the smallest number of units with `|d|/se − k(N) = z_power`. At several looks, it is that of a
    /// fixed size times the inflation.
    ///
    /// `baseline` is the rate of control. `difference` is the rate of the track minus that of control. Both
    /// are shares: 0.01 is one percentage point. A negative difference needs a different number of units than
    /// a positive one.
    ///
    /// ```
    /// use tower_tracks::stats::{NoAnswer, PowerAnalysis};
    ///
    /// let plan = PowerAnalysis::fixed(0.05);
    /// assert_eq!(plan.for_rate(0.10, 0.01)?.track(), 14_751.0);
    /// assert_eq!(plan.for_rate(0.10, -0.01)?.track(), 13_495.0);
    /// assert_eq!(plan.for_rate(0.5, 0.6), Err(NoAnswer::Impossible));
    /// # Ok::<(), NoAnswer>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If a rate is not from 0 to 1, if the rates are equal, or if no number of units is enough.
    pub fn for_rate(&self, baseline: f64, difference: f64) -> Result<Size, NoAnswer> {
        let design = self.design()?;
        let rates = Rates::new(&design, baseline, difference)?;
        design.units(difference, rates.unpooled, rates.units_of_one_look(&design))
    }

    /// Returns the probability to detect a difference of rates, in either direction, with this number of
    /// units in the track.
    ///
    /// ```
    /// use tower_tracks::stats::PowerAnalysis;
    ///
    /// let power = PowerAnalysis::fixed(0.05).power_of_rate(0.10, 0.01, 14_751.0)?;
    /// assert_eq!((power * 1e4).round(), 8000.0);
    /// # Ok::<(), tower_tracks::stats::NoAnswer>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If a rate is not from 0 to 1, if the rates are equal, or if there is no unit.
    pub fn power_of_rate(
        &self,
        baseline: f64,
        difference: f64,
        units: f64,
    ) -> Result<f64, NoAnswer> {
        let design = self.design()?;
        let rates = Rates::new(&design, baseline, difference)?;
        let units = counted(units)?;
        let away = difference.abs() / (rates.unpooled / units).sqrt();
        let scale = (rates.pooled / rates.unpooled).sqrt();
        let beyond = |threshold: f64| upper(threshold - away) + upper(threshold + away);
        Ok(match &design.looks {
            Looks::Once => beyond(design.critical * scale),
            Looks::AnyTime(_) => beyond(design.reach(units) - design.power),
            // The boundaries are of the pooled spread, the effect is in units of the other.
            Looks::Planned(plan) => {
                plan.power(away - design.critical * (scale - 1.0) * design.inflation.sqrt())
            }
        })
    }

    /// Returns the smallest increase over the rate of control that this number of units in the track detects.
    ///
    /// ```
    /// use tower_tracks::stats::{NoAnswer, PowerAnalysis};
    ///
    /// // 10,000 units in each track find a rise from 10% to 11.22%.
    /// let plan = PowerAnalysis::fixed(0.05);
    /// assert_eq!((plan.detectable_rate(0.10, 10_000.0)? * 1e4).round(), 122.0);
    /// assert_eq!(plan.detectable_rate(0.90, 30.0), Err(NoAnswer::Unreachable));
    /// # Ok::<(), NoAnswer>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If the baseline is not between 0 and 1, if there is no unit, or if even a rate of 1 would not be
    /// detected.
    pub fn detectable_rate(&self, baseline: f64, units: f64) -> Result<f64, NoAnswer> {
        let design = self.design()?;
        if !(baseline > 0.0 && baseline < 1.0) {
            return Err(NoAnswer::Impossible);
        }
        let units = counted(units)?;
        let bounds = (-100.0, libm::log(1.0 - baseline));
        let missing = |logarithm: f64| {
            let difference = libm::exp(logarithm).min(1.0 - baseline);
            let rates = Rates::new(&design, baseline, difference);
            // Differences that cannot be compared count as too small, which keeps the function
            // falling.
            rates.map_or(f64::MAX, |rates| rates.missing(&design, units))
        };
        if missing(bounds.1) > 0.0 {
            return Err(NoAnswer::Unreachable);
        }
        Ok(libm::exp(falling_root(
            missing,
            bounds.1 - 1e-9,
            0.1,
            bounds,
        )))
    }
}

/// Two rates, by the variances of their difference with one unit in the track.
struct Rates {
    difference: f64,
    /// If both rates were the same.
    pooled: f64,
    unpooled: f64,
}

impl Rates {
    /// The variances of two rates that differ.
    fn new(design: &Design, baseline: f64, difference: f64) -> Result<Self, NoAnswer> {
        let track = baseline + difference;
        let rate = 0.0..=1.0;
        if !rate.contains(&baseline) || !rate.contains(&track) {
            return Err(NoAnswer::Impossible);
        }
        let r = design.control_per_track;
        let both = (track + r * baseline) / (1.0 + r);
        let unpooled = design.variance(baseline * (1.0 - baseline), track * (1.0 - track));
        if difference == 0.0 || unpooled == 0.0 {
            return Err(NoAnswer::Unreachable);
        }
        let pooled = both * (1.0 - both) * (1.0 + 1.0 / r);
        Ok(Self {
            difference,
            pooled,
            unpooled,
        })
    }

    /// The units of the track, at a single look.
    fn units_of_one_look(&self, design: &Design) -> f64 {
        let reach = design.critical * self.pooled.sqrt() + design.power * self.unpooled.sqrt();
        let reach = reach / self.difference;
        reach * reach
    }

    /// Above 0 when so many units are too few, in logarithms.
    fn missing(&self, design: &Design, units: f64) -> f64 {
        let needed = match design.looks {
            Looks::AnyTime(_) => {
                let reach = design.reach(units) / self.difference;
                reach * reach * self.unpooled
            }
            Looks::Once | Looks::Planned(_) => self.units_of_one_look(design) * design.inflation,
        };
        libm::log(needed) - libm::log(units)
    }
}
