use super::MOST_UNITS;
use crate::stats::NoAnswer;

/// How many units of a track converted.
///
/// A unit converts at most once: after its first exposure, inside the goal's window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Rate {
    /// The units exposed.
    pub units: u64,
    /// Those of them that converted.
    pub converters: u64,
}

impl Rate {
    /// Returns the share that converted.
    ///
    /// # Errors
    ///
    /// Without units or beyond 2⁵³, and when more converted than there are.
    pub fn value(&self) -> Result<f64, NoAnswer> {
        match self.units {
            _ if self.converters > self.units => Err(NoAnswer::Impossible),
            0 => Err(NoAnswer::NoUnits),
            units if units > MOST_UNITS => Err(NoAnswer::TooManyUnits),
            units => Ok(self.converters as f64 / units as f64),
        }
    }

    /// Returns those that did not convert.
    pub fn others(&self) -> u64 {
        self.units.saturating_sub(self.converters)
    }
}
