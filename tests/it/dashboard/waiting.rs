//! Until when a reader waits, in words that go with the verdict.

use std::sync::Arc;

use tower_tracks::{report::PhaseReport, store::Memory};

use super::{dashboard, filled, get, many::put, read};

/// Returns the sentence below the advice; empty without one.
async fn sentence(phase: &PhaseReport) -> String {
    let store = Memory::default();
    put(&store, phase);
    let router = dashboard(Arc::new(store)).into_router();
    read(&router).await;
    let page = get(&router, &format!("/set?name={}", phase.set)).await.body;
    let next = page.split_once("<p class=\"next\">");
    next.map_or(String::new(), |(_, rest)| {
        rest.split_once("</p>").unwrap().0.to_owned()
    })
}

fn latest(set: &str) -> PhaseReport {
    filled().1.latest(set).unwrap().clone()
}

#[tokio::test]
async fn each_verdict_says_whether_to_wait() {
    for (set, begins) in [
        ("pricing", "No need to wait: the plan decided at "),
        ("delay", "No need to wait: the loss was found"),
        ("banner", "Do not wait: "),
        ("onboarding", "Wait until about "),
        ("checkout", "No end was planned, "),
    ] {
        let sentence = sentence(&latest(set)).await;
        assert!(sentence.starts_with(begins), "{set}: {sentence}");
    }
}

/// Eighty units in three days, of two hundred: five days more, and a week to convert.
#[tokio::test]
async fn the_day_with_enough_units_is_estimated() {
    let mut phase = latest("onboarding");
    let today = phase.daily.last().unwrap().day;
    let (begins, rest) = phase.daily.split_first_mut().unwrap();
    begins.units = 8;
    let full = rest.len() - 1;
    for day in &mut rest[..full] {
        day.units = 24;
    }
    phase.units = 80;
    let mut expected = today;
    expected.0 += 5 + 7;
    let sentence = sentence(&phase).await;
    assert!(
        sentence.contains(&format!("until about {expected},")),
        "{sentence}"
    );
    for day in &mut phase.daily {
        day.units = 0;
    }
    let idle = self::sentence(&phase).await;
    assert_eq!(idle, "Wait: nobody new came in the last days.");
}

/// Weekdays differ, whatever a plan decided.
#[tokio::test]
async fn a_missing_week_comes_before_the_decision_of_a_plan() {
    let mut phase = latest("pricing");
    let mut notice = latest("onboarding").notices.remove(0);
    "less-than-a-week".clone_into(&mut notice.kind);
    phase.notices.push(notice);
    let sentence = sentence(&phase).await;
    assert_eq!(sentence, "Wait until each day of the week was seen.");
}
