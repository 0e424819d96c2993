//! A report as JSON, text and CSV: what others read does not change unnoticed.
//!
//! `TRACKS_BLESS=1` writes the expected files anew.

use std::{env, fs, path::Path};

use tower_tracks::report::{PhaseReport, Report};

use super::{
    shop::{Shop, plan, pricing, report},
    visitors::Visitors,
};

fn shop() -> Report {
    let plan = plan()
        .hypothesis("=cheap, they \"buy\"\u{1b}[31m more")
        .owner("the checkout team")
        .units(5000);
    let mut shop = Shop::new(pricing(plan));
    shop.every = super::shop::DAY / 400;
    shop.visit(Visitors::new(12).take(1200));
    report(&*shop.store)
}

#[track_caller]
fn check(name: &str, found: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/report/expected");
    let path = path.join(name);
    if env::var_os("TRACKS_BLESS").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, found).unwrap();
    }
    let expected = fs::read_to_string(&path).unwrap();
    assert_eq!(found, expected, "{name}");
}

#[test]
fn json_is_pinned() {
    let report = shop();
    let json = serde_json::to_string_pretty(&report).unwrap() + "\n";
    check("report.json", &json);
    assert_eq!(serde_json::from_str::<Report>(&json).unwrap(), report);
}

#[test]
fn text_is_pinned_and_fits_a_terminal() {
    let text = shop().to_text();
    check("report.txt", &text);
    for line in text.lines() {
        assert!(line.chars().count() <= 100, "{line}");
        assert!(!line.chars().any(char::is_control), "{line:?}");
    }
}

#[test]
fn csv_is_pinned_and_computes_nothing() {
    let csv = shop().to_csv();
    check("report.csv", &csv);
    assert!(csv.contains(",\"'=cheap, they \"\"buy\"\""));
    assert!(csv.replace("\r\n", "").chars().all(|c| !c.is_control()));
    let columns = |line: &str| line.split(',').count();
    assert!(csv.lines().all(|line| columns(line) >= 33));
}

/// Long names, and a set without anything, fit as well.
#[test]
fn names_of_every_length_fit() {
    let long = "a".repeat(64);
    let set = tower_tracks::SimpleTrackSet::new(long.clone()).track(long, ());
    let mut shop = Shop::new(set.build().unwrap());
    shop.visit(Visitors::new(1).take(400));
    let phase: PhaseReport = shop.report();
    for line in phase.to_text().lines() {
        assert!(line.chars().count() <= 100, "{line}");
    }
}
