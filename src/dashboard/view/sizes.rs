//! The sizes of a test, for the planner.

use serde::Serialize;

use crate::{
    figures::count,
    stats::{NoAnswer, PowerAnalysis, Size},
};

use super::or_dash;

/// The probability of a false positive.
const ALPHA: f64 = 0.05;

/// The number of looks of a plan: one each midnight, for two weeks.
const LOOKS: u32 = 14;

/// The number of units at which intervals that are valid at every look are narrowest.
const TUNED_FOR: u64 = 10_000;

/// The number of units that a test needs, with and without a plan.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(in crate::dashboard) struct Sizes {
    /// With a plan, which is read at each midnight.
    pub(in crate::dashboard) planned: Needed,
    /// Without a plan, by intervals that are valid at every look.
    pub(in crate::dashboard) always_valid: Needed,
}

/// The number of units and days that a test needs.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(in crate::dashboard) struct Needed {
    /// The units of each track, including control.
    pub(in crate::dashboard) per_track: u64,
    /// The units of all tracks.
    pub(in crate::dashboard) total: u64,
    /// The number of days; `None` if the number of units per day is not known.
    pub(in crate::dashboard) days: Option<u64>,
}

/// How fast units come, and how long they take.
#[derive(Debug, Clone, Copy)]
pub(in crate::dashboard) struct Pace {
    /// The number of new units a day, if it is known.
    pub(in crate::dashboard) daily: Option<f64>,
    /// The number of days that the last unit has to reach the goal.
    pub(in crate::dashboard) window: f64,
}

impl Sizes {
    /// Returns the sizes of both methods. `tracks` is the number of tracks besides control.
    pub(in crate::dashboard) fn of(
        tracks: u32,
        pace: Pace,
        size: impl Fn(PowerAnalysis) -> Result<Size, NoAnswer>,
    ) -> Result<Self, NoAnswer> {
        let needed = |plan: PowerAnalysis| Needed::of(&size(plan.among(tracks))?, tracks, pace);
        Ok(Self {
            planned: needed(PowerAnalysis::group_sequential(ALPHA, LOOKS))?,
            always_valid: needed(PowerAnalysis::always_valid(ALPHA, TUNED_FOR))?,
        })
    }

    /// Returns both sizes with their titles.
    pub(in crate::dashboard) fn rows(&self) -> [(&'static str, &Needed); 2] {
        [
            ("With a plan, read at each midnight", &self.planned),
            ("Without a plan, valid at every look", &self.always_valid),
        ]
    }
}

impl Needed {
    /// Returns the units of a track, the units of all tracks, and the days, as text.
    pub(in crate::dashboard) fn words(&self) -> [String; 3] {
        let days = or_dash(self.days.map(count));
        [count(self.per_track), count(self.total), days]
    }

    /// Returns the units of all tracks, which have equal weights. An infinite number of days is an
    /// error.
    fn of(size: &Size, tracks: u32, pace: Pace) -> Result<Self, NoAnswer> {
        let total = size.track() * f64::from(tracks + 1);
        // The result of the last unit is known when its window is over.
        let days = pace
            .daily
            .map(|daily| (total / daily).ceil() + pace.window.ceil());
        match days {
            Some(days) if !(days.is_finite() && days > 0.0) => Err(NoAnswer::Unreachable),
            days => Ok(Self {
                per_track: size.track() as u64,
                total: total as u64,
                days: days.map(|days| days as u64),
            }),
        }
    }
}
