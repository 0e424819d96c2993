//! What settings come to: quantiles, and what a difference has to exceed at each size.

use super::Size;
use crate::stats::{GroupSequential, NoAnswer, always_valid::AlwaysValid, root::falling_root};

/// The logarithms of the units that are searched.
const LOGARITHMS: (f64, f64) = (0.0, 80.0);

/// The numbers behind a plan.
#[derive(Debug, Clone)]
pub(super) struct Design {
    /// That of one comparison.
    pub(super) alpha: f64,
    /// The normal quantile of alpha, two-sided.
    pub(super) critical: f64,
    /// The normal quantile of the power.
    pub(super) power: f64,
    pub(super) control_per_track: f64,
    /// How many units are behind a row.
    pub(super) units_per_row: f64,
    pub(super) looks: Looks,
    /// How many times the units of a single look are needed.
    pub(super) inflation: f64,
}

/// How often a test is looked at.
#[derive(Debug, Clone)]
pub(super) enum Looks {
    Once,
    /// At any time; what z has to exceed then.
    AnyTime(AlwaysValid),
    /// At the looks of a plan.
    Planned(GroupSequential),
}

impl Design {
    /// The units of the track, checked.
    pub(super) fn size(&self, exact: f64) -> Result<Size, NoAnswer> {
        let control_per_track = self.control_per_track;
        // The search ends there without a root, and a formula beyond it has no use.
        if exact.is_finite() && exact <= libm::exp(LOGARITHMS.1) {
            Ok(Size {
                exact,
                control_per_track,
            })
        } else {
            Err(NoAnswer::Unreachable)
        }
    }

    /// The units of the track that find a difference, of which a single look needs `once`.
    pub(super) fn units(
        &self,
        difference: f64,
        variance: f64,
        once: f64,
    ) -> Result<Size, NoAnswer> {
        match self.looks {
            Looks::AnyTime(_) => self.units_at_every_look(difference, variance),
            Looks::Once | Looks::Planned(_) => self.size(once * self.inflation),
        }
    }

    /// The variance of a difference with one unit in the track.
    pub(super) fn variance(&self, control: f64, track: f64) -> f64 {
        track + control / self.control_per_track
    }

    /// How many standard errors an effect has to be large with so many units in the track.
    pub(super) fn reach(&self, units: f64) -> f64 {
        let Looks::AnyTime(boundary) = self.looks else {
            return (self.critical + self.power) * self.inflation.sqrt();
        };
        let total = units * (1.0 + self.control_per_track) * self.units_per_row;
        boundary.multiplier(total, self.alpha) + self.power
    }

    /// The least units with which the effect is as many standard errors large as it has to be.
    ///
    /// It is the power at one look at that size, and so a bound for looking all the time.
    fn units_at_every_look(&self, difference: f64, variance: f64) -> Result<Size, NoAnswer> {
        let missing = |logarithm: f64| {
            let units = libm::exp(logarithm);
            self.reach(units) - difference.abs() * (units / variance).sqrt()
        };
        // From e⁸, some 3,000 units, either way.
        let logarithm = falling_root(missing, 8.0, 1.0, LOGARITHMS);
        if logarithm >= LOGARITHMS.1 {
            return Err(NoAnswer::Unreachable);
        }
        self.size(libm::exp(logarithm))
    }
}
