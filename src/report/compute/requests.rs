//! Errors, aborts and durations of requests, as guardrails that need no code.

use std::collections::BTreeMap;

use crate::{
    report::{GoalReport, GoalRole, GoalSource, GoalTrack, TrackReport},
    stats::{Counted, GoalCounts, I256, NoAnswer, Ratio, RatioSums, Role, TrackCounts, Wanted},
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

/// The amount and the number of requests of a bucket of units.
type Bucket = (u64, u64);

/// What is summed of the requests of a bucket.
type Amount = fn(&RequestSums) -> u64;

impl Measured {
    /// Counts errors, aborts and durations of the requests of each track; nothing where there were
    /// no requests.
    ///
    /// All requests of a unit are in one bucket, so that a bucket is a group of units, and the
    /// spread of the ratio is that over buckets. Those in which a track had no request are left
    /// out, which makes the spread no smaller.
    pub(super) fn requests(lineup: &Lineup, sums: &Sums) -> Vec<Self> {
        if sums.values().all(|sums| sums.requests == 0) {
            return Vec::new();
        }
        let sources: [(_, Amount, _); 3] = [
            (GoalSource::Errors, |sums| sums.errors, 1.0),
            (GoalSource::Aborts, |sums| sums.aborted, 1.0),
            (GoalSource::Duration, |sums| sums.duration_us, MILLIS),
        ];
        let of_source = |(source, amount, parts)| of(source, lineup, (sums, amount, parts));
        sources.map(of_source).into()
    }
}

/// Counts one of the three sums in each track. So many `parts` of the amount make one of the goal's
/// unit.
fn of(
    source: GoalSource,
    lineup: &Lineup,
    (sums, amount, parts): (&Sums, Amount, f64),
) -> Measured {
    let of_track = |track: &TrackReport| {
        let buckets = sums
            .iter()
            .filter(|((name, _), _)| *name.track == *track.name);
        let buckets = buckets.map(|(_, sums)| (amount(sums), sums.requests));
        let buckets: Vec<Bucket> = buckets.collect();
        let counted = Counted::Ratio(ratio(&buckets, parts, track.units));
        let with_a_value = buckets.iter().filter(|(amount, _)| *amount > 0).count();
        let cell = TrackCounts {
            // Statistics take the buckets with a value as the units that converted.
            converters: Some(with_a_value as u64),
            ..counted.into()
        };
        let track = GoalTrack {
            units: track.units,
            sum: buckets
                .iter()
                .map(|(amount, _)| *amount as f64 / parts)
                .sum(),
            by: buckets.iter().map(|(_, requests)| *requests as f64).sum(),
            ..unjudged(&track.name, &counted)
        };
        (track, cell)
    };
    let (tracks, cells): (_, Vec<TrackCounts>) = lineup.tracks.iter().map(of_track).unzip();
    Measured {
        report: report(source, tracks),
        counts: GoalCounts::new(Role::Guardrail, Wanted::Less, cells),
        looked: Vec::new(),
        kind: None,
    }
}

/// Returns the report of a guardrail of requests, before it is judged. All requests count, so no unit is open.
pub(super) fn report(source: GoalSource, tracks: Vec<GoalTrack>) -> GoalReport {
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
        cap_at: None,
        lookback_seconds: None,
        margin: None,
        tracks,
    }
}

/// Returns the ratio to the number of requests, with the spread over buckets.
fn ratio(buckets: &[Bucket], parts: f64, units: u64) -> Ratio {
    let rows = buckets.iter().filter(|(_, requests)| *requests > 0).count() as u64;
    // Crossed units are in the sums, too, and so there can be more buckets than units.
    let units = units.max(rows);
    let sums = summed(buckets).ok_or(NoAnswer::OutOfRange);
    let ratio = sums.and_then(|sums| sums.ratio(parts, 1.0));
    ratio
        .unwrap_or_else(|why| no_ratio(units, why))
        .of_units(units)
}

/// Returns the sums over buckets, which 256 bits hold.
fn summed(buckets: &[Bucket]) -> Option<RatioSums<I256>> {
    let mut all = RatioSums::<I256>::default();
    for (amount, requests) in buckets.iter().filter(|(_, requests)| *requests > 0) {
        let (n, d) = (i128::from(*amount), i128::from(*requests));
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
