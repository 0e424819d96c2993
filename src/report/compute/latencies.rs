//! The 95th percentile of durations of requests, as a guardrail that needs no code.

use crate::{
    report::{Answer, Estimated, GoalSource, GoalTrack, Limits, Percentiles},
    stats::{
        Counted, GoalCounts, Latencies, Mean, QuantileEstimate, Role, Test, TrackCounts, Wanted,
        percentile,
    },
    store::LatencyCounts,
};

use super::{Lineup, Measured, goals::unjudged, requests::report};

impl Measured {
    /// Counts the durations of the requests of each track; `None` where there were no requests.
    pub(super) fn p95(lineup: &Lineup, counts: &LatencyCounts, test: &Test) -> Option<Self> {
        if counts.is_empty() {
            return None;
        }
        let latencies = lineup.tracks.iter().map(|track| {
            let mut latencies = Latencies::new(track.units);
            let of_track = counts
                .iter()
                .filter(|((name, ..), _)| *name.track == *track.name);
            for ((_, group, bin), requests) in of_track {
                latencies.add((*group).into(), (*bin).into(), *requests);
            }
            latencies
        });
        let latencies: Vec<Latencies> = latencies.collect();
        let tracks = lineup.tracks.iter().zip(&latencies);
        let tracks = tracks.map(|(track, latencies)| of_track(&track.name, latencies, test));
        let cells = latencies.iter().map(|latencies| cell(latencies.units()));
        Some(Self {
            report: report(GoalSource::P95, tracks.collect()),
            counts: GoalCounts {
                latencies: Some(latencies.clone()),
                ..GoalCounts::new(Role::Guardrail, Wanted::Less, cells.collect::<Vec<_>>())
            },
            looked: Vec::new(),
            kind: None,
        })
    }
}

/// Returns the cell of a track, which has its units alone.
fn cell(units: u64) -> TrackCounts {
    let mean = Mean {
        units,
        ..Mean::default()
    };
    Counted::Mean(mean).into()
}

/// Returns the percentiles of a track, before it is judged.
fn of_track(name: &str, latencies: &Latencies, test: &Test) -> GoalTrack {
    let read = |share| percentile(latencies, share, test);
    let p95 = read(0.95).map(estimated);
    let percentiles = [0.5, 0.99].map(|share| read(share).map(estimated));
    let percentiles = match (percentiles, p95) {
        ([Ok(p50), Ok(p99)], Ok(p95)) => Some(Percentiles { p50, p95, p99 }),
        _ => None,
    };
    GoalTrack {
        units: latencies.units(),
        by: latencies.requests() as f64,
        value: Answer::from(p95),
        percentiles,
        ..unjudged(name, &cell(latencies.units()).counted)
    }
}

/// Returns a percentile as the report has it: without limits if the lower one is missing.
fn estimated(found: QuantileEstimate) -> Estimated {
    let [lower, upper] = found.limits_of_bins();
    Estimated {
        value: found.milliseconds,
        interval: lower.map(|lower| Limits {
            lower,
            // JSON has no infinity.
            upper: upper.filter(|upper| upper.is_finite()),
        }),
    }
}
