use super::NoAnswer;

/// The most that one unit counts with, up and down, so that a single one cannot decide a test.
///
/// One cap holds for all tracks. It is never silent: show it, with how many units it cut.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Cap(f64);

impl Cap {
    /// Makes a cap that was written down before the test; `None` unless it is a number.
    pub fn fixed(most: f64) -> Option<Self> {
        most.is_finite().then_some(Self(most))
    }

    /// Makes the cap at a quantile of the totals of all tracks together: the smallest total whose
    /// cumulative share is at least that (`percentile_disc` of SQL).
    ///
    /// A cap of each track's own would hide what a track does to its largest totals.
    ///
    /// # Errors
    ///
    /// Without totals, when one is not a number, and unless the quantile is from 0 to 1.
    pub fn pooled(tracks: &[&[f64]], quantile: f64) -> Result<Self, NoAnswer> {
        let mut totals = tracks.concat();
        if !(0.0..=1.0).contains(&quantile) || totals.iter().any(|total| !total.is_finite()) {
            return Err(NoAnswer::Impossible);
        }
        let rank = (quantile * totals.len() as f64).ceil() as usize;
        let index = rank.clamp(1, totals.len().max(1)) - 1;
        if totals.is_empty() {
            return Err(NoAnswer::NoUnits);
        }
        let (_, total, _) = totals.select_nth_unstable_by(index, f64::total_cmp);
        Ok(Self(*total))
    }

    /// Returns the most that a unit counts with.
    pub fn most(self) -> f64 {
        self.0
    }

    /// Returns what a unit of this total counts with.
    pub fn apply(self, total: f64) -> f64 {
        let most = self.0.abs();
        total.clamp(-most, most)
    }

    /// Returns whether it cuts a total.
    pub fn cuts(self, total: f64) -> bool {
        total.abs() > self.0.abs()
    }
}
