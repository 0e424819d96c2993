use super::bins::{BINS, latency_bin};

/// The groups that the units of a track are in.
pub(super) const GROUPS: usize = 32;

/// The durations of the requests of a track: a histogram for each of 32 groups of units.
///
/// All requests of a unit are in the group of its hash, so that the groups say how much the share
/// of slow requests differs between units. Histograms of several programs add up.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Latencies {
    units: u64,
    /// By group, and in it by bin.
    counts: Vec<u64>,
}

impl Default for Latencies {
    fn default() -> Self {
        Self::new(0)
    }
}

impl Latencies {
    /// Makes the empty histograms of a track of so many units.
    pub fn new(units: u64) -> Self {
        Self {
            units,
            counts: vec![0; GROUPS * BINS],
        }
    }

    /// Sets how many units made the requests.
    pub fn set_units(&mut self, units: u64) {
        self.units = units;
    }

    /// Returns how many units made the requests.
    pub fn units(&self) -> u64 {
        self.units
    }

    /// Counts a request. Of the unit's hash the lowest five bits are used.
    pub fn record(&mut self, hash: u64, milliseconds: f64) {
        self.add(hash, latency_bin(milliseconds), 1);
    }

    /// Counts so many requests in a bin; what is beyond the last bin is in the last.
    pub fn add(&mut self, hash: u64, bin: usize, count: u64) {
        let group = (hash % GROUPS as u64) as usize;
        let index = group * BINS + bin.min(BINS - 1);
        if let Some(sum) = self.counts.get_mut(index) {
            *sum = sum.saturating_add(count);
        }
    }

    /// Adds the requests, but not the units, of another program's histograms.
    pub fn merge(&mut self, other: &Self) {
        for (sum, count) in self.counts.iter_mut().zip(&other.counts) {
            *sum = sum.saturating_add(*count);
        }
    }

    /// The counts by bin, of each group.
    pub(super) fn groups(&self) -> impl Iterator<Item = &[u64]> {
        self.counts.chunks(BINS)
    }
}
