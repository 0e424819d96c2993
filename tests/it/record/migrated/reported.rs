//! What a report counts in a store that version 1 wrote, beside what version 1 reported of it.

use serde_json::Value;
use tower_tracks::{
    report::{GoalReport, PhaseReport, Reporter},
    store::{Store, Timestamp},
};

use super::expected::AS_OF;

/// The counts are the same, and a plan that was read then stays shown as what it was.
#[track_caller]
pub(super) fn check_report(store: &dyn Store) {
    let report = Reporter::new(store, Timestamp::from_micros(AS_OF))
        .compute()
        .unwrap();
    let before = include_str!("../../../fixtures/v1/report.json");
    let before: Value = serde_json::from_str(before).unwrap();
    let phases = before["phases"].as_array().unwrap();
    assert_eq!(
        (report.phases.len(), report.unread.len()),
        (phases.len(), 0)
    );
    for (phase, before) in report.phases.iter().zip(phases) {
        check_phase(phase, before);
    }
    let recorded: Vec<_> = report
        .phases
        .iter()
        .filter_map(|phase| phase.recorded_decision.as_ref())
        .collect();
    let [decision] = &recorded[..] else {
        panic!("{recorded:?}")
    };
    let then = &phases[0]["goals"][0]["tracks"][1]["verdict"]["sentence"];
    assert_eq!(
        &decision.goals[0].tracks[1]
            .verdict
            .as_ref()
            .unwrap()
            .sentence,
        then
    );
}

fn check_phase(phase: &PhaseReport, before: &Value) {
    let name = (&*phase.set, u64::from(phase.phase));
    assert_eq!(
        name,
        (
            before["set"].as_str().unwrap(),
            before["phase"].as_u64().unwrap()
        )
    );
    assert_eq!(phase.units, before["units"], "{name:?}");
    assert_eq!(
        phase.health.crossed, before["health"]["crossed"],
        "{name:?}"
    );
    for (track, before) in phase
        .tracks
        .iter()
        .zip(before["tracks"].as_array().unwrap())
    {
        assert_eq!(
            (&before["name"], &before["units"]),
            (&track.name.clone().into(), &track.units.into())
        );
    }
    // A plan is read of the units of its looks, and not of those that still had time.
    let goals = phase
        .goals
        .iter()
        .filter(|_| phase.intent.progress.is_none());
    for (goal, before) in goals.zip(before["goals"].as_array().unwrap()) {
        assert_eq!(goal.label, before["label"], "{name:?}");
        let counted: Vec<Value> = before["tracks"]
            .as_array()
            .unwrap()
            .iter()
            .map(|track| serde_json::json!([track["units"], track["converters"]]))
            .collect();
        // With changed weights, no track has a reading of its open units.
        let is_hidden = goal.open > 0 && goal.tracks.iter().all(|track| track.so_far.is_none());
        match is_hidden {
            true => assert_eq!(sum(&all_units(goal)) + goal.open, sum(&counted), "{name:?}"),
            false => assert_eq!(all_units(goal), counted, "{name:?} {}", goal.label),
        }
    }
}

/// The units of all tracks.
fn sum(counted: &[Value]) -> u64 {
    counted.iter().filter_map(|track| track[0].as_u64()).sum()
}

/// Units and converters by track, those among them that still have time to convert.
fn all_units(goal: &GoalReport) -> Vec<Value> {
    let all = |track: &tower_tracks::report::GoalTrack| match &track.so_far {
        Some(so_far) => serde_json::json!([so_far.units, so_far.converters]),
        None => serde_json::json!([track.units, track.converters]),
    };
    goal.tracks.iter().map(all).collect()
}
