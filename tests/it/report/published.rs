//! Published tests, through a file and an import to the report. What the report says is that of other programs.
//!
//! `tests/vectors/published/published.py` has the counts, and computes the answers.

use std::{fs, sync::LazyLock, time::Duration};

use serde_json::Value;
use tower_tracks::{
    Goal, Metric, MultiTrackSet, Plan, SimpleTrackSet,
    files::{Export, Import},
    report::{Answer, PhaseReport, Reporter},
    store::{
        Batch, ConversionRow, DefinitionName, ExposureRow, Memory, PlanRow, Store, TrackName,
        WriterRow,
    },
    unit::Unit,
};

use super::shop::{DAY, day, definition_of, only, phase_of};

/// The tests with their reports, computed once: there are some hundred thousand lines.
static REPORTS: LazyLock<Vec<(Value, PhaseReport)>> = LazyLock::new(|| {
    let with_report = |test: Value| {
        let report = report(&test);
        (test, report)
    };
    published().into_iter().map(with_report).collect()
});

fn published() -> Vec<Value> {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/vectors/published/published.json"
    );
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

/// Names with their counts.
fn counts(object: &Value) -> Vec<(String, u64)> {
    let counts = object.as_object().unwrap().iter();
    counts
        .map(|(name, n)| (name.clone(), n.as_u64().unwrap()))
        .collect()
}

fn set(test: &Value, control: &str) -> MultiTrackSet {
    let metric = |goal: &str| Metric::rate(goal.to_owned()).window(DAY);
    let primary = test["primary"].as_str().unwrap();
    let others = test["goals"].as_object().unwrap().keys();
    let others = others.filter(|goal| *goal != primary);
    let plan = Plan::default().primary(metric(primary));
    let plan = others
        .map(|goal| metric(goal))
        .fold(plan, Plan::exploratory);
    let set = SimpleTrackSet::new(test["name"].as_str().unwrap()).without_control();
    let tracks = counts(&test["tracks"]).into_iter();
    let set = tracks.fold(set, |set, (track, _)| set.track(track, ()));
    set.control(control).plan(plan).build().unwrap()
}

fn unit(track: usize, number: u64) -> Unit {
    let mut bytes = [0; 16];
    bytes[0] = track as u8;
    bytes[8..].copy_from_slice(&number.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes());
    Unit::from_bytes(bytes)
}

/// The facts of a test: each unit met its track on one day, and reached its goals an hour later.
fn facts(test: &Value, sets: &MultiTrackSet, control: &str) -> Batch {
    let (mut batch, met) = (Batch::default(), day(1));
    let writer = batch.writer(&WriterRow::new([7; 16], day(0)));
    let (name, set) = (phase_of(sets), sets.sets().next().unwrap());
    let phase = batch.phase(&name);
    let definition = definition_of(set, phase);
    let fingerprint = definition.fingerprint;
    batch.definitions.push(definition);
    let plan = serde_json::to_string(set.plan().unwrap()).unwrap();
    batch.plans.push(PlanRow::new(phase, day(0), plan.into()));
    let definition = batch.definition(&DefinitionName {
        phase: name.clone(),
        fingerprint,
    });
    for (index, (track, units)) in counts(&test["tracks"]).into_iter().enumerate() {
        let row = batch.track(&TrackName {
            phase: name.clone(),
            control: track == control,
            track: track.as_str().into(),
        });
        for number in 0..units {
            let mut row = ExposureRow::new(row, unit(index, number), met, writer);
            row.definition = Some(definition);
            batch.exposures.push(row);
        }
        for (goal, reached) in test["goals"].as_object().unwrap() {
            let row = batch.goal(&Goal::new(goal).unwrap());
            for number in 0..reached[&track].as_u64().unwrap() {
                let at = met.plus(Duration::from_secs(3600));
                let row = ConversionRow::new(row, unit(index, number), [1; 16], at, writer);
                batch.conversions.push(row);
            }
        }
    }
    batch
}

fn control_of(test: &Value) -> String {
    // The one track without an answer.
    let answers = test["answers"]
        .as_object()
        .unwrap()
        .values()
        .next()
        .unwrap();
    let tracks = counts(&test["tracks"]).into_iter();
    let mut controls = tracks.filter(|(track, _)| answers.get(track).is_none());
    controls.next().unwrap().0
}

fn report(test: &Value) -> PhaseReport {
    let control = control_of(test);
    let sets = set(test, &control);
    let recorded = Memory::default();
    recorded.write(&facts(test, &sets, &control)).unwrap();
    let (imported, mut lines) = (Memory::default(), Vec::new());
    Export::of(&recorded).json_lines(&mut lines).unwrap();
    Import::json_lines(&*lines).into_store(&imported).unwrap();
    only(Reporter::new(&imported, day(20)).compute().unwrap())
}

#[track_caller]
fn close(found: f64, expected: &Value, what: &str) {
    let expected = expected.as_f64().unwrap();
    let tolerance = 1e-6 * expected.abs() + 1e-9;
    assert!(
        (found - expected).abs() <= tolerance,
        "{what}: {found}, and not {expected}"
    );
}

#[test]
fn reports_of_published_tests_agree_with_other_programs() {
    for (test, phase) in &*REPORTS {
        let name = &test["name"];
        let ratio = phase.health.sample_ratio.known().unwrap();
        close(
            ratio.p,
            &test["sample_ratio_p"],
            &format!("{name}, sample ratio"),
        );
        for (goal, answers) in test["answers"].as_object().unwrap() {
            let goal = phase
                .goals
                .iter()
                .find(|known| known.label == *goal)
                .unwrap();
            for (track, expected) in answers.as_object().unwrap() {
                let found = goal
                    .tracks
                    .iter()
                    .find(|known| known.track == *track)
                    .unwrap();
                let compared = found.compared.as_ref().and_then(Answer::known).unwrap();
                let at = |what: &str| format!("{name}, {}, {track}, {what}", goal.label);
                close(compared.z, &expected["z"], &at("z"));
                close(compared.p, &expected["p"], &at("p"));
                close(
                    *compared.lift.known().unwrap(),
                    &expected["lift"],
                    &at("lift"),
                );
                close(
                    compared.difference.value,
                    &expected["difference"],
                    &at("difference"),
                );
                let limits = [
                    (compared.difference.interval.unwrap(), "difference_limits"),
                    (*compared.lift_interval.known().unwrap(), "lift_limits"),
                    (found.value.known().unwrap().interval.unwrap(), "wilson"),
                ];
                for (limits, what) in limits {
                    close(limits.lower, &expected[what][0], &at(what));
                    close(limits.upper.unwrap(), &expected[what][1], &at(what));
                }
            }
        }
    }
}

/// What the analysts of these tests found, and what a reader of every look may conclude.
#[test]
fn published_tests_have_the_verdicts_of_their_analysts() {
    let sentences = |(_, phase): &(Value, PhaseReport)| {
        let tracks = phase.goals[0].tracks.iter();
        let verdicts = tracks.filter_map(|track| track.verdict.clone());
        verdicts.map(|verdict| verdict.sentence).collect::<Vec<_>>()
    };
    let [cats, page, mail] = &REPORTS[..] else {
        panic!("there are three");
    };
    assert!(sentences(cats)[0].starts_with("No difference found so far"));
    assert!(sentences(page)[0].starts_with("No difference found so far"));
    let mail = sentences(mail);
    assert!(
        mail.iter()
            .all(|sentence| sentence.starts_with("Better than control")),
        "{mail:?}"
    );
}
