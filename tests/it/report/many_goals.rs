//! What thousands of goals cost.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use allocation_counter::measure;
use tower_tracks::{
    Metric, Plan,
    report::{PhaseReport, Reporter},
    store::Store,
};

use super::{
    shop::{Shop, day, only, pricing},
    visitors::Visitors,
};
use crate::record::hooked::Hooked;

/// How often each method of the store was called, and how often memory was allocated.
struct Cost {
    report: PhaseReport,
    calls: BTreeMap<String, u32>,
    allocations: u64,
}

fn report_of(goals: u32) -> Cost {
    let goal = |number: u32| Metric::rate(format!("goal-{number}"));
    let plan = Plan::default().primary(Metric::rate("purchase"));
    let plan = (1..goals).fold(plan, |plan, number| plan.exploratory(goal(number)));
    let mut shop = Shop::new(pricing(plan));
    shop.visit(Visitors::new(1).take(500));
    let calls: Arc<Mutex<BTreeMap<String, u32>>> = Arc::default();
    let counted = Arc::clone(&calls);
    let store = Hooked::new(shop.store.clone(), move |method| {
        *counted
            .lock()
            .unwrap()
            .entry(method.to_owned())
            .or_default() += 1;
        Ok(())
    });
    let mut reports = Vec::new();
    let store: &dyn Store = &store;
    let allocations = measure(|| {
        reports.push(Reporter::new(store, day(30)).compute().unwrap());
    });
    Cost {
        report: only(reports.remove(0)),
        calls: calls.lock().unwrap().clone(),
        allocations: allocations.count_total,
    }
}

#[test]
fn work_grows_as_the_goals_do() {
    let (few, many) = (report_of(100), report_of(1000));
    assert_eq!(
        [few.report.goals.len(), many.report.goals.len()],
        [100, 1000]
    );
    assert_eq!(few.calls, many.calls);
    let times = many.allocations as f64 / few.allocations as f64;
    assert!(
        times < 12.0,
        "ten times the goals, {times} times the allocations"
    );
}

/// A goal that is measured twice gets a number, also among many.
#[test]
fn goals_of_one_name_are_numbered() {
    let plan = Plan::default().primary(Metric::rate("purchase"));
    let plan = (0..3).fold(plan, |plan, _| plan.exploratory(Metric::rate("purchase")));
    let mut shop = Shop::new(pricing(plan));
    shop.visit(Visitors::new(1).take(10));
    let labels = shop.report().goals.into_iter().map(|goal| goal.label);
    let labels: Vec<String> = labels.collect();
    assert_eq!(
        labels,
        ["purchase", "purchase (2)", "purchase (3)", "purchase (4)"]
    );
}
