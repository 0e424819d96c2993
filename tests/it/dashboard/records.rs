//! Decisions with their numbers, for people and for tickets.

use std::sync::Arc;

use axum::Router;
use http::StatusCode;
use serde_json::{Value, json};
use tower_tracks::{report::PhaseReport, store::Memory};

use super::{dashboard, filled, get, many::put, read};

/// A set that was shipped, with the record of that moment: half of the visitors of today.
fn shipped() -> PhaseReport {
    let mut phase = filled().1.latest("pricing").unwrap().clone();
    // As if the plan had decided at its end.
    for look in phase
        .goals
        .iter_mut()
        .flat_map(|goal| &mut goal.tracks)
        .filter_map(|track| track.look.as_mut())
    {
        look.early = false;
    }
    let shipped = json!({
        "track": "cheap", "at": "2026-03-04T12:00:00Z", "change": 7, "author": "Ann", "reason": "a|b <c>\n@d",
    });
    let goals = serde_json::to_value(&phase.goals).unwrap();
    let record = json!({
        "as-of": "2026-03-04T12:00:00Z", "shipped": &shipped, "units": 30_000, "covered": null, "goals": goals,
    });
    phase.shipped = Some(serde_json::from_value(shipped).unwrap());
    phase.record = Some(serde_json::from_value(record).unwrap());
    phase
}

async fn router(phase: &PhaseReport) -> Router {
    let store = Memory::default();
    put(&store, phase);
    let router = dashboard(Arc::new(store)).into_router();
    read(&router).await;
    router
}

#[tokio::test]
async fn the_page_has_the_numbers_of_that_moment() {
    let page = get(&router(&shipped()).await, "/ended").await.body;
    assert!(
        page.contains("The numbers at 2026-03-04 12:00 UTC"),
        "{page}"
    );
    let (_, table) = page
        .split_once("aria-label=\"Numbers of pricing\"")
        .unwrap();
    assert!(
        table.contains("<td>purchase</td><td>cheap</td>")
            && table.contains("<td>complaint count</td>"),
        "{table}"
    );
    // An exploratory goal decided nothing.
    assert!(!table.contains("<td>purchase value</td>"), "{table}");
    assert!(
        page.contains("decision.md?name=pricing&amp;phase=1"),
        "{page}"
    );
}

#[tokio::test]
async fn a_ticket_gets_markdown() {
    let phase = shipped();
    let answer = get(&router(&phase).await, "/decision.md?name=pricing").await;
    assert_eq!(
        answer.header("content-type"),
        "text/markdown; charset=utf-8"
    );
    let text = answer.body;
    assert!(text.starts_with("# Decision on pricing\n\nAnn shipped cheap at 2026\\-03\\-04 12\\:00 UTC\\: a\\|b \\<c\\> &#64;d\n"), "{text}");
    assert!(
        text.contains("* Owner: Ann\n") && text.contains("30,000 visitors\n"),
        "{text}"
    );
    let rows: Vec<&str> = text.lines().filter(|line| line.starts_with('|')).collect();
    assert!(
        rows.iter().all(|row| row.matches(" | ").count() == 7),
        "{text}"
    );
    let cheap = rows
        .iter()
        .find(|row| row.starts_with("| purchase | cheap |"))
        .unwrap();
    assert!(cheap.ends_with("| better |"), "{cheap}");
}

#[tokio::test]
async fn a_program_gets_json_with_corrected_lifts() {
    let phase = shipped();
    let body = get(&router(&phase).await, "/decision.json?name=pricing&phase=1")
        .await
        .body;
    let json: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(json["record"], serde_json::to_value(&phase.record).unwrap());
    assert_eq!(json["ended"]["why"], "shipped");
    let cheap = &phase.goals[0].tracks[1];
    let lift = cheap.corrected_lift().unwrap();
    let expected = json!({ "goal": "purchase", "track": "cheap", "lift": lift });
    assert_eq!(json["corrected"][0], expected);
    let seen = cheap
        .compared
        .as_ref()
        .unwrap()
        .known()
        .unwrap()
        .lift
        .known()
        .copied()
        .unwrap();
    assert!(0.0 < lift && lift < seen, "{lift} of {seen}");
}

#[tokio::test]
async fn hidden_results_are_in_no_ticket() {
    let mut phase = shipped();
    let why = "the numbers of units differ";
    phase.covered = Some(why.to_owned());
    let router = router(&phase).await;
    let text = get(&router, "/decision.md?name=pricing").await.body;
    assert!(
        text.contains(why) && !text.contains("| purchase |"),
        "{text}"
    );
    let json: Value =
        serde_json::from_str(&get(&router, "/decision.json?name=pricing").await.body).unwrap();
    assert_eq!(
        (&json["record"], &json["corrected"]),
        (&Value::Null, &json!([]))
    );
    let page = get(&router, "/ended").await.body;
    assert!(
        page.contains(why) && !page.contains("<td>purchase</td>"),
        "{page}"
    );
}

/// A later phase does not undo what was shipped.
#[tokio::test]
async fn a_decision_stays_one_in_the_next_phase() {
    let mut later = shipped();
    later.phase = 2;
    (later.shipped, later.record) = (None, None);
    let store = Memory::default();
    put(&store, &shipped());
    put(&store, &later);
    let router = dashboard(Arc::new(store)).into_router();
    read(&router).await;
    for (phase, begins) in [(1, "Ann shipped cheap"), (2, "No track was shipped")] {
        let path = format!("/decision.md?name=pricing&phase={phase}");
        let text = get(&router, &path).await.body;
        let (_, decided) = text.split_once("\n\n").unwrap();
        assert!(decided.starts_with(begins), "{text}");
    }
}

#[tokio::test]
async fn an_unknown_set_has_no_decision() {
    let answer = get(&router(&shipped()).await, "/decision.md?name=%3Cb%3E").await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert!(!answer.body.contains("<b>"), "{}", answer.body);
}
