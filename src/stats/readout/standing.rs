//! What is wrong with a set as a whole, before any goal is read.

use super::{SampleRatio, SetCounts, Verdict, crossed::total};
use crate::stats::{Headcount, NoAnswer, ratio_p, sample_ratio};

/// At or below it a mismatch is suspected.
pub(super) const SUSPECTED: f64 = 0.01;

/// At or below it nothing is read.
pub(crate) const MISMATCH: f64 = 0.001;

/// The share of units in tracks that never had a weight, above which nothing is read.
const STRAY: f64 = 0.001;

/// What can be wrong with a set as a whole.
pub(super) struct Standing {
    pub(super) sample_ratio: Result<SampleRatio, NoAnswer>,
    pub(super) stray: u64,
    /// The units in tracks, without the crossed ones.
    pub(super) units: u64,
    weights_changed: bool,
}

impl Standing {
    /// Tests the sample ratio and counts stray units.
    pub(super) fn new(counts: &SetCounts) -> Self {
        let in_tracks = counts.tracks.iter().map(|track| track.units);
        // A track may have been switched off in one of several periods.
        let stray = match counts.periods.is_empty() {
            true => sample_ratio::stray(&counts.tracks),
            false => 0,
        };
        Self {
            sample_ratio: sample_ratio_of(counts),
            stray: stray.saturating_add(counts.stray),
            units: total(in_tracks),
            weights_changed: counts.weights_changed,
        }
    }

    /// The p-value of a mismatch that hides the goals.
    pub(super) fn mismatch(&self) -> Option<f64> {
        let p = self.sample_ratio.as_ref().ok()?.p;
        (p <= MISMATCH).then_some(p)
    }

    /// The verdict on every goal, if what is wrong comes before all of them.
    pub(super) fn verdict(&self) -> Option<Verdict> {
        if let Some(p) = self.mismatch() {
            return Some(Verdict::Mismatch { p });
        }
        // Counts that contradict each other must not make a share above 1.
        let share = self.stray as f64 / (self.units as f64).max(self.stray as f64);
        if self.stray > 0 && share > STRAY {
            let units = self.stray;
            return Some(Verdict::Stray { units, share });
        }
        self.weights_changed.then_some(Verdict::WeightsChanged)
    }
}

/// Tests the units of each definition against its own weights. The most significant test decides;
/// its p-value is multiplied by the number of tests (Bonferroni).
fn sample_ratio_of(counts: &SetCounts) -> Result<SampleRatio, NoAnswer> {
    let whole = std::slice::from_ref(&counts.tracks);
    let periods = match counts.periods.is_empty() {
        true => whole,
        false => &counts.periods,
    };
    let tested: Vec<(f64, &Vec<Headcount>)> = periods
        .iter()
        .filter_map(|period| Some((ratio_p(period).ok()?, period)))
        .collect();
    let least = tested.iter().min_by(|one, other| one.0.total_cmp(&other.0));
    let (p, period) = match least {
        Some((p, period)) => ((p * tested.len() as f64).min(1.0), *period),
        None => (ratio_p(&counts.tracks)?, &counts.tracks),
    };
    let pearson = sample_ratio::pearson(period);
    Ok(SampleRatio { p, pearson })
}
