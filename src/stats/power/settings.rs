//! The settings of a power analysis. They are checked when a size is computed, so setters cannot fail.

use super::design::{Design, Looks};
use crate::stats::{
    GroupSequential, NoAnswer, always_valid::AlwaysValid, distribution::upper_quantile,
};

/// A power analysis: how many units a test needs, or which effect it can detect.
///
/// Use it before a test starts. The settings of the test itself are its [`Plan`](crate::Plan).
///
/// ```
/// use tower_tracks::stats::PowerAnalysis;
///
/// // How many units does it take to see 10% become 11%?
/// let size = PowerAnalysis::fixed(0.05).for_rate(0.10, 0.01)?;
/// assert_eq!(size.track(), 14_751.0);
///
/// // Fourteen daily looks, at each of which it may be decided, need 4% more.
/// let size = PowerAnalysis::group_sequential(0.05, 14).for_rate(0.10, 0.01)?;
/// assert_eq!(size.track(), 15_377.0);
///
/// // Looking at any time without a plan takes about twice as many to be as sure.
/// let size = PowerAnalysis::always_valid(0.05, 10_000).for_rate(0.10, 0.01)?;
/// assert_eq!(size.total().round(), 60_682.0);
/// assert_eq!(size.days(2000.0)?, 31.0);
/// # Ok::<(), tower_tracks::stats::NoAnswer>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
#[must_use]
pub struct PowerAnalysis {
    alpha: f64,
    power: f64,
    control_per_track: f64,
    comparisons: u32,
    looks: Kind,
    units_per_row: f64,
}

/// How often a test is looked at.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Kind {
    Once,
    /// At any time, tuned for so many units.
    AnyTime(u64),
    /// At so many equally spaced looks.
    Planned(u32),
}

impl PowerAnalysis {
    /// Returns the analysis of a test with one look, at the end.
    ///
    /// Alpha is two-sided, from 1e-100 to 0.5.
    ///
    /// ```
    /// use tower_tracks::stats::PowerAnalysis;
    ///
    /// let size = PowerAnalysis::fixed(0.05).for_mean(10.0, 10.0, 1.0)?;
    /// assert_eq!(size.track(), 1570.0);
    /// # Ok::<(), tower_tracks::stats::NoAnswer>(())
    /// ```
    pub fn fixed(alpha: f64) -> Self {
        Self {
            alpha,
            power: 0.8,
            control_per_track: 1.0,
            comparisons: 1,
            looks: Kind::Once,
            units_per_row: 1.0,
        }
    }

    /// Returns the analysis of a test without a plan, which is valid at every look. Intervals are narrowest
    /// at `tuned_for` units in both tracks together.
    ///
    /// ```
    /// use tower_tracks::stats::PowerAnalysis;
    ///
    /// let [small, large] = [10_000, 30_000]
    ///     .map(|units| PowerAnalysis::always_valid(0.05, units).for_rate(0.10, 0.01));
    /// assert_eq!(small?.total().round(), 60_682.0);
    /// // Tuned for a size near that of the test it takes fewer.
    /// assert_eq!(large?.total().round(), 57_149.0);
    /// # Ok::<(), tower_tracks::stats::NoAnswer>(())
    /// ```
    pub fn always_valid(alpha: f64, tuned_for: u64) -> Self {
        Self {
            looks: Kind::AnyTime(tuned_for),
            ..Self::fixed(alpha)
        }
    }

    /// Returns the analysis of a test with a plan, with this number of equally spaced looks.
    ///
    /// There are from 1 to 1,000 looks. The sizes are those of a single look times the
    /// [inflation](GroupSequential::inflation) of the looks.
    ///
    /// ```
    /// use tower_tracks::stats::{NoAnswer, PowerAnalysis};
    ///
    /// let planned = PowerAnalysis::group_sequential(0.05, 5).for_mean(10.0, 10.0, 1.0)?;
    /// let fixed = PowerAnalysis::fixed(0.05).for_mean(10.0, 10.0, 1.0)?;
    /// assert_eq!((planned.exact / fixed.exact * 1e4).round(), 10_247.0);
    /// let none = PowerAnalysis::group_sequential(0.05, 0);
    /// assert_eq!(none.for_rate(0.10, 0.01), Err(NoAnswer::OutOfRange));
    /// # Ok::<(), NoAnswer>(())
    /// ```
    pub fn group_sequential(alpha: f64, looks: u32) -> Self {
        Self {
            looks: Kind::Planned(looks),
            ..Self::fixed(alpha)
        }
    }

