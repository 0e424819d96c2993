//! Changes of running tests, in the reports of pages.

use std::{sync::Arc, time::Duration};

use serde_json::{Value, json};
use tower_tracks::{
    control::{Act, Appended, ChangeLog, Controls, Draft},
    report::{Day, PhaseReport, SeriesDay},
    store::{Memory, Sqlite, Store},
};

use super::{dashboard, filled, get, many::put, read};
use crate::{cli::small, sinks::Folder};

#[tokio::test]
async fn a_page_says_that_the_enrolment_was_closed() {
    let folder = Folder::new();
    let store = Arc::new(Sqlite::open(small(&folder)).unwrap());
    let close = Draft::new("pricing", 1, Act::Close, "alice", "enough units");
    assert!(matches!(
        store.append(&close, 0).unwrap(),
        Appended::Added(_)
    ));
    let controls = Controls::builder(Arc::clone(&store)).start().unwrap();
    let facts: Arc<dyn Store> = store.clone();
    let refreshed = dashboard(facts).refresh(Duration::from_millis(1));
    let router = refreshed.controls(&controls).into_router();
    // The first report may still be computed.
    for _ in 0..1000 {
        let page = get(&router, "/set?name=pricing").await.body;
        if page.contains("The enrolment was closed on ") {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("no page said that the enrolment was closed");
}

/// A report with changes on two days of its chart, and one after it.
fn changed() -> (Arc<dyn Store>, PhaseReport) {
    let mut phase = filled().1.latest("pricing").unwrap().clone();
    // Every chart has these days.
    let is_drawn = |day: &&SeriesDay| day.tracks[1..].iter().all(|point| point.band.is_some());
    let drawn = phase.series.iter().filter(is_drawn);
    let days: Vec<Day> = drawn.map(|day| day.day).collect();
    let change = |(number, day, what): (u64, Day, &str)| {
        let change = json!({
            "number": number, "day": day.to_string(), "in-force": format!("{day}T12:00:00Z"),
            "made": format!("{day}T12:00:00Z"), "act": "share", "sentence": what,
            "author": "Ann <b>", "reason": "no errors", "shares": null, "without-effect": null,
        });
        serde_json::from_value(change).unwrap()
    };
    let [first, .., last] = days[..] else {
        panic!("{days:?}")
    };
    let end = phase.series.last().unwrap().day;
    let changes = [
        (4, first, "the share was raised from 10.0% to 50.0%"),
        (7, last, "the set was paused"),
        (8, Day(end.0 + 1), "the pause ended"),
    ];
    phase.changes = changes.map(change).into();
    let store = Memory::default();
    put(&store, &phase);
    (Arc::new(store), phase)
}

#[tokio::test]
async fn changes_are_marked_on_the_chart_and_listed_below() {
    let (store, phase) = changed();
    let router = dashboard(store).into_router();
    read(&router).await;
    let page = get(&router, "/set?name=pricing").await.body;
    let (chart, list) = page.split_once("id=\"marks\"").unwrap();
    let marked = |number: &str| chart.contains(&format!("\">{number}</text>"));
    assert!(marked("4") && marked("7") && !marked("8"), "{chart}");
    let charts = page
        .matches("<svg role=\"img\" aria-labelledby=\"lift-")
        .count();
    assert_eq!(chart.matches("<path class=\"mark\"").count(), 2 * charts);
    // The words of the chart have what the drawing shows.
    let days = [0, 1].map(|index| phase.changes[index].day);
    let words = format!("listed below: 4 on {}, 7 on {}.", days[0], days[1]);
    assert!(chart.contains(&words), "{chart}");
    let item = format!(
        "<dt>4 · {}</dt><dd>The share was raised from 10.0% to 50.0%. <span class=\"meta\">By Ann \
         &#60;b&#62;, in force at {} 12:00 UTC: no errors</span>",
        days[0], days[0]
    );
    assert!(list.contains(&item), "{list}");
    assert!(list.contains("The pause ended."), "{list}");
}

#[tokio::test]
async fn programs_read_changes_as_json_and_csv() {
    let (store, phase) = changed();
    let router = dashboard(store).into_router();
    read(&router).await;
    let body = get(&router, "/set.json?name=pricing").await.body;
    let json: Value = serde_json::from_str(&body).unwrap();
    let changes = &json["report"]["changes"];
    assert_eq!(changes, &serde_json::to_value(&phase.changes).unwrap());
    let csv = get(&router, "/days.csv?name=pricing").await.body;
    let rows: Vec<&str> = csv.lines().collect();
    assert!(rows[0].ends_with(",lift_upper,changes"), "{csv}");
    let with = |what: &str| rows.iter().filter(|row| row.ends_with(what)).count();
    assert_eq!(with(",7: the set was paused"), phase.tracks.len());
    assert_eq!(with("the pause ended"), 0);
}

#[tokio::test]
async fn only_the_latest_of_many_changes_are_listed() {
    let (_, mut phase) = changed();
    let pattern = phase.changes.pop().unwrap();
    phase.changes = (0..250)
        .map(|number| {
            let mut change = pattern.clone();
            change.number = number;
            change
        })
        .collect();
    let store = Memory::default();
    put(&store, &phase);
    let router = dashboard(Arc::new(store)).into_router();
    read(&router).await;
    let page = get(&router, "/set?name=pricing").await.body;
    assert_eq!(page.matches("The pause ended.").count(), 100);
    assert!(page.contains("also has 150 earlier changes."), "{page}");
}
