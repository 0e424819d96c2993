use std::sync::Arc;

use http::StatusCode;
use tower_tracks::{
    Goal, Key, Units,
    store::{AliasRow, Batch, ConversionRow, Memory, Store, Timestamp, WriterRow},
    unit::Unit,
};

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
async fn a_mismatch_hides_the_results() {
    let router = dashboard(filled().0).into_router();
    read(&router).await;
    let page = get(&router, "/set?name=banner").await.body;
    let (before, after) = page.split_once("<details>").unwrap();
    assert!(before.contains("Results are hidden") && !before.contains("id=\"goal-0\""));
    assert!(after.contains("id=\"goal-0\"") && after.contains("id=\"requests-0\""));
    assert!(!page.contains("Lift over time"));
}

#[tokio::test]
async fn stored_texts_are_escaped() {
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

/// A unit of which there are more facts of each kind than fit on five hundred pages: a user of a
/// shared account, or a robot that buys all day.
fn busy(unit: Unit, facts: i64) -> Batch {
    let bytes = |number: i64| i128::from(number).to_be_bytes();
    let mut batch = Batch::default();
    let writer = batch.writer(&WriterRow::new([1; 16], Timestamp::default()));
    let goal = batch.goal(&Goal::new("purchase").unwrap());
    let conversion = |number: i64| {
        let (idem, at) = (bytes(number), Timestamp::from_micros(number));
        ConversionRow::new(goal, unit, idem, at, writer).value(number * 1_000_000)
    };
    let alias = |number: i64| {
        let visitor = Unit::from_bytes(bytes(number));
        AliasRow::new(visitor, unit, Timestamp::from_micros(number))
    };
    batch.conversions = (0..facts).map(conversion).collect();
    batch.aliases = (0..facts).map(alias).collect();
    batch
}

#[tokio::test]
async fn the_facts_of_a_unit_are_paged() {
    const FACTS: i64 = 100_050;
    let unit = Unit::from_bytes([7; 16]);
    let store = Memory::default();
    store.write(&busy(unit, FACTS)).unwrap();
    let router = dashboard(Arc::new(store)).into_router();
    let page = get(&router, &format!("/unit?id={unit}")).await.body;
    assert!(page.len() < 80_000, "{} bytes", page.len());
    assert!(
        page.contains(&format!("unit?id={unit}&amp;page=2")),
        "{page}"
    );
    let last = FACTS as usize / 200 + 1;
    for (number, first, facts) in [(1, 0, 200), (2, 200, 200), (last, 100_000, 50)] {
        let at = format!("id={unit}&page={number}");
        let answer = get(&router, &format!("/unit.json?{at}")).await;
        let json: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
        let [reached, seen] = ["conversions", "aliases"].map(|kind| json[kind].as_array().unwrap());
        assert_eq!((reached.len(), seen.len()), (facts, facts));
        assert_eq!(reached[0]["value"], f64::from(first));
        assert_eq!(seen[0]["unit"], format!("{first:032x}"));
        let csv = get(&router, &format!("/unit.csv?{at}")).await;
        assert_eq!(csv.body.lines().count(), 2 * facts + 1);
        let next = number + 1;
        let link = |format: &str| match number == last {
            true => String::new(),
            false => format!("<unit.{format}?id={unit}&page={next}>; rel=\"next\""),
        };
        assert_eq!(
            json["next-page"].as_u64(),
            (number < last).then_some(next as u64)
        );
        assert_eq!(answer.header("link"), link("json"));
        assert_eq!(csv.header("link"), link("csv"));
    }
    for none in ["0", "-1", "x"] {
        let page = get(&router, &format!("/unit?id={unit}&page={none}"))
            .await
            .body;
        assert!(page.contains("this is no number of a page"), "{page}");
    }
    let beyond = get(&router, &format!("/unit?id={unit}&page={}", usize::MAX)).await;
    assert!(
        beyond.body.contains("Nothing more is known"),
        "{}",
        beyond.body
    );
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

#[tokio::test]
async fn the_planner_is_filled_in_from_what_was_recorded() {
    let (store, report) = filled();
    let router = dashboard(store).into_router();
    read(&router).await;
    let page = get(&router, "/planner").await.body;
    let (link, _) = page
        .split_once("#ask\" aria-label=\"Fill in purchase value of pricing\"")
        .unwrap();
    let (_, query) = link.rsplit_once("planner?").unwrap();
    let query = query.replace("&#38;", "&").replace("&amp;", "&");
    let asked = query.replace("lift=&", "lift=10&");
    let filled_in = get(&router, &format!("/planner?{asked}")).await.body;
    let phase = report.latest("pricing").unwrap();
    let goals = &phase.goals;
    let goal = goals.iter().find(|goal| goal.label == "purchase value");
    let value = goal.unwrap().tracks[0].value.known().unwrap().value;
    let field = |name: &str| {
        let (_, field) = filled_in.split_once(&format!("name=\"{name}\"")).unwrap();
        let (_, field) = field.split_once("value=\"").unwrap();
        field.split_once('"').unwrap().0.parse::<f64>().unwrap()
    };
    assert!((field("baseline") / value - 1.0).abs() < 1e-3, "{query}");
    assert!(field("deviation") > value, "{query}");
    assert_eq!((field("tracks"), field("window")), (2.0, 7.0));
    assert!(filled_in.contains("Without a plan, valid at every look"));
    // The smallest lift that matters is for a person to say.
    let unsaid = get(&router, &format!("/planner?{query}")).await.body;
    assert!(!unsaid.contains("No answer.") && !unsaid.contains("Without a plan"));
}
