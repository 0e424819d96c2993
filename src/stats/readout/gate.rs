//! How much data a verdict requires.

use super::{Counted, TrackCounts};
use crate::stats::{Latencies, SLOW, effective_slow};

/// The units that the smaller track needs.
pub(crate) const LEAST_UNITS: u64 = 100;

/// The converters that are expected in the smaller track, and as many others.
const EXPECTED: u64 = 10;

/// The data that two tracks lack for a verdict.
///
/// Both tracks together need enough data: with `n` units in the smaller track, `N` units and `x` converters
/// in both, `n ≥ 100`, `n·x ≥ 10·N` and `n·(N − x) ≥ 10·N`. So a track without conversions is judged as soon
/// as control shows how many to expect.
///
/// The fields are expected counts in the smaller track, rounded up: the number that each track still needs if
/// both convert alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Missing {
    /// How many of the required 100 units are missing.
    pub units: u64,
    /// How many of the required 10 expected converters are missing.
    pub converters: u64,
    /// How many of the required 10 expected units that do not convert are missing; for rates only.
    pub others: u64,
}

impl Missing {
    /// Returns what two tracks lack; `None` if they have enough data for a comparison.
    ///
    /// For means and ratios, the units with a value other than 0 count as converters. If that is not known,
    /// all units do. Units that do not convert are not required. If units were summed in groups, the groups
    /// count instead.
    ///
    /// ```
    /// use tower_tracks::stats::{TrackCounts, Counted, Missing, Rate};
    ///
    /// let cell = |units, converters| TrackCounts::from(Counted::Rate(Rate { units, converters }));
    /// // An outage: no unit converts in the track, 50 of 500 in control.
    /// assert_eq!(Missing::of(&cell(500, 50), &cell(500, 0)), None);
    /// // A rare goal: 9 converters are expected in each track.
    /// let missing = Missing::of(&cell(10_000, 9), &cell(10_000, 9));
    /// assert_eq!(missing.map(|missing| missing.converters), Some(1));
    /// ```
    pub fn of(control: &TrackCounts, track: &TrackCounts) -> Option<Self> {
        let (control, track) = (Counts::of(control), Counts::of(track));
        let rows = [control.rows, track.rows];
        let others = control.others.zip(track.others);
        let missing = Self {
            units: LEAST_UNITS.saturating_sub(control.rows.min(track.rows)),
            converters: lacks(rows, [control.converters, track.converters]),
            others: others.map_or(0, |(control, track)| lacks(rows, [control, track])),
        };
        (missing != Self::default()).then_some(missing)
    }
}

impl Missing {
    /// Returns what two tracks lack for a comparison of percentiles. Slow requests count as converters.
    pub(super) fn of_latencies(control: &Latencies, track: &Latencies) -> Option<Self> {
        let slow = effective_slow(control).min(effective_slow(track));
        let missing = Self {
            units: LEAST_UNITS.saturating_sub(control.units().min(track.units())),
            converters: (SLOW - slow).max(0.0).ceil() as u64,
            others: 0,
        };
        (missing != Self::default()).then_some(missing)
    }
}

/// The counts of one track.
struct Counts {
    /// What the spread is over: the units, or the groups that they were summed in.
    rows: u64,
    converters: u64,
    /// The units that did not convert, if they are required.
    others: Option<u64>,
}

impl Counts {
    fn of(cell: &TrackCounts) -> Self {
        let units = cell.counted.units();
        let rows = match &cell.counted {
            Counted::Ratio(ratio) => ratio.rows.min(units),
            _ => units,
        };
        let (converters, others) = match &cell.counted {
            Counted::Rate(rate) => (rate.converters, Some(rate.others())),
            _ => (cell.converters.unwrap_or(rows), None),
        };
        Self {
            rows,
            converters: converters.min(rows),
            others,
        }
    }
}

/// How many more of some units are expected to be needed in the smaller track:
/// `10 − n·x/N`, in integers, so that a border is exact.
fn lacks(rows: [u64; 2], these: [u64; 2]) -> u64 {
    // Wide enough for ten times the sum of two tracks.
    let [all, these] =
        [rows, these].map(|[control, track]| u128::from(control) + u128::from(track));
    // Units up to 64 bits may come from a store, and saturated they are more than enough.
    let seen = u128::from(rows[0].min(rows[1])).saturating_mul(these);
    let lacking = (u128::from(EXPECTED) * all).saturating_sub(seen);
    match all {
        0 => EXPECTED,
        all => u64::try_from(lacking.div_ceil(all)).unwrap_or(u64::MAX),
    }
}
