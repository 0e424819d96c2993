//! Counts of units that convert.

use super::MOST_UNITS;
use crate::stats::NoAnswer;

/// The number of units of a track that converted.
///
/// A unit converts at most once: after its first exposure, within the window of the goal. For several
/// conversions of a unit, use a [`Mean`](crate::stats::Mean).
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
    /// The number of exposed units.
    pub units: u64,
    /// The number of these units that converted.
    pub converters: u64,
}

impl Rate {
    /// Returns the share of units that converted, from 0 to 1.
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
    /// If there are no units, more than 2⁵³ units, or more converters than units.
    pub fn value(&self) -> Result<f64, NoAnswer> {
        // Contradictions come first: converters without units are not the same as no units.
        match self.units {
            _ if self.converters > self.units => Err(NoAnswer::Impossible),
            0 => Err(NoAnswer::NoUnits),
            units if units > MOST_UNITS => Err(NoAnswer::TooManyUnits),
            units => Ok(self.converters as f64 / units as f64),
        }
    }

    /// Returns the number of units that did not convert; 0 if there are more converters than units.
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
