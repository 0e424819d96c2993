//! Caps at a percentile of the totals of all tracks.

use std::time::Duration;

use tower_tracks::{
    Exposure, Goal, Key, Metric, Observe, Plan, SimpleTrackSet,
    event::Conversion,
    report::{PhaseReport, Reporter},
    store::Timestamp,
};

use super::shop::{DAY, Shop, only, pricing, start};

/// What the visitors spend, in whole units; every third of them nothing.
fn spent(visitor: u64) -> u64 {
    match visitor % 3 {
        0 => 0,
        _ if visitor == 100 => 1_000_000,
        _ => visitor * 7919 % 1009 + 1,
    }
}

fn phase(metric: Metric) -> PhaseReport {
    let shop = Shop::new(pricing(Plan::default().exploratory(metric)));
    for visitor in 0..900 {
        let key = Key::from(format!("visitor-{visitor}"));
        let choice = shop.sets.assign(key.clone(), &());
        let met = start() + Duration::from_secs(visitor);
        let exposure = Exposure::new(choice, key.clone(), met).unwrap();
        shop.recorder.observe(&exposure);
        if spent(visitor) > 0 {
            let bought = Conversion::new(&key, Goal::new("purchase").unwrap(), met + DAY);
            let bought = bought.value(spent(visitor) as f64).unwrap().once("order");
            shop.recorder.conversion(&bought);
        }
    }
    shop.recorder.flush().wait().unwrap();
    let later = Timestamp::from(start() + 10 * DAY);
    only(Reporter::new(&*shop.store, later).compute().unwrap())
}

#[test]
fn a_percentile_caps_the_totals_of_all_tracks() {
    let phase = phase(Metric::value("purchase").cap_at(0.95));
    let goal = &phase.goals[0];
    let mut totals: Vec<u64> = (0..900).map(spent).filter(|spent| *spent > 0).collect();
    totals.sort_unstable();
    let exact = totals[(0.95 * totals.len() as f64).ceil() as usize - 1] as f64;
    let cap = goal.cap.unwrap();
    assert!(
        cap >= exact && cap <= exact * (1.0 + 1.0 / 64.0),
        "{cap} of {exact}"
    );
    assert_eq!(goal.cap_at, Some(0.95));
    let capped: u64 = goal.tracks.iter().map(|track| track.capped).sum();
    assert_eq!(
        capped,
        totals.iter().filter(|total| **total as f64 > cap).count() as u64
    );
    let sum: f64 = goal.tracks.iter().map(|track| track.sum).sum();
    let expected: f64 = totals.iter().map(|total| (*total as f64).min(cap)).sum();
    assert!((sum - expected).abs() < 1e-3, "{sum} of {expected}");
    assert!(phase.to_text().contains("percentile 95"));
    // As if the cap had been set before.
    let same = self::phase(Metric::value("purchase").cap(cap));
    assert_eq!(same.goals[0].tracks, goal.tracks);
}

#[test]
fn percentiles_that_are_none_are_refused() {
    let refused = |plan: Plan| {
        let set = SimpleTrackSet::new("pricing").track("cheap", ()).plan(plan);
        set.build().unwrap_err().to_string()
    };
    for percentile in [0.4, 1.0, f64::NAN] {
        let error =
            refused(Plan::default().exploratory(Metric::value("purchase").cap_at(percentile)));
        assert!(
            error.contains("the cap of goal \"purchase\" is at a percentile"),
            "{error}"
        );
    }
    refused(Plan::default().primary(Metric::rate("purchase").cap_at(0.9)));
    refused(
        Plan::default()
            .primary(Metric::value("purchase").cap_at(0.9))
            .units(1000),
    );
}
