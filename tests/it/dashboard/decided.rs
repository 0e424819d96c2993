//! The dashboard and the command line give the same decided reading, byte for byte.

use std::{path::Path, sync::Arc};

use serde_json::Value;
use tower_tracks::{
    record::{Sqlite, Store, Timestamp},
    report::Reporter,
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
