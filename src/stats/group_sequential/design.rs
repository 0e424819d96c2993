//! The looks of a plan, each with its boundary, and the power and sizes that follow.

use super::{
    density::Density,
    look::Look,
    spending::{LEVELS, spent},
};
use crate::stats::{NoAnswer, distribution::upper_quantile, root::falling_root};

/// The largest drift that probabilities are computed of: it is found for sure.
const MOST_DRIFT: f64 = 20.0;

/// Returns the multiplier of each look of a plan: how far z must be from 0 to be significant.
///
/// `information` is the completed part of the plan at each look: closed units divided by planned units. The
/// first look at or beyond 1 is the last one, and spends the rest of alpha. A boundary is infinite if nothing
/// can be spent yet. A finite boundary above 8 means the same.
///
/// ```
/// use tower_tracks::stats::boundaries;
///
/// let found = boundaries(0.05, &[0.2, 0.4, 0.6, 0.8, 1.0])?;
/// let rounded: Vec<f64> = found.iter().map(|c| (c * 1000.0).round() / 1000.0).collect();
/// assert_eq!(rounded, [4.877, 3.357, 2.68, 2.29, 2.031]);
/// # Ok::<(), tower_tracks::stats::NoAnswer>(())
/// ```
///
/// # Errors
///
/// If alpha is not from 1e-9 to 0.5, if the information is not above 0 and increasing, or if there is a look
/// after one at or beyond 1.
pub fn boundaries(alpha: f64, information: &[f64]) -> Result<Vec<f64>, NoAnswer> {
    let design = GroupSequential::new(alpha, information)?;
    Ok(design.boundaries().collect())
}

/// A plan with several looks, each of which may decide the test.
///
/// By each look, a part of alpha is [`spent`]. Without an effect, z at the looks is `W(t)/√t` for a Brownian
/// motion `W`. The computation carries the density of the motions that never crossed a boundary from look to
/// look. Each boundary is placed so that the motions that cross it have the probability that may be spent.
///
/// ```
/// use tower_tracks::stats::GroupSequential;
///
/// // Fourteen daily looks need 4% more units than a single one at the end.
/// let information: Vec<f64> = (1..=14).map(|day| f64::from(day) / 14.0).collect();
/// let design = GroupSequential::new(0.05, &information)?;
/// assert_eq!((design.inflation(0.8)? * 1e4).round(), 10_424.0);
/// // With an effect of the planned size three quarters of them are enough on average.
/// let drift = design.drift(0.8)?;
/// assert_eq!((design.mean_information(drift)? * 1000.0).round(), 754.0);
/// # Ok::<(), tower_tracks::stats::NoAnswer>(())
/// ```
///
/// Source: Armitage, McPherson & Rowe 1969; Lan & DeMets 1983; Jennison & Turnbull 2000, "Group
/// sequential methods", chapters 7 and 19.
#[derive(Debug, Clone, PartialEq)]
pub struct GroupSequential {
    alpha: f64,
    looks: Vec<Look>,
}

impl GroupSequential {
    /// Returns a plan with looks at these parts of the planned size.
    ///
    /// `information` is closed units divided by planned units at each look, in the order of the looks. The
    /// looks need not be equally spaced. The last one may be beyond 1, if more units came than were planned.
    ///
    /// ```
    /// use tower_tracks::stats::{GroupSequential, NoAnswer};
    ///
    /// let design = GroupSequential::new(0.05, &[0.5, 1.0])?;
    /// let boundaries: Vec<f64> = design.boundaries().map(|c| (c * 1e4).round()).collect();
    /// assert_eq!(boundaries, [29_626.0, 19_686.0]);
    /// assert_eq!(GroupSequential::new(0.05, &[0.5, 0.4]), Err(NoAnswer::Impossible));
    /// # Ok::<(), NoAnswer>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If alpha is not from 1e-9 to 0.5, if the information is not above 0 and increasing, or if there is a
    /// look after one at or beyond 1.
    pub fn new(alpha: f64, information: &[f64]) -> Result<Self, NoAnswer> {
        check(alpha, information)?;
        let mut design = Self {
            alpha,
            looks: Vec::with_capacity(information.len()),
        };
        let mut density = Density::start();
        let mut before = 0.0;
        for (index, time) in information.iter().enumerate() {
            let spent = spent(alpha, *time)?;
            let look = Look::new(*time, spent - before, density);
            let next = information.get(index + 1);
            // After the last look no density is needed; that of the start costs nothing.
            density = next.map_or_else(Density::start, |next| look.after(next - time));
            before = spent;
            design.looks.push(look);
        }
        Ok(design)
    }

