//! What is stored of a report, and read back.

use tower_tracks::{
    report::{Report, Reporter},
    store::{Memory, Readout, Store},
};

use super::{
    shop::{Shop, day, phase_of, plan, pricing},
    visitors::Visitors,
};

#[test]
fn a_report_is_read_back_as_it_was_stored() {
    let mut shop = Shop::new(pricing(plan()));
    shop.visit(Visitors::new(1).take(500));
    let reporter = Reporter::new(&*shop.store, day(30));
    let computed = reporter.compute().unwrap();
    assert_eq!(Reporter::stored(&*shop.store).unwrap(), Report::default());
    assert_eq!(reporter.refresh().unwrap(), computed);
    shop.visit(Visitors::new(2).take(100));
    let stored = Reporter::stored(&*shop.store).unwrap();
    assert_eq!(stored, computed);
    assert_eq!(stored.latest("pricing"), stored.phase("pricing", 1));
    let one = Reporter::new(&*shop.store, day(30)).set("delay").compute();
    assert_eq!(one.unwrap(), Report::default());
}

#[test]
fn a_report_of_another_version_is_reported_as_unread() {
    let shop = Shop::new(pricing(plan()));
    let json = r#"{"set":"pricing"}"#.into();
    let readout = Readout::new(phase_of(&shop.sets), "report".into(), day(1), json);
    shop.store.put_readout(&readout).unwrap();
    let report = Reporter::stored(&*shop.store).unwrap();
    assert!(report.phases.is_empty());
    assert_eq!(
        (&*report.unread[0].set, report.unread[0].phase),
        ("pricing", 1)
    );
    assert!(
        report
            .to_text()
            .contains("pricing phase 1: another version")
    );
}

#[test]
fn an_empty_store_has_an_empty_report() {
    let report = Reporter::new(&Memory::default(), day(0)).compute().unwrap();
    assert_eq!(report, Report::default());
    assert_eq!(report.to_text(), "nothing was recorded yet\n");
    assert_eq!(report.to_csv().lines().count(), 1);
    let nobody = Shop::new(pricing(plan()));
    nobody.visit_nobody();
    let phase = nobody.report();
    assert_eq!((phase.units, phase.first_day), (0, None));
    let json = serde_json::to_string(&phase).unwrap();
    let read: tower_tracks::report::PhaseReport = serde_json::from_str(&json).unwrap();
    assert_eq!(read, phase);
    assert!(phase.to_text().contains("Still collecting"));
}
