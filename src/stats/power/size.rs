//! The size of a test.

use crate::stats::NoAnswer;

/// The number of units that a test needs.
///
/// ```
/// use tower_tracks::stats::PowerAnalysis;
///
/// let size = PowerAnalysis::fixed(0.05).for_rate(0.10, 0.01)?;
/// assert_eq!((size.track(), size.control()), (14_751.0, 14_751.0));
/// assert_eq!(size.days(1000.0)?, 30.0);
/// # Ok::<(), tower_tracks::stats::NoAnswer>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Size {
    /// The number of units of the track, not rounded.
    pub exact: f64,
    /// The number of units of control for each unit of the track.
    pub control_per_track: f64,
}

impl Size {
    /// Returns the number of units of the track, rounded up.
    ///
    /// ```
    /// use tower_tracks::stats::Size;
    ///
    /// assert_eq!(Size { exact: 1000.4, control_per_track: 2.0 }.track(), 1001.0);
    /// ```
    pub fn track(&self) -> f64 {
        self.exact.ceil()
    }

    /// Returns the number of units of control, rounded up.
    ///
    /// ```
    /// use tower_tracks::stats::Size;
    ///
    /// assert_eq!(Size { exact: 1000.4, control_per_track: 2.0 }.control(), 2001.0);
    /// ```
    pub fn control(&self) -> f64 {
        (self.exact * self.control_per_track).ceil()
    }

    /// Returns the number of units of both, not rounded. With several tracks, each needs its own units.
    ///
    /// ```
    /// use tower_tracks::stats::Size;
    ///
    /// let size = Size { exact: 1000.25, control_per_track: 2.0 };
    /// assert_eq!(size.total(), 3000.75);
    /// ```
    pub fn total(&self) -> f64 {
        self.exact * (1.0 + self.control_per_track)
    }

    /// Returns the number of days with this many new units per day in both tracks together.
    ///
    /// Use whole weeks, because weekdays differ.
    ///
    /// ```
    /// use tower_tracks::stats::{NoAnswer, Size};
    ///
    /// let size = Size { exact: 1000.0, control_per_track: 1.0 };
    /// assert_eq!(size.days(2000.0)?, 1.0);
    /// assert_eq!(size.days(1999.0)?, 2.0);
    /// assert_eq!(size.days(0.0), Err(NoAnswer::Unreachable));
    /// # Ok::<(), NoAnswer>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If there are no new units.
    pub fn days(&self, units_per_day: f64) -> Result<f64, NoAnswer> {
        let days = ((self.track() + self.control()) / units_per_day).ceil();
        if units_per_day > 0.0 && days.is_finite() {
            Ok(days)
        } else {
            Err(NoAnswer::Unreachable)
        }
    }
}

/// So many units, if there are any and not more than can be computed with.
pub(super) fn counted(units: f64) -> Result<f64, NoAnswer> {
    match units {
        1.0..=1e30 => Ok(units),
        _ if units > 1e30 => Err(NoAnswer::OutOfRange),
        _ => Err(NoAnswer::NoUnits),
    }
}