    /// Sets the probability to detect an effect of the planned size. Defaults to 0.8.
    ///
    /// It is from 0.5 to below 1. Other values cause an error when a size is computed.
    ///
    /// ```
    /// use tower_tracks::stats::PowerAnalysis;
    ///
    /// let plan = PowerAnalysis::fixed(0.05);
    /// assert_eq!(plan.for_rate(0.10, 0.01)?.track(), 14_751.0);
    /// assert_eq!(plan.power(0.9).for_rate(0.10, 0.01)?.track(), 19_747.0);
    /// # Ok::<(), tower_tracks::stats::NoAnswer>(())
    /// ```
    pub fn power(mut self, power: f64) -> Self {
        self.power = power;
        self
    }

    /// Sets how many units control has for each unit of the track. Defaults to 1.
    ///
    /// It is from 1e-6 to 1e6. Other values cause an error when a size is computed. Tracks of equal size need
    /// nearly the smallest total number of units.
    ///
    /// ```
    /// use tower_tracks::stats::PowerAnalysis;
    ///
    /// // A tenth of the units is in the track.
    /// let size = PowerAnalysis::fixed(0.05).control_per_track(9.0).for_rate(0.02, 0.002)?;
    /// assert_eq!(size.track(), 44_142.0);
    /// assert_eq!(size.control(), 397_278.0);
    /// # Ok::<(), tower_tracks::stats::NoAnswer>(())
    /// ```
    pub fn control_per_track(mut self, control: f64) -> Self {
        self.control_per_track = control;
        self
    }

    /// Sets the number of units in each row over which the variances are computed, in both tracks together.
    /// Defaults to 1.
    ///
    /// It is larger than 1 if units were summed in groups, as for requests. The sizes of a plan then count
    /// groups, but an always-valid test counts units.
    ///
    /// ```
    /// use tower_tracks::stats::PowerAnalysis;
    ///
    /// // 1,024 groups of each track, in which 20,000 units made the requests.
    /// let plan = PowerAnalysis::always_valid(0.05, 10_000);
    /// let detectable = plan.units_per_row(20_000.0 / 1024.0).detectable_mean(1.0, 1.0, 1024.0)?;
    /// assert_eq!((detectable * 1e4).round(), 1754.0);
    /// // Without groups a row is a unit: fewer units, and so a higher boundary.
    /// assert_eq!((plan.detectable_mean(1.0, 1.0, 1024.0)? * 1e4).round(), 1853.0);
    /// # Ok::<(), tower_tracks::stats::NoAnswer>(())
    /// ```
    pub fn units_per_row(mut self, units: f64) -> Self {
        self.units_per_row = units;
        self
    }

    /// Sets the number of comparisons with control that share alpha. Defaults to 1.
    ///
    /// Set it to the number of tracks without control, times the number of primary goals, because
    /// [`read`](crate::stats::read) divides alpha among these. Zero counts as 1.
    ///
    /// ```
    /// use tower_tracks::stats::PowerAnalysis;
    ///
    /// // A test with control and two tracks.
    /// let size = PowerAnalysis::fixed(0.05).among(2).for_rate(0.10, 0.01)?;
    /// assert_eq!(size.track(), 17_864.0);
    /// # Ok::<(), tower_tracks::stats::NoAnswer>(())
    /// ```
    pub fn among(mut self, comparisons: u32) -> Self {
        self.comparisons = comparisons.max(1);
        self
    }

    /// Checks the settings and computes the quantiles that all sizes need.
    ///
    /// # Errors
    ///
    /// For a level, a power, a ratio of control or a number of units by row that is out of range.
    pub(super) fn design(&self) -> Result<Design, NoAnswer> {
        let alphas = 1e-100..=0.5;
        if !alphas.contains(&self.alpha) || !(0.5..1.0).contains(&self.power) {
            return Err(NoAnswer::Level);
        }
        let sound = (1e-6..=1e6).contains(&self.control_per_track)
            && (1e-6..=1e12).contains(&self.units_per_row);
        if !sound {
            return Err(NoAnswer::OutOfRange);
        }
        let alpha = self.alpha / f64::from(self.comparisons);
        let (looks, inflation) = self.looks(alpha)?;
        Ok(Design {
            alpha,
            critical: upper_quantile(alpha / 2.0),
            power: upper_quantile(1.0 - self.power),
            control_per_track: self.control_per_track,
            units_per_row: self.units_per_row,
            looks,
            inflation,
        })
    }

    /// What the looks need, the boundary at any time or a plan, and their inflation.
    fn looks(&self, alpha: f64) -> Result<(Looks, f64), NoAnswer> {
        Ok(match self.looks {
            Kind::Once => (Looks::Once, 1.0),
            Kind::AnyTime(units) => (Looks::AnyTime(AlwaysValid::new(self.alpha, units)), 1.0),
            Kind::Planned(looks) => {
                let plan = GroupSequential::equally_spaced(alpha, looks)?;
                let inflation = plan.inflation(self.power)?;
                (Looks::Planned(plan), inflation)
            }
        })
    }
}
