//! What the report promises, simulated end to end.

use std::env;

use tower_tracks::{
    Exposure, Goal, Key, Metric, Observe, Plan, SimpleTrackSet,
    event::Conversion,
    report::{PhaseReport, RatioState, Reporter},
};

use super::{
    shop::{CHEAP, CONTROL, Shop, day, only, plan, pricing, report, start},
    visitors::Visitors,
};

/// Fewer in a debug build, where a report takes some ten times as long.
const SEEDS: u64 = if cfg!(debug_assertions) { 40 } else { 200 };

/// How many intervals have to cover the truth at least: 95%, less four standard errors.
fn least() -> u64 {
    let seeds = SEEDS as f64;
    (0.95 * seeds - 4.0 * (0.05 * 0.95 * seeds).sqrt()).ceil() as u64
}

/// Whether this is the size that was promised, rather than one for every day.
fn is_full() -> bool {
    env::var("TRACKS_CALIBRATION").is_ok_and(|size| size == "full")
}

/// Whether the intervals of the rate and of the value cover the true lifts.
fn covers(phase: &PhaseReport) -> [bool; 2] {
    let lifts = [CHEAP.lift(CONTROL), CHEAP.value_lift(CONTROL)];
    [0, 1].map(|goal| {
        let compared = phase.goals[goal].tracks[1].compared.as_ref().unwrap();
        let limits = compared.known().unwrap().lift_interval.known().unwrap();
        limits.lower <= lifts[goal] && limits.upper.is_none_or(|upper| lifts[goal] <= upper)
    })
}

#[test]
fn intervals_cover_the_true_effect() {
    let visitors = if is_full() { 4000 } else { 800 };
    let mut covered = [0; 4];
    for seed in 0..SEEDS {
        let mut shop = Shop::new(pricing(plan()));
        shop.visit(Visitors::new(seed).take(visitors));
        let always = covers(&shop.report());
        let mut shop = Shop::new(pricing(plan().units(visitors as u64 / 2)));
        shop.visit(Visitors::new(seed).take(visitors));
        let at_plan = shop.report();
        assert!(at_plan.decision.is_some());
        let all = always.into_iter().chain(covers(&at_plan));
        for (count, covers) in covered.iter_mut().zip(all) {
            *count += u64::from(covers);
        }
    }
    println!("of {SEEDS}: rate, value; at the plan: rate, value: {covered:?}");
    assert!(covered.iter().all(|count| *count >= least()), "{covered:?}");
}

#[test]
fn an_uneven_loss_is_called() {
    let mut latest = 0;
    for seed in 0..20 {
        let mut shop = Shop::new(pricing(plan()));
        let mut visitors = Visitors::new(seed);
        let mut events = 0;
        let called = (1..=12).map(|part| part * 250).find(|_| {
            shop.visit_unless(visitors.by_ref().take(250), |track| {
                events += u32::from(track == "cheap");
                track == "cheap" && events % 3 == 0
            });
            shop.report().covered.is_some()
        });
        latest = latest.max(called.unwrap());
        let phase = shop.report();
        let ratio = phase.health.sample_ratio.known().unwrap();
        assert_eq!(ratio.state, RatioState::Mismatch);
    }
    println!("called within {latest} visitors");
    assert!(latest <= 3000);
}

const SETS: usize = if cfg!(debug_assertions) { 200 } else { 1000 };

/// The largest distance of as many uniform numbers from uniformity, but for one in ten million.
const LARGEST: f64 = if cfg!(debug_assertions) {
    0.2034
} else {
    0.0914
};

/// How many sets may be called mismatches at 1%, but for less than one in ten million.
const MISMATCHES: usize = if cfg!(debug_assertions) { 13 } else { 40 };

/// A/A tests through a store: many sets of the same units, none of which has an effect.
#[test]
fn sets_without_an_effect_show_none() {
    let units = if is_full() { 2000 } else { 200 };
    let mut shop = Shop::new(pricing(plan()));
    let visitors: Vec<_> = Visitors::new(20_000).take(units).collect();
    for visitor in &visitors {
        let spent = visitor.spends(super::visitors::Behaviour {
            rate: 1.0,
            spend: 7.0,
        });
        shop.buy(&Key::from(visitor.key.clone()), start(), spent.unwrap());
    }
    // It is planned for one unit, so that the fixed test is what is read.
    let plan = Plan::default().primary(Metric::value("purchase")).units(1);
    for index in 0..SETS {
        let set = SimpleTrackSet::new(format!("set-{index}")).track("other", ());
        shop.sets = set.plan(plan.clone()).build().unwrap();
        for visitor in &visitors {
            let key = Key::from(visitor.key.clone());
            let choice = shop.sets.assign(key.clone(), &());
            let exposure = Exposure::new(choice, key, start()).unwrap();
            shop.recorder.observe(&exposure);
        }
        if index % 50 == 49 {
            shop.recorder.flush().wait().unwrap();
        }
    }
    let report = report(&*shop.store);
    assert_eq!((report.phases.len(), report.unread.len()), (SETS, 0));
    let p = |phase: &PhaseReport| {
        let compared = phase.goals[0].tracks[1].compared.as_ref()?;
        Some(compared.known()?.p)
    };
    let ratio = |phase: &PhaseReport| phase.health.sample_ratio.known().unwrap().p;
    let mismatches = report.phases.iter().filter(|phase| ratio(phase) <= 0.01);
    let (mismatches, mut p_values) = (
        mismatches.count(),
        report.phases.iter().filter_map(p).collect::<Vec<f64>>(),
    );
    p_values.sort_by(f64::total_cmp);
    let count = p_values.len() as f64;
    assert!(count >= SETS as f64 - 1.0, "{count}");
    let distance = p_values.iter().enumerate().map(|(rank, p)| {
        let rank = rank as f64;
        (p - rank / count).max((rank + 1.0) / count - p)
    });
    let distance = distance.fold(0.0, f64::max);
    println!("{units} units: D {distance:.4}; {mismatches} mismatches");
    assert!(distance < LARGEST, "{distance}");
    assert!(mismatches <= MISMATCHES, "{mismatches}");
}

/// Nothing depends on when the report is made, once all is over.
#[test]
fn a_report_of_the_same_facts_is_the_same() {
    let mut shop = Shop::new(pricing(plan()));
    shop.visit(Visitors::new(1).take(500));
    let at = |days| only(Reporter::new(&*shop.store, day(days)).compute().unwrap());
    assert_eq!(at(20).goals, at(40).goals);
    let none = Conversion::new(
        &Key::from("nobody"),
        Goal::new("purchase").unwrap(),
        start(),
    );
    shop.recorder.conversion(&none);
    shop.recorder.flush().wait().unwrap();
    assert_eq!(at(20).goals, at(40).goals);
}