    /// Returns a plan with equally spaced looks. The last look is at the planned size.
    ///
    /// ```
    /// use tower_tracks::stats::GroupSequential;
    ///
    /// let design = GroupSequential::equally_spaced(0.05, 5)?;
    /// let boundaries: Vec<f64> = design.boundaries().map(|c| (c * 1e3).round()).collect();
    /// assert_eq!(boundaries, [4877.0, 3357.0, 2680.0, 2290.0, 2031.0]);
    /// # Ok::<(), tower_tracks::stats::NoAnswer>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If alpha is not from 1e-9 to 0.5, or the number of looks is not from 1 to 1,000.
    pub fn equally_spaced(alpha: f64, looks: u32) -> Result<Self, NoAnswer> {
        if !(1..=1000).contains(&looks) {
            return Err(NoAnswer::OutOfRange);
        }
        let of = |look: u32| f64::from(look) / f64::from(looks);
        let information: Vec<f64> = (1..=looks).map(of).collect();
        Self::new(alpha, &information)
    }

    /// Returns the multiplier of each look; see [`boundaries`](fn@boundaries).
    ///
    /// ```
    /// use tower_tracks::stats::GroupSequential;
    ///
    /// // One look is the fixed test.
    /// let design = GroupSequential::equally_spaced(0.05, 1)?;
    /// assert_eq!(design.boundaries().map(|c| (c * 1e4).round()).collect::<Vec<_>>(), [19_600.0]);
    /// # Ok::<(), tower_tracks::stats::NoAnswer>(())
    /// ```
    pub fn boundaries(&self) -> impl Iterator<Item = f64> + '_ {
        self.looks.iter().map(|look| look.multiplier)
    }

    /// Returns, for each look, the probability that it is the first significant one, on either side.
    ///
    /// `drift` is the mean of z when the information is 1. It is 0 without an effect; the probabilities are
    /// then the parts of alpha that are spent at the looks.
    ///
    /// The sum of the probabilities is the power of the plan.
    ///
    /// ```
    /// use tower_tracks::stats::GroupSequential;
    ///
    /// let design = GroupSequential::equally_spaced(0.05, 2)?;
    /// let without_effect: Vec<f64> = design.exits(0.0)?.iter().map(|p| (p * 1e3).round()).collect();
    /// assert_eq!(without_effect, [3.0, 47.0]);
    /// let power: f64 = design.exits(design.drift(0.8)?)?.iter().sum();
    /// assert_eq!((power * 1e3).round(), 800.0);
    /// # Ok::<(), tower_tracks::stats::NoAnswer>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If the drift is not from −20 to 20.
    pub fn exits(&self, drift: f64) -> Result<Vec<f64>, NoAnswer> {
        if (-MOST_DRIFT..=MOST_DRIFT).contains(&drift) {
            Ok(self.exits_of(drift).collect())
        } else {
            Err(NoAnswer::OutOfRange)
        }
    }

    /// Returns the probability that any look is significant, on either side. A drift beyond 20
    /// counts as 20.
    pub(in crate::stats) fn power(&self, drift: f64) -> f64 {
        self.exits_of(drift.clamp(-MOST_DRIFT, MOST_DRIFT)).sum()
    }

    /// The probability of each look to be the first significant one, with a drift that was checked.
    fn exits_of(&self, drift: f64) -> impl Iterator<Item = f64> + '_ {
        self.looks.iter().map(move |look| look.exit(drift))
    }

    /// Returns the average information at the end of the test.
    ///
    /// If no look decides, the test ends at the last look.
    ///
    /// ```
    /// use tower_tracks::stats::GroupSequential;
    ///
    /// let design = GroupSequential::equally_spaced(0.05, 5)?;
    /// let drift = design.drift(0.8)?;
    /// assert_eq!((design.mean_information(drift)? * 1e3).round(), 804.0);
    /// assert_eq!((design.mean_information(0.0)? * 1e3).round(), 993.0);
    /// # Ok::<(), tower_tracks::stats::NoAnswer>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If the drift is not from −20 to 20.
    pub fn mean_information(&self, drift: f64) -> Result<f64, NoAnswer> {
        let exits = self.exits(drift)?;
        let looks = self.looks.iter().zip(&exits);
        let significant: f64 = looks.map(|(look, exit)| look.information * exit).sum();
        let last = self.looks.last().map_or(0.0, |look| look.information);
        Ok(significant + last * (1.0 - exits.iter().sum::<f64>()))
    }

    /// Returns the drift that the plan detects with this probability.
    ///
    /// A drift is the effect, measured in standard errors at an information of 1.
    ///
    /// ```
    /// use tower_tracks::stats::GroupSequential;
    ///
    /// // A single look finds 2.80 standard errors in four of five tests, five looks need 2.84.
    /// let [one, five] = [1, 5].map(|looks| GroupSequential::equally_spaced(0.05, looks));
    /// assert_eq!((one?.drift(0.8)? * 100.0).round(), 280.0);
    /// assert_eq!((five?.drift(0.8)? * 100.0).round(), 284.0);
    /// # Ok::<(), tower_tracks::stats::NoAnswer>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If the power is not between alpha and 1, or there is no look.
    pub fn drift(&self, power: f64) -> Result<f64, NoAnswer> {
        if !(power > self.alpha && power < 1.0) || self.looks.is_empty() {
            return Err(NoAnswer::Level);
        }
        let missing = |drift: f64| power - self.power(drift);
        // Several looks need a little more than a single one, so the root is near.
        let start = self.fixed_drift(power).clamp(0.0, MOST_DRIFT);
        Ok(falling_root(missing, start, 0.1, (0.0, MOST_DRIFT)))
    }

    /// Returns the factor by which the plan needs more units than a single look at the end, for the same
    /// power.
    ///
    /// [`PowerAnalysis::group_sequential`](crate::stats::PowerAnalysis::group_sequential) multiplies
    /// its sizes by it.
    ///
    /// ```
    /// use tower_tracks::stats::GroupSequential;
    ///
    /// let design = GroupSequential::equally_spaced(0.05, 5)?;
    /// assert_eq!((design.inflation(0.8)? * 1e4).round(), 10_247.0);
    /// assert_eq!((design.inflation(0.9)? * 1e4).round(), 10_231.0);
    /// # Ok::<(), tower_tracks::stats::NoAnswer>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If the power is not between alpha and 1, or there is no look.
    pub fn inflation(&self, power: f64) -> Result<f64, NoAnswer> {
        let more = self.drift(power)? / self.fixed_drift(power);
        Ok(more * more)
    }

    /// The drift that a single look finds, `z_{α/2} + z_power`.
    fn fixed_drift(&self, power: f64) -> f64 {
        upper_quantile(self.alpha / 2.0) + upper_quantile(1.0 - power)
    }
}

/// Checks the level, and that information increases up to the first look at or beyond 1.
fn check(alpha: f64, information: &[f64]) -> Result<(), NoAnswer> {
    if !LEVELS.contains(&alpha) {
        return Err(NoAnswer::Level);
    }
    let mut before = 0.0;
    for time in information {
        if !(*time > before && time.is_finite() && before < 1.0) {
            return Err(NoAnswer::Impossible);
        }
        before = *time;
    }
    Ok(())
}
