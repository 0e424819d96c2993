//! Errors, aborts and durations of requests, as guardrails that need no code.

use std::collections::BTreeMap;

use crate::{
    report::{GoalReport, GoalRole, GoalSource, GoalTrack},
    stats::{Cell, Counted, GoalCounts, I256, NoAnswer, Ratio, RatioSums, Role, Wanted},
    store::{RequestSums, TrackName},
};

use super::{
    Lineup, Measured,
    cells::no_ratio,
    goals::{label, unjudged},
};

/// The number of microseconds in a millisecond.
const MILLIS: f64 = 1e3;

/// The sums over requests, by track and bucket of units.
type Sums = BTreeMap<(TrackName, u16), RequestSums>;

impl Measured {
    /// Counts errors, aborts and durations of the requests of each track; nothing where there were
    /// no requests.
    ///
    /// All requests of a unit are in one bucket, so that a bucket is a group of units, and the
    /// spread of the ratio is that over buckets. Those in which a track had no request are left
    /// out, which makes the spread no smaller.
    pub(super) fn requests(lineup: &Lineup, sums: &Sums) -> Vec<Self> {
        use GoalSource::{Aborts, Duration, Errors};
        match sums.values().any(|sums| sums.requests > 0) {
            true => [Errors, Aborts, Duration]
                .map(|source| of(source, lineup, sums))
                .into(),
            false => Vec::new(),
        }
    }
}

/// Counts one of the three sums in each track.
fn of(source: GoalSource, lineup: &Lineup, sums: &Sums) -> Measured {
    let mut cells = Vec::new();
    let mut tracks = Vec::new();
    for track in &lineup.tracks {
        let of_track = sums
            .iter()
            .filter(|((name, _), _)| *name.track == *track.name);
        let buckets: Vec<&RequestSums> = of_track.map(|(_, sums)| sums).collect();
        let counted = Counted::Ratio(ratio(&source, &buckets, track.units));
        tracks.push(GoalTrack {
            units: track.units,
            sum: total(&buckets, &source),
            by: buckets.iter().map(|sums| sums.requests as f64).sum(),
            ..unjudged(&track.name, &counted)
        });
        cells.push(Cell {
            converters: Some(with_a_value(&buckets, &source)),
            ..counted.into()
        });
    }
    Measured {
        report: report(source, tracks),
        counts: GoalCounts::new(Role::Guardrail, Wanted::Less, cells),
        looked: Vec::new(),
        kind: None,
    }
}

/// Returns the report of a sum, before it is judged. Sums have no window, so no unit is open.
fn report(source: GoalSource, tracks: Vec<GoalTrack>) -> GoalReport {
    GoalReport {
        label: label(&source),
        source,
        role: GoalRole::Guardrail,
        less_is_better: true,
        window_from_seconds: None,
        window_seconds: None,
        open: 0,
        open_until: None,
        cap: None,
        tracks,
    }
}

/// Returns the number of buckets with at least one error or abort, or any duration. Statistics take
/// it as the number of converters.
fn with_a_value(buckets: &[&RequestSums], source: &GoalSource) -> u64 {
    let has_some = |sums: &&&RequestSums| numerator(source, sums).0 > 0;
    buckets.iter().filter(has_some).count() as u64
}

/// Returns the dividend of a bucket, and how many integers of it make one of the goal's unit.
fn numerator(source: &GoalSource, sums: &RequestSums) -> (u64, f64) {
    match source {
        GoalSource::Aborts => (sums.aborted, 1.0),
        GoalSource::Duration => (sums.duration_us, MILLIS),
        _ => (sums.errors, 1.0),
    }
}

/// Returns the sum over all buckets in the goal's unit.
fn total(buckets: &[&RequestSums], source: &GoalSource) -> f64 {
    let one = |sums: &&RequestSums| {
        let (amount, parts) = numerator(source, sums);
        amount as f64 / parts
    };
    buckets.iter().map(one).sum()
}

/// Returns the ratio to the number of requests, with the spread over buckets.
fn ratio(source: &GoalSource, buckets: &[&RequestSums], units: u64) -> Ratio {
    let rows = buckets.iter().filter(|sums| sums.requests > 0).count() as u64;
    // Crossed units are in the sums, too, and so there can be more buckets than units.
    let units = units.max(rows);
    let sums = summed(source, buckets).ok_or(NoAnswer::OutOfRange);
    let parts = numerator(source, &RequestSums::default()).1;
    let ratio = sums.and_then(|sums| sums.ratio(parts, 1.0));
    ratio
        .unwrap_or_else(|why| no_ratio(units, why))
        .of_units(units)
}

/// Returns the sums over buckets, which 256 bits hold.
fn summed(source: &GoalSource, buckets: &[&RequestSums]) -> Option<RatioSums<I256>> {
    let mut all = RatioSums::<I256>::default();
    for sums in buckets.iter().filter(|sums| sums.requests > 0) {
        let n = i128::from(numerator(source, sums).0);
        let d = i128::from(sums.requests);
        let add = |sum: I256, a, b| sum.checked_add(I256::product(a, b));
        all = RatioSums {
            rows: all.rows + 1,
            numerator: add(all.numerator, n, 1)?,
            denominator: add(all.denominator, d, 1)?,
            numerator_squares: add(all.numerator_squares, n, n)?,
            denominator_squares: add(all.denominator_squares, d, d)?,
            products: add(all.products, n, d)?,
        };
    }
    Some(all)
}
