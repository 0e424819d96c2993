//! The list of all sets: what a row shows, and what a reader asks for.

use std::sync::Arc;

use axum::Router;
use tower_tracks::{TracksLayer, report::PhaseReport, store::Memory};

use super::{dashboard, filled, get, many::put, post, read};

/// Returns a set like one that was made up, of another name and owner.
fn like(pattern: &str, name: &str, owner: &str) -> PhaseReport {
    let mut phase = filled().1.latest(pattern).unwrap().clone();
    name.clone_into(&mut phase.set);
    owner.clone_into(&mut phase.intent.owner);
    phase
}

async fn router(phases: &[PhaseReport]) -> Router {
    let store = Memory::default();
    phases.iter().for_each(|phase| put(&store, phase));
    let router = dashboard(Arc::new(store)).into_router();
    read(&router).await;
    router
}

async fn several() -> Router {
    router(&[
        like("pricing", "price-of-coconuts", "Ann"),
        like("delay", "a-slow-page", "Bob & Co"),
        like("search", "search-of-words", "Ann"),
        like("banner", "banner", "Bob & Co"),
        like("onboarding", "onboarding", ""),
        like("onboarding", "another", ""),
    ])
    .await
}

/// Returns the names in a list, in its order.
fn names(page: &str) -> Vec<&str> {
    let links = page.split("href=\"set?name=").skip(1);
    links.map(|rest| rest.split_once('"').unwrap().0).collect()
}

async fn listed(router: &Router, query: &str) -> String {
    get(router, &format!("/sets?{query}")).await.body
}

#[tokio::test]
async fn sets_are_found_by_name_owner_and_state() {
    let router = several().await;
    for (query, expected) in [
        ("q=SEARCH", vec!["search-of-words"]),
        ("q=%26", vec![]),
        ("owner=Ann", vec!["price-of-coconuts", "search-of-words"]),
        ("owner=Bob+%26+Co&q=slow", vec!["a-slow-page"]),
        ("state=broken", vec!["banner"]),
        ("state=decided&owner=Ann", vec!["price-of-coconuts"]),
    ] {
        let page = listed(&router, query).await;
        assert_eq!(names(&page), expected, "{query}: {page}");
        assert_eq!(
            page.contains("No test is as asked."),
            expected.is_empty(),
            "{query}"
        );
    }
    let running = listed(&router, "state=running").await;
    assert!(names(&running).contains(&"onboarding") && !names(&running).contains(&"banner"));
    // What does not exist is not asked for.
    for query in ["state=x", "sort=x", ""] {
        assert_eq!(names(&listed(&router, query).await).len(), 6, "{query}");
    }
}

#[tokio::test]
async fn sets_are_sorted_as_asked() {
    let router = several().await;
    let sorted = listed(&router, "sort=name").await;
    let mut expected = names(&sorted);
    expected.sort_unstable();
    assert_eq!(names(&sorted), expected);
    let by_units = listed(&router, "sort=units").await;
    assert_eq!(names(&by_units)[0], "price-of-coconuts");
    let newest = listed(&router, "sort=newest").await;
    assert_eq!(names(&newest)[0], "another");
    // The most urgent first, by default.
    assert_eq!(names(&listed(&router, "").await)[0], "banner");
}

#[tokio::test]
async fn links_by_state_keep_the_rest_of_the_question() {
    let router = several().await;
    let page = listed(&router, "owner=Bob+%26+Co&sort=name").await;
    let link = "href=\"sets?state=broken&#38;owner=Bob%20%26%20Co&#38;sort=name\">broken \
                <span class=\"count\">1</span>";
    assert!(page.contains(link), "{page}");
    assert!(
        page.contains("<option value=\"Bob &#38; Co\" selected>Bob &#38; Co</option>"),
        "{page}"
    );
    let query = "state=broken&owner=Bob%20%26%20Co&sort=name";
    assert_eq!(names(&listed(&router, query).await), ["banner"]);
}

/// Few sets are seen at a glance.
#[tokio::test]
async fn few_sets_have_no_form() {
    let router = router(&[like("pricing", "one", ""), like("delay", "two", "")]).await;
    let page = listed(&router, "").await;
    assert!(!page.contains("<form"), "{page}");
    let asked = listed(&router, "q=one").await;
    assert!(
        asked.contains("value=\"one\"") && names(&asked) == ["one"],
        "{asked}"
    );
}

/// The verdict of one track does not stand for the set.
#[tokio::test]
async fn a_row_has_each_track() {
    let mut phase = like("pricing", "pricing", "Ann");
    let page = listed(&router(std::slice::from_ref(&phase)).await, "").await;
    for track in ["cheap", "expensive"] {
        assert!(
            page.contains(&format!("<span class=\"name\">{track}</span>")),
            "{track}: {page}"
        );
    }
    assert!(page.contains(">better</span>") && page.contains(">worse</span>"));
    assert_eq!(page.matches("<path class=\"range\"").count(), 2);
    assert!(page.contains("<polyline class=\"line\"") && page.contains("Owner: Ann"));

    // Hidden results stay hidden.
    phase.covered = Some("the numbers of units differ".to_owned());
    let page = listed(&router(&[phase]).await, "").await;
    assert!(!page.contains("<path class=\"range\""), "{page}");
}

#[tokio::test]
async fn a_set_that_nobody_meets_any_more_says_so() {
    let mut phase = like("pricing", "pricing", "");
    let last = phase.last_day.unwrap();
    let page = listed(&router(&[phase.clone()]).await, "").await;
    assert!(!page.contains("no new units since"), "{page}");
    phase.daily.last_mut().unwrap().day.0 += 3;
    let page = listed(&router(&[phase]).await, "").await;
    assert!(
        page.contains(&format!("no new units since {last}")),
        "{page}"
    );
}

#[tokio::test]
async fn a_paused_set_is_found_as_paused() {
    let (store, _) = super::fresh();
    let layer = TracksLayer::new(super::filled::pricing().unwrap());
    let router = dashboard(store).pauses(layer.pauses()).into_router();
    read(&router).await;
    for (act, query, expected) in [
        ("/pause", "state=paused", vec!["pricing"]),
        ("/resume", "state=decided", vec!["pricing"]),
        ("/resume", "state=paused", vec![]),
    ] {
        post(&router, act, &[("x-who", "Ann")], "set=pricing").await;
        let page = listed(&router, query).await;
        assert_eq!(names(&page), expected, "{act} {query}: {page}");
    }
}
