//! The shelf of ended tests.

use std::sync::Arc;

use axum::Router;
use serde_json::{Value, json};
use tower_tracks::{
    SimpleTrackSet, TracksLayer,
    control::{Controls, MemoryLog},
    report::{Day, PhaseReport},
    store::Memory,
};

use super::{dashboard, filled, get, many::put, read};

/// The set with a decision, as the report of a set of another name.
fn like_pricing(name: &str) -> PhaseReport {
    let mut phase = filled().1.latest("pricing").unwrap().clone();
    name.clone_into(&mut phase.set);
    phase
}

fn shipped(name: &str, day: u32) -> PhaseReport {
    let mut phase = like_pricing(name);
    let shipped = json!({
        "track": "cheap", "at": format!("2026-03-{day:02}T12:00:00Z"), "change": 7,
        "author": "Ann <b>", "reason": "=more, are sold",
    });
    phase.shipped = Some(serde_json::from_value(shipped).unwrap());
    phase
}

/// A set whose latest unit came so many days before the report, whose windows are over.
fn quiet(name: &str, days: i32) -> PhaseReport {
    let mut phase = like_pricing(name);
    phase.last_day = Some(Day(phase.as_of.day().0 - days));
    for goal in &mut phase.goals {
        goal.open = 0;
    }
    phase
}

fn stored(phases: &[PhaseReport]) -> Arc<Memory> {
    let store = Memory::default();
    phases.iter().for_each(|phase| put(&store, phase));
    Arc::new(store)
}

async fn sets(router: &Router, path: &str) -> Vec<Value> {
    let json: Value = serde_json::from_str(&get(router, path).await.body).unwrap();
    json["sets"].as_array().unwrap().clone()
}

