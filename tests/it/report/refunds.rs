//! Refunds: what they change in a report, and that they come through a file.

use tower_tracks::{
    Goal, Key, Metric, Observe, Plan,
    event::Conversion,
    files::{Export, Import},
    report::PhaseReport,
    store::{Memory, Sqlite, Store},
};

use super::{
    shop::{CHEAP, CONTROL, DAY, Shop, only, pricing, report, start},
    visitors::{Visitor, Visitors},
};
use crate::sinks::Folder;

fn shop() -> Shop {
    let plan = Plan::default()
        .primary(Metric::rate("purchase"))
        .exploratory(Metric::count("purchase"))
        .exploratory(Metric::value("purchase"));
    let mut shop = Shop::new(pricing(plan));
    shop.visit(Visitors::new(7).take(600));
    shop
}

fn buys(shop: &Shop, visitor: &Visitor) -> bool {
    let choice = shop.sets.assign(visitor.key.clone(), &());
    let behaviour = match choice.track() {
        Some("control") => CONTROL,
        _ => CHEAP,
    };
    visitor.spends(behaviour).is_some()
}

fn refund(shop: &Shop, visitor: &Visitor, spent: f64) {
    let purchase = Goal::new("purchase").unwrap();
    let refund = Conversion::new(&Key::from(&*visitor.key), purchase, start() + DAY);
    let refund = refund
        .value(-spent)
        .unwrap()
        .once("refund of the first order");
    shop.recorder.conversion(&refund);
}

/// Converters and sums of a goal over both tracks.
fn numbers(phase: &PhaseReport, goal: usize) -> (u64, f64) {
    let tracks = phase.goals[goal].tracks.iter();
    let converters = tracks.clone().filter_map(|track| track.converters).sum();
    (converters, tracks.map(|track| track.sum).sum())
}

/// Who bought and got the money back has bought; who only got money back, as for an order of before
/// the test, has not.
#[test]
fn refunds_are_subtracted_from_values_alone() {
    let shop = shop();
    let before = shop.report();
    let (buyers, others): (Vec<Visitor>, Vec<Visitor>) = Visitors::new(7)
        .take(600)
        .partition(|visitor| buys(&shop, visitor));
    for visitor in buyers.iter().take(20).chain(others.iter().take(30)) {
        refund(&shop, visitor, 4.0);
    }
    shop.recorder.flush().wait().unwrap();
    let after = shop.report();
    for goal in [0, 1] {
        assert_eq!(numbers(&after, goal), numbers(&before, goal));
    }
    let (converters, worth) = numbers(&before, 2);
    let found = numbers(&after, 2);
    assert_eq!(found.0, converters);
    assert!(
        (found.1 - (worth - 50.0 * 4.0)).abs() < 1e-6,
        "{found:?} of {worth}"
    );
}

#[test]
fn refunds_are_the_same_in_every_store_and_from_a_file() {
    let shop = shop();
    for visitor in Visitors::new(7).take(100) {
        refund(&shop, &visitor, 7.5);
    }
    shop.recorder.flush().wait().unwrap();
    let expected = shop.report();
    let folder = Folder::new();
    let sqlite = Sqlite::open(folder.join("tracks.sqlite")).unwrap();
    sqlite.merge(&*shop.store).unwrap();
    let (imported, mut lines) = (Memory::default(), Vec::new());
    Export::of(&sqlite).json_lines(&mut lines).unwrap();
    Import::json_lines(&*lines).into_store(&imported).unwrap();
    assert_eq!(only(report(&sqlite)), expected);
    assert_eq!(only(report(&imported)), expected);
}
