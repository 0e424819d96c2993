//! Changes that are not made, each with what the page says.

use std::sync::atomic::Ordering::SeqCst;

use http::StatusCode;
use tower_tracks::{
    MultiTrackSet, SimpleTrackSet, TracksLayer,
    control::{Controls, MemoryLog},
    dashboard::{Access, Dashboard},
};

use super::{Failing, Shop, dashboard, filled, form, open, post, read};

#[tokio::test]
async fn a_faster_change_is_shown_and_nothing_is_done() {
    let shop = Shop::new().await;
    let page = shop
        .open("Ann", "/change?set=pricing&act=share&share=25")
        .await;
    let pricing = shop.controls.set("pricing").unwrap();
    pricing.pause("Bob", "errors in <b>checkout").unwrap();
    let form = format!("{}&reason=enough", form(&page.body));
    let answer = shop.send("Ann", &form).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    for text in [
        "Another change was faster",
        "Bob",
        "errors in &#60;b&#62;checkout",
    ] {
        assert!(answer.body.contains(text), "{text}: {}", answer.body);
    }
    let again = "href=\"change?set=pricing&#38;act=share&#38;share=25\"";
    assert!(answer.body.contains(again), "{}", answer.body);
    assert_eq!(shop.controls.changes().len(), 1);

    // Also where it made the act pointless.
    let page = shop.open("Ann", "/change?set=pricing&act=close").await;
    pricing.close("Bob", "enough").unwrap();
    let form = format!("{}&reason=enough", super::form(&page.body));
    assert_eq!(shop.send("Ann", &form).await.status, StatusCode::CONFLICT);
}

#[tokio::test]
async fn a_change_of_another_set_is_no_conflict() {
    let shop = Shop::new().await;
    let page = shop.open("Ann", "/change?set=pricing&act=pause").await;
    shop.controls
        .set("idle")
        .unwrap()
        .pause("Bob", "a test")
        .unwrap();
    let form = format!("{}&reason=enough", form(&page.body));
    assert_eq!(shop.send("Ann", &form).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_reason_is_required_and_values_stay() {
    let shop = Shop::new().await;
    let page = shop
        .open("Ann", "/change?set=pricing&act=share&share=25")
        .await;
    let form = form(&page.body);
    let long = format!("{form}&reason={}", "x".repeat(1001));
    for (sent, why) in [
        (form.clone(), "A reason is required."),
        (format!("{form}&reason=+%09+"), "A reason is required."),
        (long, "A reason has at most 1,000 characters."),
    ] {
        let answer = shop.send("Ann", &sent).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST);
        let message = format!("<span class=\"wrong\" id=\"reason-wrong\">{why}</span>");
        assert!(answer.body.contains(&message), "{}", answer.body);
        assert_eq!(super::form(&answer.body), form);
    }
    assert!(shop.controls.changes().is_empty());
}

#[tokio::test]
async fn a_value_that_cannot_be_read_is_named_beside_its_field() {
    let shop = Shop::new().await;
    for (query, status, text) in [
        (
            "act=share&share=101",
            400,
            "id=\"share-wrong\">Write a share from 0 to 100",
        ),
        (
            "act=share&share=%3Cscript%3E",
            400,
            "value=\"&#60;script&#62;\"",
        ),
        ("act=ramp&steps=tomorrow", 400, "“tomorrow” is not a step"),
        (
            "act=ramp&steps=2999-01-02T08:00+9%0A2999-01-01T08:00+8",
            422,
            "have to rise",
        ),
        ("act=ship&track=free", 422, "no track of that name"),
        (
            "act=exclude&from=2026-01-02T08:00",
            400,
            "id=\"until-wrong\"",
        ),
        (
            "act=exclude&from=2026-01-02T08:00&until=2026-01-01T08:00",
            422,
            "before it begins",
        ),
        ("act=approve&change=1", 422, "waits for approval"),
        ("act=approve&change=x", 400, "not the number of a change"),
    ] {
        let answer = shop
            .open("Ann", &format!("/change?set=pricing&{query}"))
            .await;
        assert_eq!(answer.status.as_u16(), status, "{query}");
        assert!(answer.body.contains(text), "{query}: {}", answer.body);
        let form = format!("set=pricing&{query}&reason=a&phase=1&previous=0");
        assert_eq!(
            shop.send("Ann", &form).await.status.as_u16(),
            status,
            "{query}"
        );
    }
    assert!(shop.controls.changes().is_empty());
}

#[tokio::test]
async fn unknown_sets_and_changes_are_not_found() {
    let shop = Shop::new().await;
    let none = dashboard(filled().0).into_router();
    for (router, query) in [
        (&shop.router, "set=%3Cscript%3E&act=pause"),
        (&shop.router, "set=delay&act=pause"),
        (&shop.router, "set=pricing&act=delete"),
        (&shop.router, ""),
        (&none, "set=pricing&act=pause"),
    ] {
        let page = open(router, "Ann", &format!("/change?{query}")).await;
        let posted = post(router, "/change", &[("x-who", "Ann")], query).await;
        assert_eq!(
            [page.status, posted.status],
            [StatusCode::NOT_FOUND; 2],
            "{query}"
        );
        assert!(!page.body.contains("<script"), "{}", page.body);
    }
}

#[tokio::test]
async fn forms_that_no_page_made_are_no_error_of_ours() {
    let shop = Shop::new().await;
    let pause = "set=pricing&act=pause&reason=a";
    for (form, status) in [
        (pause.to_owned(), 400),
        (format!("{pause}&phase=1"), 400),
        (format!("{pause}&phase=1&previous=-1"), 400),
        (
            format!("{pause}&phase=1&previous=99999999999999999999"),
            400,
        ),
        (format!("{pause}&phase=2&previous=0"), 409),
        (format!("{pause}&phase=%00&previous=0"), 409),
        ("set=pricing&set=pricing&act=pause".to_owned(), 422),
        (
            "set=pricing&act=share&reason=a&phase=1&previous=0".to_owned(),
            200,
        ),
    ] {
        let answer = shop.send("Ann", &form).await;
        assert_eq!(answer.status.as_u16(), status, "{form}: {}", answer.body);
    }
    assert!(shop.controls.changes().is_empty());
}

#[tokio::test]
async fn a_track_of_a_group_cannot_be_shipped_and_the_page_says_why() {
    let set = |name: &'static str| SimpleTrackSet::new(name).track("new", ());
    let sets = MultiTrackSet::builder().add(set("one")).add(set("two"));
    let controls = Controls::builder(MemoryLog::default()).start().unwrap();
    let _layer = TracksLayer::new(sets.build().unwrap()).controls(&controls);
    let router = dashboard(filled().0).controls(&controls).into_router();
    read(&router).await;
    let page = open(&router, "Ann", "/set?name=one").await.body;
    assert!(!page.contains("value=\"ship\""), "{page}");
    let remedy = "remove them from the group in code, then ship";
    assert!(page.contains(remedy), "{page}");
    let answer = open(&router, "Ann", "/change?set=one&act=ship&track=new").await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.body.contains(remedy), "{}", answer.body);
}

