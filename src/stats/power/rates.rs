//! Sizes and detectable differences of rates.

use super::{
    PowerAnalysis, Size,
    design::{Design, Looks},
    size::counted,
};
use crate::stats::{NoAnswer, distribution::upper, root::falling_root};

impl PowerAnalysis {
    /// Returns the units needed to find that a rate differs by so much from control's.
    ///
    /// At a fixed size, with `r` units of control for each of the track and `p̄` the rate of both:
    ///
    /// ```text
    /// n₁ = ( z_{1−α/2} √(p̄q̄ (1 + 1/r)) + z_power √(p₁q₁ + p₀q₀/r) )² / d²
    /// ```
    ///
    /// (Fleiss, Levin & Paik 2003, without a correction for continuity); at every look the least
    /// units with `|d|/se − k(N) = z_power`; at several looks those of a fixed size times their
    /// inflation.
    ///
    /// `baseline` is control's rate and `difference` the track's less that, both as shares: 0.01 is one
    /// percentage point. A negative difference needs other numbers than a positive one.
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
    /// Unless both rates are from 0 to 1 and differ, and where no number of units is enough.
    pub fn for_rate(&self, baseline: f64, difference: f64) -> Result<Size, NoAnswer> {
        let design = self.design()?;
        let rates = Rates::new(&design, baseline, difference)?;
        design.units(difference, rates.unpooled, rates.units_of_one_look(&design))
    }

    /// Returns the probability to find that a rate differs by so much, with so many units in the
    /// track; in either direction.
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
    /// Unless both rates are from 0 to 1 and differ, and there is a unit.
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

    /// Returns by how much a rate has to be above control's, at least, for so many units in the
    /// track to find it.
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
    /// Unless the baseline is between 0 and 1 and there is a unit; where even a rate of 1 would
    /// not be found.
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
