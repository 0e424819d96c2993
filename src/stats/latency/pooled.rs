//! All requests of a track, with the error of a rank between groups of units.

use super::histogram::{BINS, GROUPS, Latencies, ln_edge};
use crate::stats::NoAnswer;

/// The share of the requests that are faster, in comparisons.
pub(super) const P95: f64 = 0.95;

/// All requests of a track, and how exactly the rank of the quantile is known.
pub(super) struct Pooled {
    /// The share of the requests that are faster than the quantile.
    share: f64,
    bins: Vec<f64>,
    requests: f64,
    /// The logarithm of the quantile.
    pub(super) quantile: f64,
    /// The standard error of the share of requests below it.
    pub(super) rank_error: f64,
}

impl Pooled {
    /// Adds the groups up, and finds the quantile with the error of its rank.
    ///
    /// # Errors
    ///
    /// Without requests.
    pub(super) fn new(latencies: &Latencies, share: f64) -> Result<Self, NoAnswer> {
        let mut bins = vec![0.0; BINS];
        for group in latencies.groups() {
            for (sum, count) in bins.iter_mut().zip(group) {
                *sum += *count as f64;
            }
        }
        let requests: f64 = bins.iter().sum();
        if requests == 0.0 {
            return Err(NoAnswer::NoUnits);
        }
        let place = place(&bins, share * requests);
        Ok(Self {
            share,
            bins,
            requests,
            quantile: ln_edge(place),
            rank_error: rank_error(latencies, place, (share, requests)),
        })
    }

    /// The logarithm of the duration so many standard errors of the rank away; `None` where there
    /// is no such rank.
    pub(super) fn limit(&self, errors: f64) -> Option<f64> {
        let rank = (self.share + errors * self.rank_error) * self.requests;
        (rank > 0.0 && rank < self.requests).then(|| ln_edge(place(&self.bins, rank)))
    }

    /// How many slow requests there are, as if each were of a unit of its own.
    pub(super) fn effective_slow(&self) -> f64 {
        let slow = 1.0 - self.share;
        let independent = self.share * slow / (self.rank_error * self.rank_error);
        independent * slow
    }
}

/// The place of a rank: its bin, and the share of that bin's requests that is below it.
fn place(bins: &[f64], rank: f64) -> f64 {
    let mut before = 0.0;
    for (bin, count) in bins.iter().enumerate() {
        if before + count >= rank {
            return bin as f64 + (rank - before) / count;
        }
        before += count;
    }
    BINS as f64
}

/// The standard error of the share of requests below a place, from how it differs between groups;
/// at least that of independent requests.
fn rank_error(latencies: &Latencies, place: f64, (share, requests): (f64, f64)) -> f64 {
    let square = |group: &[u64]| {
        let all: f64 = group.iter().map(|count| *count as f64).sum();
        let away = below(group, place) - share * all;
        away * away
    };
    let squares: f64 = latencies.groups().map(square).sum();
    let groups = GROUPS as f64;
    let of_groups = (groups / (groups - 1.0) * squares).sqrt() / requests;
    // Groups can agree by chance, but an error is never below that of independent requests.
    of_groups.max((share * (1.0 - share) / requests).sqrt())
}

/// The requests of a group below a place.
fn below(group: &[u64], place: f64) -> f64 {
    let part = |(bin, count): (usize, &u64)| *count as f64 * (place - bin as f64).clamp(0.0, 1.0);
    group.iter().enumerate().map(part).sum()
}
