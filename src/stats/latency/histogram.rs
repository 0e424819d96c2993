//! Histograms of durations, by groups of units.

use crate::latency_bins::{self, FIRST, PER_DOUBLING};

/// How many bins there are.
pub(super) const BINS: usize = latency_bins::BINS as usize;

/// The groups that the units of a track are in.
pub(super) const GROUPS: usize = latency_bins::GROUPS as usize;

/// The durations of the requests of a track: a histogram for each of 32 groups of units.
///
/// All requests of a unit are in the group of its hash, so the groups show how much the share of slow
/// requests differs between units. Histograms of several programs can be merged. One takes about 41 kB,
/// whatever the number of requests.
///
/// ```
/// use tower_tracks::stats::Latencies;
///
/// let mut latencies = Latencies::new(2);
/// latencies.record(0x51, 12.5);
/// latencies.record(0x52, 480.0);
/// let mut elsewhere = Latencies::new(0);
/// elsewhere.record(0x51, 13.0);
/// latencies.merge(&elsewhere);
/// assert_eq!(latencies.units(), 2);
/// ```
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
    /// Returns empty histograms of a track with this number of units.
    ///
    /// ```
    /// use tower_tracks::stats::Latencies;
    ///
    /// assert_eq!(Latencies::new(1000).units(), 1000);
    /// assert_eq!(Latencies::default(), Latencies::new(0));
    /// ```
    pub fn new(units: u64) -> Self {
        Self {
            units,
            counts: vec![0; GROUPS * BINS],
        }
    }

    /// Sets the number of units that made the requests.
    ///
    /// Histograms count requests, so units have to be counted separately.
    ///
    /// ```
    /// use tower_tracks::stats::Latencies;
    ///
    /// let mut latencies = Latencies::default();
    /// latencies.set_units(1000);
    /// assert_eq!(latencies, Latencies::new(1000));
    /// ```
    pub fn set_units(&mut self, units: u64) {
        self.units = units;
    }

    /// Returns the number of units that made the requests, as it was set.
    ///
    /// ```
    /// use tower_tracks::stats::Latencies;
    ///
    /// assert_eq!(Latencies::default().units(), 0);
    /// ```
    pub fn units(&self) -> u64 {
        self.units
    }

    /// Returns the number of requests.
    ///
    /// ```
    /// use tower_tracks::stats::Latencies;
    ///
    /// let mut latencies = Latencies::new(1);
    /// latencies.record(7, 50.0);
    /// latencies.record(7, 80.0);
    /// assert_eq!(latencies.requests(), 2);
    /// ```
    pub fn requests(&self) -> u64 {
        let add = |sum: u64, count: &u64| sum.saturating_add(*count);
        self.counts.iter().fold(0, add)
    }

    /// Counts a request. The lowest five bits of the unit's hash decide the group.
    ///
    /// [`latency_bin`](crate::stats::latency_bin) decides the bin.
    ///
    /// ```
    /// use tower_tracks::stats::Latencies;
    ///
    /// let (mut one, mut other) = (Latencies::new(1), Latencies::new(1));
    /// one.record(7, 50.0);
    /// // Durations in one bin cannot be distinguished, nor can hashes with the same lowest bits.
    /// other.record(7 + 32, 50.1);
    /// assert_eq!(one, other);
    /// ```
    pub fn record(&mut self, hash: u64, milliseconds: f64) {
        self.add(hash, latency_bin(milliseconds), 1);
    }

    /// Counts a number of requests in a bin. Bins beyond the last one count as the last.
    ///
    /// ```
    /// use tower_tracks::stats::{Latencies, latency_bin};
    ///
    /// let (mut one, mut other) = (Latencies::new(1), Latencies::new(1));
    /// one.add(7, latency_bin(50.0), 2);
    /// other.record(7, 50.0);
    /// other.record(7, 50.0);
    /// assert_eq!(one, other);
    /// ```
    pub fn add(&mut self, hash: u64, bin: usize, count: u64) {
        // A hash is uniform, so that each group is a random sample of the units.
        let group = (hash % GROUPS as u64) as usize;
        let index = group * BINS + bin.min(BINS - 1);
        if let Some(sum) = self.counts.get_mut(index) {
            *sum = sum.saturating_add(count);
        }
    }

    /// Adds the requests of another program's histograms, but not the units.
    ///
    /// ```
    /// use tower_tracks::stats::Latencies;
    ///
    /// let (mut all, mut other) = (Latencies::new(10), Latencies::new(20));
    /// other.record(7, 50.0);
    /// all.merge(&other);
    /// assert_eq!(all.units(), 10);
    /// all.set_units(30);
    /// ```
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

/// Returns the bin of a duration in milliseconds, from 0 to 161.
///
/// Each bin is wider than the previous one by the eighth root of 2, from 0.1 ms to 2 minutes. Shorter
/// durations are in the first bin. Longer ones, and values that are not numbers, are in the last bin.
///
/// ```
/// use tower_tracks::stats::{latency_bin, latency_edge};
///
/// assert_eq!([0.05, 0.2, 50.0, 900_000.0].map(latency_bin), [0, 8, 71, 161]);
/// assert_eq!(latency_edge(8.0), 0.2);
/// ```
pub fn latency_bin(milliseconds: f64) -> usize {
    latency_bins::bin(milliseconds).into()
}

/// Returns the duration in milliseconds at a position among the bins: the lower edge of a bin, or a point
/// inside it.
///
/// It reverses [`latency_bin`], except for positions inside a bin: half a bin is a factor of about 1.04.
///
/// ```
/// use tower_tracks::stats::{latency_bin, latency_edge};
///
/// assert_eq!([0.0, 8.0, 16.0].map(latency_edge), [0.1, 0.2, 0.4]);
/// assert_eq!(latency_bin(latency_edge(71.5)), 71);
/// ```
pub fn latency_edge(place: f64) -> f64 {
    FIRST * libm::exp2(place / PER_DOUBLING)
}

/// The logarithm of that.
pub(super) fn ln_edge(place: f64) -> f64 {
    libm::log(FIRST) + place / PER_DOUBLING * std::f64::consts::LN_2
}
