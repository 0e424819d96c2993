use super::{NoAnswer, Test};

/// How a set is looked at; declared before it starts and kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
#[non_exhaustive]
pub enum Mode {
    /// Whenever one likes: every look is valid. The default.
    AlwaysValid {
        /// The units of two tracks together around which intervals are narrowest. The default
        /// is 10,000; if a size is planned, take that.
        tuned_for: u64,
    },
    /// Whenever one likes at a fifth of alpha, and once at the plan with the rest of it.
    ///
    /// The two together err with a probability of at most alpha (a union bound). What was read at
    /// the plan is the result: it has to be stored, and shown afterwards.
    Planned {
        /// The planned units of all tracks together.
        units: u64,
        /// As for [`AlwaysValid`](Self::AlwaysValid), before the plan is reached.
        tuned_for: u64,
    },
}

impl Default for Mode {
    fn default() -> Self {
        Self::AlwaysValid { tuned_for: 10_000 }
    }
}

impl Mode {
    /// The share of alpha that is spent before the plan.
    const EARLY: f64 = 0.2;

    /// The share that is spent at the plan.
    const LATE: f64 = 0.8;

    /// Makes the mode of a set that is planned for so many units, tuned for 10,000 before.
    pub fn planned(units: u64) -> Self {
        let tuned_for = 10_000;
        Self::Planned { units, tuned_for }
    }

    /// Returns the test of a look at which all tracks together have so many units.
    ///
    /// # Errors
    ///
    /// Unless alpha is from 1e-100 to 0.5.
    pub fn test(self, alpha: f64, units: u64) -> Result<Test, NoAnswer> {
        match self {
            Self::AlwaysValid { tuned_for } => Ok(Test::always_valid(alpha)?.tuned_for(tuned_for)),
            Self::Planned { units: plan, .. } if units >= plan => Test::fixed(alpha * Self::LATE),
            Self::Planned { tuned_for, .. } => {
                Ok(Test::always_valid(alpha * Self::EARLY)?.tuned_for(tuned_for))
            }
        }
    }

    /// Returns how much of the plan is done, 1 when it is; `None` without a plan.
    pub fn progress(self, units: u64) -> Option<f64> {
        match self {
            Self::Planned { units: plan, .. } if units < plan => Some(units as f64 / plan as f64),
            Self::Planned { .. } => Some(1.0),
            Self::AlwaysValid { .. } => None,
        }
    }
}
