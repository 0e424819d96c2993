//! What a report keeps of the moment at which a track was shipped.

use tower_tracks::{
    control::{Act, Change, Draft},
    report::{DecisionRecord, GoalRole, GoalTrack, PhaseReport, Reporter},
    store::Timestamp,
};

use super::{
    shop::{DAY, Shop, day, only, plan, pricing},
    visitors::Visitors,
};

/// Twelve thousand visitors within twelve days, so that a difference is found.
fn shop() -> Shop {
    let mut shop = Shop::new(pricing(plan()));
    shop.every = DAY / 1_000;
    shop.visit(Visitors::new(1).take(12_000));
    shop
}

fn ship(number: u64, track: &'static str, at: Timestamp) -> Change {
    let track = track.into();
    Draft::new("pricing", 1, Act::Ship { track }, "ann", "it sells").numbered(number, at)
}

/// The report that is stored, as a server would do it.
fn refreshed(shop: &Shop, changes: &[Change], as_of: Timestamp) -> PhaseReport {
    let reporter = Reporter::new(&*shop.store, as_of).changes(changes.to_vec());
    let report = only(reporter.refresh().unwrap());
    assert_eq!(only(Reporter::stored(&*shop.store).unwrap()), report);
    report
}

fn record(phase: &PhaseReport) -> &DecisionRecord {
    phase.record.as_deref().unwrap()
}

#[test]
fn it_has_the_numbers_of_that_moment() {
    let shop = shop();
    let ship = ship(4, "cheap", day(9));
    let phase = refreshed(&shop, std::slice::from_ref(&ship), day(30));
    let record = record(&phase);
    assert_eq!(record.as_of.0, day(9));
    assert_eq!(Some(&record.shipped), phase.shipped.as_ref());

    // It is what could have been read then: fewer windows were over.
    let then = Reporter::new(&*shop.store, day(9)).changes(std::slice::from_ref(&ship));
    let then = only(then.compute().unwrap());
    let decisive = then
        .goals
        .iter()
        .filter(|goal| goal.role != GoalRole::Exploratory);
    assert_eq!(record.goals, decisive.cloned().collect::<Vec<_>>());
    assert_eq!(record.units, then.units);
    let units = |phase: &PhaseReport| phase.primary().unwrap().tracks[0].units;
    assert!(record.goals[0].tracks[0].units < units(&phase));

    // A report that is not stored finds the same.
    let computed = Reporter::new(&*shop.store, day(30)).changes(std::slice::from_ref(&ship));
    assert_eq!(only(computed.compute().unwrap()).record, phase.record);
}

#[test]
fn facts_that_come_later_do_not_change_it() {
    let mut shop = shop();
    let ship = [ship(4, "cheap", day(9))];
    let before = refreshed(&shop, &ship, day(10));
    shop.skip_to(DAY);
    shop.visit(Visitors::new(2).take(500));
    let after = refreshed(&shop, &ship, day(11));
    assert!(after.units > before.units);
    assert_eq!(after.record, before.record);
}

#[test]
fn another_decision_has_another_record() {
    let shop = shop();
    let first = ship(4, "cheap", day(9));
    refreshed(&shop, std::slice::from_ref(&first), day(10));
    let reset = Draft::new("pricing", 1, Act::Reset, "ann", "no").numbered(5, day(10));
    let undone = [first, reset];
    assert_eq!(refreshed(&shop, &undone, day(11)).record, None);
    let mut again = undone.to_vec();
    again.push(ship(6, "control", day(11)));
    let phase = refreshed(&shop, &again, day(12));
    assert_eq!(
        (record(&phase).shipped.change, record(&phase).as_of.0),
        (6, day(11))
    );
    assert_eq!(refreshed(&shop, &again, day(20)).record, phase.record);
}

#[test]
fn hidden_results_have_no_record() {
    let mut shop = Shop::new(pricing(plan()));
    shop.every = DAY / 1_000;
    let mut count = 0;
    shop.visit_unless(Visitors::new(1).take(12_000), |track| {
        count += 1;
        track == "cheap" && count % 2 == 0
    });
    let phase = refreshed(&shop, &[ship(4, "cheap", day(9))], day(30));
    assert!(phase.covered.is_some() && phase.shipped.is_some());
    assert_eq!(phase.record, None);
}

/// Only the last look of a plan is one look.
#[test]
fn a_finding_of_the_planned_end_is_corrected() {
    let phase = only(Reporter::new(&*shop().store, day(30)).compute().unwrap());
    let [control, cheap] = &phase.primary().unwrap().tracks[..] else {
        panic!("two tracks");
    };
    let compared = cheap.compared.as_ref().unwrap().known().unwrap();
    let lift = *compared.lift.known().unwrap();
    let at_a_look = |early| {
        let mut json = serde_json::to_value(cheap).unwrap();
        json["look"] = serde_json::json!({
            "day": "2025-03-20", "information": 1.0, "decided": true, "early": early,
        });
        serde_json::from_value::<GoalTrack>(json).unwrap()
    };
    let corrected = at_a_look(false).corrected_lift().unwrap();
    assert!(0.0 < corrected && corrected < lift, "{corrected} of {lift}");
    // Far beyond the boundary, nearly nothing is luck.
    assert!(corrected > 0.9 * lift, "{corrected} of {lift}");
    for other in [control, cheap, &at_a_look(true)] {
        assert_eq!(other.corrected_lift(), None);
    }
}
