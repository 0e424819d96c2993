//! One look of a plan, and the root that is its boundary.

use super::density::Density;
use crate::stats::{distribution::upper_quantile, root::falling_root};

/// Looks that are closer together in information cannot be distinguished.
const CLOSEST: f64 = 1e-5;

/// Alpha below this has a boundary beyond 8, which is not computed.
const LITTLE: f64 = 1e-17;

/// One look of a plan.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Look {
    pub(super) information: f64,
    /// How far z has to be from 0.
    pub(super) multiplier: f64,
    /// The motions inside the boundaries of the looks before.
    before: Density,
}

impl Look {
    /// Finds the multiplier at which so much of alpha is spent.
    pub(super) fn new(information: f64, may_spend: f64, before: Density) -> Self {
        let multiplier = multiplier(information, may_spend, &before);
        Self {
            information,
            multiplier,
            before,
        }
    }

    /// The probability to be significant here first, with a drift.
    pub(super) fn exit(&self, drift: f64) -> f64 {
        let boundary = self.multiplier * self.information.sqrt();
        self.before.exit_with(drift, self.information, boundary)
    }

    /// The motions inside the boundary of this look, too.
    pub(super) fn after(&self, after: f64) -> Density {
        if self.information - self.before.time < CLOSEST {
            // Nothing was found out by this look; who got outside stays, which is on the safe side.
            return self.before.clone();
        }
        let boundary = self.multiplier * self.information.sqrt();
        let after = after.max(CLOSEST);
        self.before.next(self.information, boundary, after)
    }
}

/// Where what gets outside is what may be spent.
fn multiplier(information: f64, may_spend: f64, before: &Density) -> f64 {
    // What is outside at this look alone is never more.
    let bound = match may_spend / 2.0 {
        tail if tail > 0.0 => upper_quantile(tail),
        _ => f64::INFINITY,
    };
    if before.time == 0.0 || may_spend < LITTLE || information - before.time < CLOSEST {
        return bound;
    }
    let root = information.sqrt();
    let excess = |multiplier: f64| {
        // By logarithms, because early looks may spend less than a difference of doubles shows.
        let exit = before.exit(information, multiplier * root);
        libm::log(exit.max(f64::MIN_POSITIVE) / may_spend)
    };
    falling_root(excess, bound, -0.1, (0.0, bound))
}
