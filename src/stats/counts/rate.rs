//! Counts of units that convert.

use super::MOST_UNITS;
use crate::stats::NoAnswer;

/// How many units of a track converted.
///
/// A unit converts at most once: after its first exposure, inside the goal's window. Several
/// conversions of one unit are a [`Mean`](crate::stats::Mean).
///
/// ```
/// use tower_tracks::stats::Rate;
///
/// let rate = Rate { units: 10_000, converters: 1000 };
/// assert_eq!((rate.value()?, rate.others()), (0.1, 9000));
/// # Ok::<(), tower_tracks::stats::NoAnswer>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Rate {
    /// The units exposed.
    pub units: u64,
    /// Those of them that converted.
    pub converters: u64,
}

impl Rate {
    /// Returns the share that converted, from 0 to 1.
    ///
    /// ```
    /// use tower_tracks::stats::{NoAnswer, Rate};
    ///
    /// assert_eq!(Rate { units: 500, converters: 50 }.value(), Ok(0.1));
    /// assert_eq!(Rate { units: 0, converters: 0 }.value(), Err(NoAnswer::NoUnits));
    /// assert_eq!(Rate { units: 1, converters: 2 }.value(), Err(NoAnswer::Impossible));
    /// ```
    ///
    /// # Errors
    ///
    /// Without units or beyond 2⁵³, and when more converted than there are.
    pub fn value(&self) -> Result<f64, NoAnswer> {
        // Contradictions come first: converters without units are not the same as no units.
        match self.units {
            _ if self.converters > self.units => Err(NoAnswer::Impossible),
            0 => Err(NoAnswer::NoUnits),
            units if units > MOST_UNITS => Err(NoAnswer::TooManyUnits),
            units => Ok(self.converters as f64 / units as f64),
        }
    }

    /// Returns those that did not convert; 0 where more converted than there are.
    ///
    /// ```
    /// use tower_tracks::stats::Rate;
    ///
    /// assert_eq!(Rate { units: 500, converters: 50 }.others(), 450);
    /// ```
    pub fn others(&self) -> u64 {
        self.units.saturating_sub(self.converters)
    }
}
