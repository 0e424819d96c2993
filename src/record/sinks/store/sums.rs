//! Sums over requests, by track and bucket of units; and how many of them took how long.

use std::collections::HashMap;

use crate::{
    event::{Exposure, Outcome},
    latency_bins::{self, BINS, GROUPS},
    store::{RequestSums, TrackName},
    unit::Unit,
    warn::warn,
};

use super::met::{TrackId, TrackKey, key_of};

/// The number of buckets of units. The spread of a sum is measured over buckets, since the requests
/// of one unit depend on each other.
const BUCKETS: usize = 1_024;

/// The number of tracks whose requests are summed: a program may build sets without end.
const TRACKS: usize = 1_000;

/// The counts of a track: a histogram of durations for each group of units.
const COUNTS: usize = BINS as usize * GROUPS as usize;

/// Sums over requests, by track and bucket of units, and numbers of requests by duration and group, since the
/// recorder started: less than 100 kB for each of the first [`TRACKS`] tracks. They are never forgotten: a store takes the larger of two
/// sums of one writer for the later, so that those that began anew would be taken for old.
#[derive(Default)]
pub(super) struct Sums {
    tracks: HashMap<TrackKey, Buckets>,
    /// Whether there were too many tracks, which is logged once.
    is_full: bool,
}

/// The sums of one track.
struct Buckets {
    track: TrackName,
    sums: Vec<RequestSums>,
    /// Which buckets differ from the store.
    changed: Vec<bool>,
    /// By group of units, and in it by bin.
    latencies: Vec<u64>,
    /// Which of these differ from the store.
    changed_latencies: Vec<bool>,
}

/// The contribution of one request to the sums.
#[derive(Clone, Copy)]
pub(super) struct Request {
    pub(super) track: TrackId,
    bucket: usize,
    sums: RequestSums,
    /// The index of the duration among the counts.
    latency: usize,
}

impl Request {
    /// Returns the contribution of an exposure's request; `None` outside a request.
    pub(super) fn of(
        track: TrackId,
        unit: Unit,
        exposure: &Exposure,
        is_error: &(dyn Fn(&Exposure) -> bool + Send + Sync),
    ) -> Option<Self> {
        let outcome = exposure.outcome()?;
        let micros = u64::try_from(exposure.duration()?.as_micros()).unwrap_or(u64::MAX);
        let sums = RequestSums {
            requests: 1,
            errors: is_error(exposure).into(),
            aborted: (outcome == Outcome::Cancelled).into(),
            duration_us: micros,
            // The square of 64 bits needs 128.
            duration_us_sq: u128::from(micros) * u128::from(micros),
        };
        Some(Self {
            track,
            bucket: bucket(unit),
            sums,
            latency: group(unit) * usize::from(BINS) + bin(micros),
        })
    }
}

impl Sums {
    /// Adds a request to its bucket.
    pub(super) fn add(&mut self, track: &TrackName, request: Request) {
        if let Some(buckets) = self.buckets(track) {
            buckets.sums[request.bucket].add(&request.sums);
            buckets.changed[request.bucket] = true;
            let count = &mut buckets.latencies[request.latency];
            *count = count.saturating_add(1);
            buckets.changed_latencies[request.latency] = true;
        }
    }

    /// Returns the buckets of a track; `None` if there are too many tracks.
    fn buckets(&mut self, track: &TrackName) -> Option<&mut Buckets> {
        let name = key_of(track);
        if self.tracks.len() >= TRACKS && !self.tracks.contains_key(&name) {
            self.warn_once();
            return None;
        }
        Some(self.tracks.entry(name).or_insert_with(|| Buckets {
            track: track.clone(),
            sums: vec![RequestSums::default(); BUCKETS],
            changed: vec![false; BUCKETS],
            latencies: vec![0; COUNTS],
            changed_latencies: vec![false; COUNTS],
        }))
    }

    /// Logs once that there are too many tracks.
    fn warn_once(&mut self) {
        if !std::mem::replace(&mut self.is_full, true) {
            warn(format_args!(
                "more than {TRACKS} tracks have exposures, so the requests of further tracks are not \
                 summed; their exposures are recorded"
            ));
        }
    }

