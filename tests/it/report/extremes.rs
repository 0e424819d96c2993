//! Numbers at the ends of their types: no phase is unread because of them.

use std::time::{Duration, SystemTime};

use tower_tracks::{
    Goal, Key, Metric, Observe, Plan,
    assign::Sum,
    event::Conversion,
    report::PhaseReport,
    store::{Batch, LossRow, Sqlite, Store, WriterRow},
};

use super::{
    shop::{DAY, Shop, only, phase_of, pricing, report, start},
    visitors::Visitors,
};
use crate::sinks::Folder;

/// Every kind of sum, with and without a cap.
fn plan() -> Plan {
    let ratio = |cap: Option<f64>| {
        let ratio = Metric::ratio("purchase", Sum::Value, "purchase", Sum::Value);
        cap.map_or(ratio.clone(), |cap| ratio.cap(cap))
    };
    Plan::default()
        .primary(Metric::value("purchase"))
        .exploratory(Metric::value("purchase").cap(100.0))
        .exploratory(Metric::count("purchase").cap(f64::MAX))
        .exploratory(ratio(None))
        .guardrail(ratio(Some(-f64::MAX)))
}

/// A shop of which some visitors spend so many millionths, each of them twice.
fn shop(micros: &[i64]) -> Shop {
    let mut shop = Shop::new(pricing(plan()));
    shop.visit(Visitors::new(3).take(60));
    for (visitor, micros) in Visitors::new(3).zip(micros) {
        for order in ["first", "second"] {
            spend(&shop, &Key::from(&*visitor.key), (*micros, order));
        }
    }
    shop.recorder.flush().wait().unwrap();
    shop
}

fn spend(shop: &Shop, key: &Key<'_>, (micros, order): (i64, &str)) {
    spend_at(shop, key, (micros, order), start() + DAY);
}

fn spend_at(shop: &Shop, key: &Key<'_>, (micros, order): (i64, &str), at: SystemTime) {
    let purchase = Conversion::new(key, Goal::new("purchase").unwrap(), at);
    shop.recorder
        .conversion(&purchase.value_micros(micros).once(order));
}

/// The report of each store.
fn reports(shop: &Shop) -> [PhaseReport; 2] {
    let folder = Folder::new();
    let sqlite = Sqlite::open(folder.join("tracks.sqlite")).unwrap();
    sqlite.merge(&*shop.store).unwrap();
    [only(report(&*shop.store)), only(report(&sqlite))]
}

#[test]
fn the_largest_values_leave_a_phase_readable() {
    let most = 9_200_000_000_000_000_000;
    for micros in [
        vec![most; 3],
        vec![-most; 3],
        vec![most, -most, most, -most],
        vec![i64::MAX; 40],
        vec![i64::MIN; 40],
        vec![i64::MIN, i64::MAX, 1, 0, -1],
    ] {
        let [of_memory, of_sqlite] = reports(&shop(&micros));
        assert_eq!(of_memory, of_sqlite, "{micros:?}");
        let has = |kind: &str| of_memory.notices.iter().any(|notice| notice.kind == kind);
        assert!(has("beyond-bound"), "{micros:?}");
        assert_eq!(of_memory.goals.len(), 5);
        // By value alone, since the other side of a ratio has a bound of its own.
        let mut tracks = of_memory.goals[0].tracks.iter();
        assert!(tracks.any(|track| track.capped > 0), "{micros:?}");
        for goal in &of_memory.goals {
            let is_known = |track: &tower_tracks::report::GoalTrack| track.value.known().is_some();
            let is_ratio = goal.label.contains('/');
            assert!(is_ratio || goal.tracks.iter().all(is_known), "{goal:?}");
        }
    }
}

/// Values that a goal accepts are no reason for the notice.
#[test]
fn the_largest_64_bit_values_are_in_range() {
    let shop = shop(&[4_600_000_000_000_000_000; 3]);
    let [phase, _] = reports(&shop);
    let beyond = |kind: &str| kind == "beyond-bound";
    assert!(!phase.notices.iter().any(|notice| beyond(&notice.kind)));
}

/// A cap cuts refunds as it cuts orders.
#[test]
fn caps_are_for_both_directions() {
    let sums = |micros| {
        let shop = shop(&[micros; 6]);
        let [phase, _] = reports(&shop);
        let tracks = phase.goals[2].tracks.iter();
        assert_eq!(phase.goals[2].cap, Some(100.0), "{}", phase.goals[2].label);
        tracks.map(|track| track.sum).sum::<f64>()
    };
    let (none, much, little) = (sums(0), sums(i64::MAX / 2), sums(i64::MIN / 2));
    assert!(much - none <= 600.0 && much > none, "{much} {none}");
    assert!(none - little <= 1200.0 && little < none, "{little} {none}");
}

#[test]
fn conversions_at_both_ends_of_time_leave_a_phase_readable() {
    let shop = shop(&[]);
    let far = Duration::from_micros(i64::MAX as u64);
    let ends = [SystemTime::UNIX_EPOCH - far, SystemTime::UNIX_EPOCH + far];
    for (visitor, at) in Visitors::new(3).zip(ends.into_iter().cycle()).take(6) {
        spend_at(&shop, &Key::from(&*visitor.key), (1, "far"), at);
    }
    shop.recorder.flush().wait().unwrap();
    let [of_memory, of_sqlite] = reports(&shop);
    assert_eq!(of_memory, of_sqlite);
}

#[test]
fn losses_of_many_writers_are_summed() {
    let shop = shop(&[]);
    let mut batch = Batch::default();
    batch.phase(&phase_of(&shop.sets));
    for uuid in 0..6 {
        let writer = WriterRow::new([uuid; 16], start().into());
        let goal = Goal::new("purchase").unwrap();
        let sink = if uuid % 2 == 0 { "store" } else { "file" };
        let n = i64::MAX as u64 - 1;
        let row = LossRow::new(batch.writer(&writer), sink.into(), "full".into(), n);
        let row = row.goal(batch.goal(&goal));
        batch.losses.push(row);
    }
    shop.store.write(&batch).unwrap();
    let [of_memory, of_sqlite] = reports(&shop);
    assert_eq!(of_memory, of_sqlite);
    let lost: Vec<u64> = of_memory.health.lost.iter().map(|lost| lost.n).collect();
    assert_eq!(lost, [u64::MAX; 2]);
    assert!(
        of_memory
            .to_text()
            .contains("18,446,744,073,709,551,615 events")
    );
}
