use crate::stats::NoAnswer;

/// How many units a test needs.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Size {
    /// The units of the track, not rounded.
    pub exact: f64,
    /// How many units control has for each of them.
    pub control_per_track: f64,
}

impl Size {
    /// Returns the units of the track.
    pub fn track(&self) -> f64 {
        self.exact.ceil()
    }

    /// Returns the units of control.
    pub fn control(&self) -> f64 {
        (self.exact * self.control_per_track).ceil()
    }

    /// Returns the units of both, not rounded.
    pub fn total(&self) -> f64 {
        self.exact * (1.0 + self.control_per_track)
    }

    /// Returns the days it takes with so many new units a day in both together.
    ///
    /// Take whole weeks, since weekdays differ.
    ///
    /// # Errors
    ///
    /// Unless there are any new units.
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
