//! The checks of a phase.

use std::collections::HashSet;

use crate::{
    event::Goal,
    report::{
        Answer, Coin, CoinAlarm, Health, LostEvents, RatioCheck, RatioState, TrackReport,
        facts::PhaseFacts, total::total,
    },
    stats::{Headcount, SampleRatio, SetReadout, Warning, ratio_p},
    store::{AskedGoal, Loss, LostReason},
};

use super::{Draft, Lineup, Measured};

/// The name of the sink whose losses are missing from a store.
pub(super) const STORE: &str = "store";

impl Health {
    /// Returns the checks.
    pub(super) fn of(draft: &Draft<'_>) -> Self {
        let (facts, lineup, readout) = (draft.facts, &draft.lineup, &draft.readout);
        let (losses, units) = (losses(facts), &facts.attribution.units);
        let crossed = facts.attribution.crossed();
        let all = lineup.units().saturating_add(crossed);
        let fingerprints = draft.served.0.iter().map(|known| hex(&known.fingerprint));
        Self {
            sample_ratio: match lineup.is_defined {
                true => Answer::from(readout.sample_ratio).map(|ratio| check(&ratio, readout)),
                false => Answer::unknown("no definition of the phase is stored that can be read"),
            },
            crossed,
            crossed_share: crossed as f64 / all.max(1) as f64,
            stray: lineup.stray,
            stray_tracks: lineup.stray_tracks.clone(),
            lost: losses.iter().map(|loss| lost(loss)).collect(),
            uneven_loss: uneven(&losses, lineup),
            coin: Coin {
                // Units from access logs of some schemes have no coin.
                known: !units.is_empty() && units.keys().all(|cohort| cohort.coin.is_some()),
                alarms: alarms(readout, &draft.measured),
            },
            fingerprints: fingerprints.collect(),
            weights_changed_on: draft.served.weights_changed(),
        }
    }
}

/// Returns the halves of tracks that differ, as the statistics found them.
fn alarms(readout: &SetReadout, measured: &[Measured]) -> Vec<CoinAlarm> {
    let alarm = |warning: &Warning| {
        let Warning::Coin { goal, track, p } = *warning else {
            return None;
        };
        let report = &measured.get(goal)?.report;
        Some(CoinAlarm {
            goal: report.label.clone(),
            track: report.tracks.get(track)?.track.clone(),
            p,
        })
    };
    readout.warnings.iter().filter_map(alarm).collect()
}

/// Returns the check of the sample ratio. Its state comes from the warnings of the statistics, so
/// that the thresholds are in one place.
fn check(ratio: &SampleRatio, readout: &SetReadout) -> RatioCheck {
    let state = readout.warnings.iter().find_map(|warning| match warning {
        Warning::Mismatch { .. } => Some(RatioState::Mismatch),
        Warning::SuspectedMismatch { .. } => Some(RatioState::Suspected),
        _ => None,
    });
    RatioCheck {
        state: state.unwrap_or(RatioState::Fine),
        p: ratio.p,
        chi_square_p: ratio.pearson.ok().map(|pearson| pearson.p),
    }
}

/// Returns the losses that concern the phase: exposures to its tracks, and conversions of its
/// goals. A loss of an alias names neither, and concerns no phase.
fn losses(facts: &PhaseFacts) -> Vec<&Loss> {
    let phase = &facts.phase.name;
    let asked = facts.plan.question(phase, facts.as_of).goals;
    let asked: HashSet<&Goal> = asked.iter().flat_map(AskedGoal::goals).collect();
    let concerns = |loss: &&Loss| match (&loss.track, &loss.goal) {
        (Some(track), _) => track.phase.set == phase.set && track.phase.phase == phase.phase,
        (None, Some(goal)) => asked.contains(goal),
        (None, None) => false,
    };
    facts.losses.iter().filter(concerns).collect()
}

/// Returns a loss as the report shows it.
fn lost(loss: &Loss) -> LostEvents {
    LostEvents {
        sink: loss.sink.to_string(),
        reason: loss.reason.to_string(),
        track: loss.track.as_ref().map(|track| track.track.to_string()),
        goal: loss.goal.as_ref().map(ToString::to_string),
        n: loss.n,
    }
}

/// Tests whether the store lost exposures in proportion to the weights of the tracks; `None` if it
/// lost none.
fn uneven(losses: &[&Loss], lineup: &Lineup) -> Option<f64> {
    // What is of another unit was never of this phase. What a ceiling refused are units by chance, and
    // these are as many events as their track makes them return.
    let reasons = [LostReason::OtherUnit, LostReason::Ceiling].map(LostReason::as_str);
    let of_store = |loss: &&&Loss| *loss.sink == *STORE && !reasons.contains(&&*loss.reason);
    let headcount = |track: &TrackReport| {
        let of_track = |loss: &&&Loss| {
            let lost = loss.track.as_ref();
            lost.is_some_and(|lost| *lost.track == *track.name)
        };
        let losses = losses.iter().filter(of_store).filter(of_track);
        Headcount {
            weight: track.weight.unwrap_or_default() as f64,
            units: total(losses.map(|loss| loss.n)),
        }
    };
    let headcounts: Vec<Headcount> = lineup.tracks.iter().map(headcount).collect();
    if headcounts.iter().all(|track| track.units == 0) {
        return None;
    }
    ratio_p(&headcounts).ok()
}

/// Returns bytes as hexadecimal digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
