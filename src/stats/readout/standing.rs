use super::{SampleRatio, SetCounts, Verdict};
use crate::stats::{NoAnswer, ratio_p, sample_ratio};

/// At or below it a mismatch is suspected.
pub(super) const SUSPECTED: f64 = 0.01;

/// At or below it nothing is read.
const MISMATCH: f64 = 0.001;

/// The share of crossed units above which they are a finding.
const CROSSED: f64 = 0.01;

/// What can be wrong with a set as a whole.
pub(super) struct Standing {
    pub(super) sample_ratio: Result<SampleRatio, NoAnswer>,
    pub(super) stray: u64,
    /// The units in tracks, without the crossed ones.
    pub(super) units: u64,
    pub(super) crossed: u64,
}

impl Standing {
    pub(super) fn new(counts: &SetCounts) -> Self {
        let in_tracks = counts.tracks.iter().map(|track| track.units);
        Self {
            sample_ratio: ratio_p(&counts.tracks).map(|p| SampleRatio {
                p,
                pearson: sample_ratio::pearson(&counts.tracks),
            }),
            stray: sample_ratio::stray(&counts.tracks).saturating_add(counts.stray),
            units: in_tracks.fold(0, u64::saturating_add),
            crossed: counts.crossed,
        }
    }

    /// The p-value of a mismatch that hides the goals.
    pub(super) fn mismatch(&self) -> Option<f64> {
        let p = self.sample_ratio.as_ref().ok()?.p;
        (p <= MISMATCH).then_some(p)
    }

    /// The share of crossed units, if it is too large.
    pub(super) fn crossed(&self) -> Option<f64> {
        let all = self.units as f64 + self.crossed as f64;
        let share = self.crossed as f64 / all;
        (all > 0.0 && share > CROSSED).then_some(share)
    }

    /// The verdict on every goal, if what is wrong comes before all of them.
    pub(super) fn verdict(&self) -> Option<Verdict> {
        if let Some(p) = self.mismatch() {
            return Some(Verdict::Mismatch { p });
        }
        if self.stray > 0 {
            return Some(Verdict::Stray { units: self.stray });
        }
        self.crossed().map(|share| Verdict::Crossed {
            units: self.crossed,
            share,
        })
    }
}