async fn names(router: &Router, path: &str) -> Vec<String> {
    let sets = sets(router, path).await.into_iter();
    sets.map(|set| set["set"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn a_shipped_test_is_on_the_shelf_with_its_decision() {
    let store = stored(&[shipped("colour", 4), like_pricing("delay")]);
    let router = dashboard(store).into_router();
    read(&router).await;

    let list = get(&router, "/sets").await.body;
    assert!(
        !list.contains("set?name=colour") && list.contains("set?name=delay"),
        "{list}"
    );
    assert!(list.contains("1 test ended: <a href=\"ended\">"), "{list}");

    let shelf = get(&router, "/ended").await.body;
    assert!(
        shelf.contains("set?name=colour") && !shelf.contains("set?name=delay"),
        "{shelf}"
    );
    assert!(
        shelf.contains("Ann &#60;b&#62; shipped cheap at 2026-03-04 12:00 UTC: =more, are sold"),
        "{shelf}"
    );
    let phase = like_pricing("colour");
    let decision = phase.decision.unwrap();
    assert!(
        shelf.contains(&format!("decided by the plan at {}", decision.decided_at)),
        "{shelf}"
    );
    assert!(shelf.contains("of control)."), "{shelf}");

    let json = sets(&router, "/ended.json").await;
    assert_eq!(json.len(), 1);
    assert_eq!(json[0]["ended"]["why"], "shipped");
    assert_eq!(json[0]["ended"]["author"], "Ann <b>");
    assert_eq!(
        json[0]["decision"],
        serde_json::to_value(&decision).unwrap()
    );
    let csv = get(&router, "/ended.csv").await.body;
    assert!(
        csv.contains("colour,1,shipped,2026-03-04,cheap,Ann <b>,\"'=more, are sold\","),
        "{csv}"
    );

    // A program finds each set where it was.
    let all = sets(&router, "/sets.json").await;
    let ended = |set: &Value| (set["set"].clone(), set["ended"].is_object());
    assert_eq!(
        all.iter().map(ended).collect::<Vec<_>>(),
        [(json!("colour"), true), (json!("delay"), false)]
    );
    let page = get(&router, "/set?name=colour").await.body;
    assert!(
        page.contains("The test is over: all visitors get cheap."),
        "{page}"
    );
    let set: Value =
        serde_json::from_str(&get(&router, "/set.json?name=colour").await.body).unwrap();
    assert_eq!(set["ended"]["track"], "cheap");
}

#[tokio::test]
async fn the_shelf_is_in_the_navigation_once_a_test_has_ended() {
    let link = "<a href=\"ended\">Decisions</a>";
    for (phase, is_linked) in [(like_pricing("delay"), false), (shipped("delay", 4), true)] {
        let router = dashboard(stored(&[phase])).into_router();
        read(&router).await;
        for page in ["/sets", "/planner", "/set?name=delay"] {
            let body = get(&router, page).await.body;
            assert_eq!(body.contains(link), is_linked, "{page}: {body}");
        }
        // An address that a reader has kept works.
        let shelf = get(&router, "/ended").await.body;
        assert_eq!(shelf.contains("No test has ended."), !is_linked, "{shelf}");
    }
}

#[tokio::test]
async fn a_set_that_no_layer_has_ends_after_thirty_quiet_days() {
    let mut open = quiet("open", 31);
    open.goals[0].open = 1;
    let phases = [
        quiet("quiet", 30),
        quiet("lively", 29),
        quiet("pricing", 99),
        open,
    ];
    let layer = TracksLayer::new(super::filled::pricing().unwrap());
    for with in ["pauses", "counts", "controls"] {
        let board = dashboard(stored(&phases));
        let controls = Controls::builder(MemoryLog::default()).start().unwrap();
        let (board, _layer) = match with {
            "pauses" => (board.pauses(layer.pauses()), layer.clone()),
            "counts" => (board.counts(layer.counts()), layer.clone()),
            _ => (board.controls(&controls), layer.clone().controls(&controls)),
        };
        let router = board.into_router();
        read(&router).await;
        assert_eq!(names(&router, "/ended.json").await, ["quiet"], "{with}");
        let page = get(&router, "/ended").await.body;
        assert!(page.contains("not in use</span>"), "{page}");
    }
    // Without a layer, no set is in use.
    let router = dashboard(stored(&phases)).into_router();
    read(&router).await;
    assert_eq!(names(&router, "/ended.json").await, ["quiet", "pricing"]);
}

/// A report does not know that a set shares its group with others, in which no track can be shipped.
#[tokio::test]
async fn a_track_that_the_layer_does_not_ship_ends_nothing() {
    let sets = tower_tracks::MultiTrackSet::builder()
        .add(SimpleTrackSet::new("colour").track("cheap", ()))
        .add(SimpleTrackSet::new("delay").track("long", 2000));
    let controls = Controls::builder(MemoryLog::default()).start().unwrap();
    let layer = TracksLayer::new(sets.build().unwrap()).controls(&controls);
    let board = dashboard(stored(&[shipped("colour", 4)]));
    let router = board.controls(&controls).into_router();
    read(&router).await;
    assert_eq!(names(&router, "/ended.json").await, Vec::<String>::new());
    assert_eq!(names(&router, "/sets.json").await, ["colour"]);
    // Without the layer, the report is all that is known.
    drop(layer);
    assert_eq!(names(&router, "/ended.json").await, ["colour"]);
}

#[tokio::test]
async fn a_hidden_decision_stays_hidden() {
    let mut phase = shipped("colour", 4);
    phase.covered = Some("the numbers of units differ".to_owned());
    let router = dashboard(stored(&[phase])).into_router();
    read(&router).await;
    let shelf = get(&router, "/ended").await.body;
    assert!(shelf.contains("the numbers of units differ."), "{shelf}");
    assert!(!shelf.contains("of control)."), "{shelf}");
    assert_eq!(
        sets(&router, "/ended.json").await[0]["decision"],
        Value::Null
    );
}

#[tokio::test]
async fn the_shelf_is_paged_and_begins_with_the_latest() {
    let phases: Vec<PhaseReport> = (0..205)
        .map(|number| shipped(&format!("set-{number:03}"), 1 + number / 100))
        .collect();
    let router = dashboard(stored(&phases)).into_router();
    read(&router).await;
    let page = get(&router, "/ended").await.body;
    assert_eq!(page.matches("<h2><a href=\"set?name=set-").count(), 50);
    assert!(page.contains("Tests 1 to 50 of 205."), "{page}");
    let later = get(&router, "/ended?from=100").await.body;
    assert!(
        page.contains("set-204") && later.contains("set-195"),
        "{page}"
    );
    let rest = get(&router, "/ended?from=200").await.body;
    assert_eq!(rest.matches("<h2><a href=\"set?name=set-").count(), 5);
    for format in ["json", "csv"] {
        let answer = get(&router, &format!("/ended.{format}")).await;
        let next = format!("<ended.{format}?from=200>; rel=\"next\"");
        assert_eq!(answer.header("link"), next);
    }
    assert_eq!(names(&router, "/ended.json?from=200").await.len(), 5);
    let list = get(&router, "/sets").await.body;
    assert!(
        list.contains("No test is running.") && list.contains("205 tests ended"),
        "{list}"
    );
}
