//! The dashboard, the command line and copies give the same decided reading, byte for byte.

use std::{fs, path::Path, sync::Arc};

use serde_json::Value;
use tower_tracks::{
    report::Reporter,
    store::{Sqlite, Store, Timestamp},
};

use super::{dashboard, get, read};
use crate::{
    cli::{Ran, tracks_of},
    sinks::Folder,
};

/// The decision and the goals that it decides, as JSON.
fn decided(phase: &Value) -> String {
    assert!(phase["decision"]["decided-at"].is_string(), "{phase}");
    format!("{} {}", phase["decision"], phase["goals"])
}

/// The looks of this plan are at midnights of New York, on either side of an autumn night of 25
/// hours.
#[tokio::test]
async fn all_decide_alike_in_the_time_zone_of_a_plan() {
    let folder = Folder::new();
    let facts = "tests/verdict-cases/plan_decided_with_open_windows.jsonl";
    let facts = Path::new(env!("CARGO_MANIFEST_DIR")).join(facts);
    let facts = fs::read_to_string(facts).unwrap();
    let zone = "\"units\": 4000, \"time_zone\": \"America/New_York\"";
    let zoned = facts.replacen("\"units\": 4000", zone, 1);
    assert_ne!(facts, zoned);
    let lines = folder.join("facts.jsonl");
    fs::write(&lines, zoned).unwrap();
    let [path, copy] = ["tracks.sqlite", "copy.sqlite"].map(|name| folder.join(name));
    let ran = |store: &Path, arguments: &[&str]| {
        let ran = Ran::of(&mut tracks_of(store, arguments));
        assert!(matches!(ran.exit, 0 | 3), "{ran:?}");
        ran
    };
    ran(&path, &["import", lines.to_str().unwrap()]);
    let exported = folder.join("exported.jsonl");
    fs::write(&exported, ran(&path, &["export"]).out).unwrap();
    ran(&copy, &["import", exported.to_str().unwrap()]);
    let as_of = ["report", "--json", "--as-of", "2026-11-04T12:00:00Z"];
    let [command, copied] = [&path, &copy].map(|store| ran(store, &as_of).json());
    let phase = &command["phases"][0];
    assert_eq!(phase["time-zone"], "America/New_York");
    let at = phase["decision"]["decided-at"].as_str().unwrap();
    assert!(
        at.ends_with("T04:00:00.000000Z") || at.ends_with("T05:00:00.000000Z"),
        "{at}"
    );
    assert_eq!(decided(phase), decided(&copied["phases"][0]));
    let store: Arc<dyn Store> = Arc::new(Sqlite::open(&path).unwrap());
    let later = Timestamp::from_micros(1_793_793_600_000_000);
    Reporter::new(&*store, later).refresh().unwrap();
    let router = dashboard(Arc::clone(&store)).into_router();
    read(&router).await;
    let page = get(&router, "/set.json?name=s").await.body;
    let page: Value = serde_json::from_str(&page).unwrap();
    assert_eq!(decided(&page["report"]), decided(phase));
    let page = get(&router, "/set?name=s").await.body;
    assert!(page.contains("days in America/New_York"), "{page}");
}

#[tokio::test]
async fn the_page_and_the_command_line_decide_alike() {
    let folder = Folder::new();
    let path = folder.join("tracks.sqlite");
    let facts = "tests/verdict-cases/plan_decided_with_open_windows.jsonl";
    let facts = Path::new(env!("CARGO_MANIFEST_DIR")).join(facts);
    let import = ["import", facts.to_str().unwrap()];
    assert_eq!(Ran::of(&mut tracks_of(&path, &import)).exit, 0);
    let as_of = ["report", "--json", "--as-of", "2026-11-01T12:00:00Z"];
    let command = Ran::of(&mut tracks_of(&path, &as_of)).json();
    let store: Arc<dyn Store> = Arc::new(Sqlite::open(&path).unwrap());
    // A day later by its clock, and twice.
    let later = Timestamp::from_micros(1_793_620_800_000_000);
    for _ in 0..2 {
        Reporter::new(&*store, later).refresh().unwrap();
        let router = dashboard(Arc::clone(&store)).into_router();
        read(&router).await;
        let page = get(&router, "/set.json?name=s").await.body;
        let page: Value = serde_json::from_str(&page).unwrap();
        assert_eq!(decided(&page["report"]), decided(&command["phases"][0]));
    }
}