    /// Returns the sums that differ from the store.
    pub(super) fn changed(&self) -> impl Iterator<Item = (&TrackName, u16, RequestSums)> {
        self.tracks.values().flat_map(|buckets| {
            let all = buckets.sums.iter().zip(&buckets.changed).enumerate();
            let changed = all.filter(|(_, (_, changed))| **changed);
            changed.map(|(bucket, (sums, _))| (&buckets.track, bucket as u16, *sums))
        })
    }

    /// Returns the numbers of requests by duration that differ from the store, with their group and bin.
    pub(super) fn changed_latencies(&self) -> impl Iterator<Item = (&TrackName, u8, u8, u64)> {
        self.tracks.values().flat_map(|buckets| {
            let all = buckets.latencies.iter().zip(&buckets.changed_latencies);
            let changed = all.enumerate().filter(|(_, (_, changed))| **changed);
            changed.map(|(index, (count, _))| {
                let (group, bin) = (index / usize::from(BINS), index % usize::from(BINS));
                (&buckets.track, group as u8, bin as u8, *count)
            })
        })
    }

    /// Notes that all sums are in the store.
    pub(super) fn are_stored(&mut self) {
        for buckets in self.tracks.values_mut() {
            buckets.changed.fill(false);
            buckets.changed_latencies.fill(false);
        }
    }

    /// Notes that the store has no sums, so that all are written again.
    pub(super) fn are_gone(&mut self) {
        let all = self.tracks.values_mut();
        all.for_each(|buckets| {
            let had = buckets.sums.iter().map(|sums| sums.requests > 0);
            buckets.changed = had.collect();
            let had = buckets.latencies.iter().map(|count| *count > 0);
            buckets.changed_latencies = had.collect();
        });
    }
}

/// Returns the bucket of a unit: its first ten bits.
fn bucket(unit: Unit) -> usize {
    let [first, second, ..] = unit.to_bytes();
    usize::from(u16::from_be_bytes([first, second]) >> 6)
}

/// Returns the group of a unit: the last five bits of its last byte. They say nothing about its bucket.
fn group(unit: Unit) -> usize {
    let [.., last] = unit.to_bytes();
    usize::from(last % GROUPS)
}

/// Returns the bin of a duration.
fn bin(micros: u64) -> usize {
    latency_bins::bin(micros as f64 / 1e3).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_are_the_first_ten_bits() {
        let unit = |first, second| {
            let mut bytes = [0xff; 16];
            bytes[..2].copy_from_slice(&[first, second]);
            Unit::from_bytes(bytes)
        };
        assert_eq!(bucket(unit(0, 0)), 0);
        assert_eq!(bucket(unit(0, 0x40)), 1);
        assert_eq!(bucket(unit(0xff, 0xff)), BUCKETS - 1);
    }

    #[test]
    fn each_track_takes_less_than_100_kilobytes() {
        let bytes = |count: usize, each: usize| count * each;
        let sums = bytes(BUCKETS, size_of::<RequestSums>() + 1);
        let counts = bytes(COUNTS, size_of::<u64>() + 1);
        assert!(
            sums + counts + size_of::<Buckets>() < 100_000,
            "{sums} {counts}"
        );
    }

    #[test]
    fn groups_are_the_last_five_bits() {
        let unit = |last| {
            let mut bytes = [0; 16];
            bytes[15] = last;
            Unit::from_bytes(bytes)
        };
        assert_eq!([0x00, 0x1f, 0xe1].map(|last| group(unit(last))), [0, 31, 1]);
        assert_eq!([0, 100, 1_000, u64::MAX].map(bin), [0, 0, 26, 161]);
    }

    #[test]
    fn all_counts_are_written_again_after_the_store_is_gone() {
        let phase = crate::store::PhaseName {
            set: "delay".into(),
            phase: 1,
            kind: "visitor".into(),
        };
        let track = TrackName {
            phase,
            track: "long".into(),
            control: false,
        };
        let mut sums = Sums::default();
        let latency = 5 * usize::from(BINS) + 70;
        let request = |latency| Request {
            track: 0,
            bucket: 3,
            sums: RequestSums::default(),
            latency,
        };
        sums.add(&track, request(latency));
        let changed = |sums: &Sums| {
            let changed = sums.changed_latencies();
            changed
                .map(|(_, group, bin, count)| (group, bin, count))
                .collect::<Vec<_>>()
        };
        assert_eq!(changed(&sums), [(5, 70, 1)]);
        sums.are_stored();
        assert_eq!(changed(&sums), []);
        sums.are_gone();
        assert_eq!(changed(&sums), [(5, 70, 1)]);
    }
}