#[tokio::test]
async fn a_log_that_cannot_be_written_is_unavailable_and_its_changes_stay() {
    let log = Failing::default();
    let shop = Shop::of(Controls::builder(log.clone())).await;
    shop.act("Ann", "set=pricing&act=share&share=25", "a first look")
        .await;
    let page = shop.open("Ann", "/change?set=pricing&act=pause").await;
    assert!(!page.body.contains("cannot be read"), "{}", page.body);
    log.fails.store(true, SeqCst);
    let form = format!("{}&reason=errors", form(&page.body));
    let answer = shop.send("Ann", &form).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    let plain =
        "The log of changes cannot be written: it is on &#60;b&#62;holiday. It is not known";
    assert!(answer.body.contains(plain), "{}", answer.body);
    for path in [
        "/set?name=pricing",
        "/changes",
        "/change?set=pricing&act=pause",
    ] {
        let page = shop.open("Ann", path).await.body;
        let banner = "The log of changes cannot be read since 20";
        assert!(
            page.contains(banner) && page.contains("last known"),
            "{path}: {page}"
        );
    }
    let page = shop.open("read", "/set?name=pricing").await.body;
    assert!(
        page.contains("25% of the units, over 100% in code"),
        "{page}"
    );
}

#[tokio::test]
async fn only_users_who_may_act_see_and_use_the_buttons() {
    let shop = Shop::new().await;
    let page = shop.open("Ann", "/set?name=pricing").await.body;
    assert!(page.contains("action=\"change\""), "{page}");
    let form = form(&shop.open("Ann", "/change?set=pricing&act=pause").await.body);
    let numbers = Dashboard::new(filled().0, |_| Access::Numbers)
        .any_host()
        .refresh(std::time::Duration::from_secs(3600))
        .controls(&shop.controls);
    let numbers = numbers.into_router();
    read(&numbers).await;
    for router in [&shop.router, &numbers] {
        let page = open(router, "read", "/set?name=pricing").await;
        assert!(page.body.contains("id=\"in-force\""), "{}", page.body);
        assert!(!page.body.contains("action=\"change\""), "{}", page.body);
        let changes = open(router, "read", "/changes").await;
        assert_eq!(changes.status, StatusCode::OK);
        let page = open(router, "read", "/change?set=pricing&act=pause").await;
        let read = [("x-who", "read")];
        let sent = post(router, "/change", &read, &format!("{form}&reason=a")).await;
        assert_eq!([page.status, sent.status], [StatusCode::FORBIDDEN; 2]);
    }
    assert!(shop.controls.changes().is_empty());
}

#[tokio::test]
async fn a_form_of_another_site_changes_nothing() {
    let shop = Shop::new().await;
    let page = shop.open("Ann", "/change?set=pricing&act=pause").await;
    let form = format!("{}&reason=a", form(&page.body));
    for foreign in [
        ("sec-fetch-site", "cross-site"),
        ("origin", "https://evil.example"),
    ] {
        let headers = [("x-who", "Ann"), ("host", "shop.example"), foreign];
        let answer = post(&shop.router, "/change", &headers, &form).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{foreign:?}");
    }
    assert!(shop.controls.changes().is_empty());
}
