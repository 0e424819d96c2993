//! Squared standard errors of two tracks, and which spread they are of.

use super::Spread;
use crate::stats::{Mean, NoAnswer};

/// The spread of the values in one track.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sample {
    /// What the variance is over.
    pub(super) rows: u64,
    pub(super) variance: f64,
}

impl From<Mean> for Sample {
    fn from(mean: Mean) -> Self {
        Self {
            rows: mean.units,
            variance: mean.variance,
        }
    }
}

impl Sample {
    /// The squared standard error of its mean, `v/n`.
    fn own(&self) -> f64 {
        self.variance / self.rows as f64
    }
}

/// The squared standard errors of two tracks, of which the sum is that of their difference.
///
/// `A = v₀/n₀` and `B = v₁/n₁` (Welch 1947) or, where that is larger, both scaled so that
/// `A + B = v (1/n₀ + 1/n₁)` with the pooled variance `v`. With uneven tracks and skewed values the
/// mean and the variance of the smaller one go together: a track that happens to have no large
/// value seems to be surely lower. In simulated sets without an effect, a tenth of the units in
/// the track, Welch's error alone is ever significant in 16% at a promise of 5%, the larger of
/// both never in 5,000.
#[derive(Debug, Clone, Copy)]
pub(super) struct Errors {
    pub(super) control: f64,
    pub(super) track: f64,
    /// How many times larger they are than those of each track by itself.
    pub(super) scale: f64,
    pub(super) spread: Spread,
    pub(super) degrees_of_freedom: f64,
}

impl Errors {
    /// Returns the errors of two samples. `common` is the variance of all rows around the common
    /// value, for tracks that have no spread but differ.
    ///
    /// # Errors
    ///
    /// Unless both have two rows, and any two rows differ.
    pub(super) fn of(control: Sample, track: Sample, common: f64) -> Result<Self, NoAnswer> {
        let fewest = control.rows.min(track.rows);
        if fewest < 2 {
            // None, or one.
            return Err([NoAnswer::NoUnits, NoAnswer::OneUnit][fewest as usize]);
        }
        if control.variance > 0.0 || track.variance > 0.0 {
            Self::of_spreads(control, track)
        } else if common > 0.0 {
            Ok(Self::of_constants(control.rows, track.rows, common))
        } else {
            Err(NoAnswer::NoSpread)
        }
    }

    /// Of tracks of which at least one has a spread: the larger of Welch's error and the pooled one.
    fn of_spreads(control: Sample, track: Sample) -> Result<Self, NoAnswer> {
        let samples = [control, track];
        let (own, (larger, spread)) = (welch(&samples), squared_error(&samples));
        // At least one variance is above 0, so the division has underflowed.
        if own == 0.0 {
            return Err(NoAnswer::OutOfRange);
        }
        let scale = larger / own;
        Ok(Self {
            control: control.own() * scale,
            track: track.own() * scale,
            scale,
            spread,
            degrees_of_freedom: satterthwaite(&samples),
        })
    }

    /// Of tracks in which all rows are alike.
    fn of_constants(control: u64, track: u64, common: f64) -> Self {
        Self {
            control: common / control as f64,
            track: common / track as f64,
            scale: 1.0,
            spread: Spread::Common,
            degrees_of_freedom: (control - 1) as f64 + (track - 1) as f64,
        }
    }

    /// The standard error of the difference.
    pub(super) fn of_difference(&self) -> f64 {
        (self.control + self.track).sqrt()
    }
}

/// The difference of two constants; 0 where it is of roundings alone.
pub(super) fn of_constants(control: f64, track: f64, difference: f64) -> f64 {
    // Values that should be equal differ by the few roundings that made them.
    let rounded = 8.0 * f64::EPSILON * control.abs().max(track.abs());
    if difference.abs() > rounded {
        difference
    } else {
        0.0
    }
}

/// The larger of the squared error of the samples by themselves and the pooled one.
pub(super) fn squared_error(samples: &[Sample]) -> (f64, Spread) {
    let (own, together) = (welch(samples), pooled(samples));
    // Of samples of one size both are one number, but for a rounding.
    let is_uneven = samples.iter().any(|sample| sample.rows != samples[0].rows);
    if is_uneven && together > own {
        (together, Spread::Pooled)
    } else {
        (own, Spread::PerTrack)
    }
}

/// `Σ v/n`.
fn welch(samples: &[Sample]) -> f64 {
    samples.iter().map(Sample::own).sum()
}

/// `Σ (n−1)v / Σ (n−1) · Σ 1/n`.
fn pooled(samples: &[Sample]) -> f64 {
    let free = |sample: &Sample| (sample.rows - 1) as f64;
    let all: f64 = samples.iter().map(free).sum();
    // By shares, so that nothing overflows.
    let share = |sample: &Sample| free(sample) / all * sample.variance;
    let variance: f64 = samples.iter().map(share).sum();
    samples
        .iter()
        .map(|sample| variance / sample.rows as f64)
        .sum()
}

/// `(Σ v/n)² / Σ (v/n)²/(n−1)`, by shares, so that nothing underflows.
///
/// Source: Satterthwaite 1946.
pub(super) fn satterthwaite(samples: &[Sample]) -> f64 {
    let all = welch(samples);
    let part = |sample: &Sample| {
        let share = sample.own() / all;
        share * share / (sample.rows - 1) as f64
    };
    // It is at least that of the smallest sample, but for a rounding.
    samples.iter().map(part).sum::<f64>().recip().max(1.0)
}
