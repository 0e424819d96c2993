use http::StatusCode;
use tower_tracks::{Key, Units};

use super::{dashboard, filled, get, post, read};

#[tokio::test]
async fn the_verdict_comes_first() {
    let (store, report) = filled();
    let router = dashboard(store).into_router();
    read(&router).await;
    for (set, state) in [
        ("pricing", "better"),
        ("delay", "worse"),
        ("banner", "mismatch"),
        ("search", "no difference found"),
        ("onboarding", "collecting"),
    ] {
        let page = get(&router, &format!("/set?name={set}")).await.body;
        let state_at = page.find(&format!(">{state}</span>")).expect(set);
        let health_at = page.find("Health").unwrap();
        let goals_at = page.find("<h3 id=\"goal-0\"").unwrap();
        assert!(state_at < health_at && health_at < goals_at, "{set}");
        let as_of = report.latest(set).unwrap().as_of.to_string();
        assert!(page.contains(&as_of), "{set}");
    }
}

#[tokio::test]
async fn a_mismatch_covers_the_numbers() {
    let router = dashboard(filled().0).into_router();
    read(&router).await;
    let page = get(&router, "/set?name=banner").await.body;
    let (before, after) = page.split_once("<details>").unwrap();
    assert!(before.contains("The goals are covered") && !before.contains("id=\"goal-0\""));
    assert!(after.contains("id=\"goal-0\"") && after.contains("id=\"requests-0\""));
    assert!(!page.contains("Lift over time"));
}

#[tokio::test]
async fn what_others_wrote_is_escaped() {
    let router = dashboard(filled().0).into_router();
    read(&router).await;
    for path in [
        "/set?name=delay",
        "/set?name=%3Cscript%3Ealert(1)%3C/script%3E",
        "/unit?id=%3Cscript%3E",
        "/planner?baseline=%22%3E%3Cscript%3E&lift=1",
        "/%3Cscript%3E",
    ] {
        let answer = get(&router, path).await;
        assert!(!answer.body.contains("<script"), "{path}: {}", answer.body);
    }
}

#[tokio::test]
async fn a_unit_is_addressed_by_its_pseudonym() {
    let units = Units::pseudonym(super::filled::SECRET).unwrap();
    let unit = units.unit("visitor", &Key::from("visitor 0 of pricing"));
    let router = dashboard(filled().0).units(units).into_router();
    let who = [("x-who", "read")];
    let answer = post(
        &router,
        "/unit",
        &who,
        "kind=visitor&key=visitor+0+of+pricing",
    )
    .await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(answer.header("location"), format!("unit?id={unit}"));
    let page = get(&router, &format!("/unit?id={unit}")).await.body;
    assert!(
        page.contains("pricing") && page.contains("Tracks that it met"),
        "{page}"
    );
    let json = get(&router, &format!("/unit.json?id={unit}")).await.body;
    assert!(json.contains("\"set\":\"pricing\""), "{json}");
    let csv = get(&router, &format!("/unit.csv?id={unit}")).await.body;
    assert!(csv.contains(",exposure,pricing@1/"), "{csv}");
}

#[tokio::test]
async fn an_invalid_key_is_not_looked_up() {
    let units = Units::pseudonym(super::filled::SECRET).unwrap();
    let router = dashboard(filled().0).units(units).into_router();
    let who = [("x-who", "read")];
    for key in [String::new(), "x".repeat(1025)] {
        let answer = post(&router, "/unit", &who, &format!("key={key}")).await;
        assert_eq!(answer.header("location"), "unit?id=no-key");
    }
    let page = get(&router, "/unit?id=no-key").await.body;
    assert!(page.contains("a key is 1 to 1024 bytes"), "{page}");
}

#[tokio::test]
async fn the_planner_is_that_of_the_statistics() {
    let router = dashboard(filled().0).into_router();
    let asked = "baseline=10&lift=10%25&daily=2000";
    let page = get(&router, &format!("/planner?{asked}")).await.body;
    assert!(
        page.contains("Without a plan, valid at every look"),
        "{page}"
    );
    let csv = get(&router, &format!("/planner.csv?{asked}")).await.body;
    let free = "\"Without a plan, valid at every look\",30341,60682,31";
    assert!(csv.contains(free), "{csv}");
    for wrong in [
        "baseline=x&lift=1",
        "baseline=10&lift=0",
        "baseline=10&lift=1&tracks=0",
    ] {
        let page = get(&router, &format!("/planner?{wrong}")).await.body;
        assert!(page.contains("No answer."), "{wrong}");
    }
}
