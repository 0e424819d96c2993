//! The primary goal by day since the first exposure.

use std::time::Duration;

use tower_tracks::{
    Exposure, Goal, Key, Metric, Observe, Plan,
    event::Conversion,
    report::{Answer, PhaseReport, Reporter},
    store::Timestamp,
};

use super::shop::{DAY, Shop, only, pricing, start};

/// Visitors of whom those in `cheap` buy on the day of their exposure, and the others a day later.
fn phase(plan: Plan, as_of: u32) -> PhaseReport {
    let shop = Shop::new(pricing(plan));
    for visitor in 0..800 {
        let key = Key::from(format!("visitor-{visitor}"));
        let choice = shop.sets.assign(key.clone(), &());
        let days = if choice.is_control() { 1 } else { 0 };
        let met = start() + Duration::from_secs(visitor + 1);
        let exposure = Exposure::new(choice, key.clone(), met).unwrap();
        shop.recorder.observe(&exposure);
        if visitor % 4 == 0 {
            let bought = Conversion::new(&key, Goal::new("purchase").unwrap(), met + days * DAY);
            shop.recorder.conversion(&bought.once("order"));
        }
    }
    shop.recorder.flush().wait().unwrap();
    let as_of = Timestamp::from(start() + as_of * DAY);
    only(Reporter::new(&*shop.store, as_of).compute().unwrap())
}

fn plan(days: u32) -> Plan {
    Plan::default().primary(Metric::rate("purchase").window(days * DAY))
}

#[test]
fn each_day_since_the_exposure_is_read_by_itself() {
    let phase = phase(plan(3), 20);
    let converters = |day: usize| {
        let tracks = phase.by_age[day].tracks.iter();
        tracks.map(|track| track.converters).collect::<Vec<_>>()
    };
    let all: Vec<u64> = phase.goals[0]
        .tracks
        .iter()
        .map(|track| track.converters.unwrap())
        .collect();
    assert_eq!(
        [converters(0), converters(1), converters(2)],
        [vec![0, all[1]], vec![all[0], 0], vec![0, 0]]
    );
    let days: Vec<u32> = phase.by_age.iter().map(|age| age.day).collect();
    assert_eq!(days, [0, 1, 2]);
    let lift = |day: usize| {
        let compared = phase.by_age[day].tracks[1].compared.as_ref();
        compared
            .and_then(Answer::known)
            .map(|compared| compared.difference.value > 0.0)
    };
    assert_eq!([lift(0), lift(1), lift(2)], [Some(true), Some(false), None]);
    assert!(phase.to_text().contains("day and track"));
}

/// The day of a unit counts once it is over for this unit.
#[test]
fn days_that_are_not_over_have_no_units() {
    let phase = phase(plan(7), 3);
    let units: Vec<u64> = phase.by_age.iter().map(|age| age.tracks[0].units).collect();
    let all = phase.tracks[0].units;
    assert_eq!(units, [all, all, 0, 0, 0, 0, 0]);
}

#[test]
fn a_short_window_and_a_later_one_have_no_days() {
    let purchase = || Metric::rate("purchase").window(7 * DAY);
    let later = Plan::default().primary(purchase().window_from(DAY));
    let exploratory = Plan::default().exploratory(purchase());
    for plan in [plan(1), later, exploratory] {
        assert!(phase(plan, 20).by_age.is_empty());
    }
}
