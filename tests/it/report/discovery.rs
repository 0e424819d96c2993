//! False discovery rates over the tests of a team.

use std::{sync::Arc, time::Duration};

use tower_tracks::{
    Exposure, Goal, Key, Metric, Observe, Plan, SimpleTrackSet,
    event::Conversion,
    record::Recorder,
    report::{Answer, Report, Reporter},
    stats::benjamini_hochberg,
    store::{Memory, Timestamp},
};

use super::shop::{DAY, start, units};

/// Sets of which one has an effect.
fn report(sets: usize) -> Report {
    let store = Arc::new(Memory::default());
    let recorder = Recorder::builder(units())
        .queue(200_000)
        .store(store.clone());
    let recorder = recorder.start().unwrap();
    for number in 0..sets {
        let goal = format!("goal-{number}");
        let plan = Plan::default().primary(Metric::rate(goal.clone()).window(DAY));
        let set = SimpleTrackSet::new(format!("set-{number}"))
            .track("on", ())
            .plan(plan);
        let set = set.build().unwrap();
        for visitor in 0..800_u64 {
            let key = Key::from(format!("visitor-{visitor}"));
            let choice = set.assign(key.clone(), &());
            let helps = number == 0 && !choice.is_control();
            let met = start() + Duration::from_secs(visitor);
            recorder.observe(&Exposure::new(choice, key.clone(), met).unwrap());
            if visitor % 5 == 0 || (helps && visitor % 3 == 0) {
                let reached = Conversion::new(&key, Goal::new(&goal).unwrap(), met + DAY / 2);
                recorder.conversion(&reached.once("it"));
            }
        }
    }
    recorder.flush().wait().unwrap();
    let later = Timestamp::from(start() + 10 * DAY);
    Reporter::new(&*store, later).compute().unwrap()
}

#[test]
fn the_rate_of_a_finding_counts_all_tests() {
    let report = report(6);
    let p_values: Vec<f64> = report
        .phases
        .iter()
        .map(|phase| {
            let compared = phase.goals[0].tracks[1].compared.as_ref();
            compared
                .and_then(Answer::known)
                .unwrap()
                .adjusted_p
                .unwrap()
        })
        .collect();
    let rates = report.discovery_rates();
    // One set alone has a finding.
    assert_eq!(rates.keys().copied().collect::<Vec<_>>(), ["set-0"]);
    assert_eq!(rates["set-0"], benjamini_hochberg(&p_values)[0]);
    assert!(rates["set-0"] > p_values[0]);
}
