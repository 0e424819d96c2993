//! Each act, from its page to what is in force.

use std::sync::Arc;

use http::StatusCode;
use tower_tracks::{
    control::{Act, Controls, MemoryLog, Mode, State},
    store::Sqlite,
};

use super::Shop;
use crate::sinks::Folder;

/// The page to which a change leads back.
const BACK: &str = "set?name=pricing&phase=1#in-force";

async fn made(shop: &Shop, query: &str) -> (Act, State) {
    let query = format!("set=pricing&{query}");
    let answer = shop.act("Ann", &query, "a test").await;
    assert_eq!(
        answer.status,
        StatusCode::SEE_OTHER,
        "{query}: {}",
        answer.body
    );
    assert_eq!(answer.header("location"), BACK, "{query}");
    let change = shop.controls.changes().pop().unwrap();
    assert_eq!(
        (&*change.author, &*change.reason),
        ("Ann", "a test"),
        "{query}"
    );
    (change.act, shop.controls.set("pricing").unwrap().state())
}

#[tokio::test]
async fn a_pause_is_in_force_at_once_and_a_resumption_later() {
    let shop = Shop::new().await;
    let (act, state) = made(&shop, "act=pause").await;
    assert_eq!((act, state.mode), (Act::Pause, Mode::Paused));
    let (act, state) = made(&shop, "act=resume").await;
    // The interval of reading is 10 ms, so it begins a second later.
    assert_eq!((act, state.mode), (Act::Resume, Mode::Paused));
    assert!(state.next.is_some());
}

#[tokio::test]
async fn a_set_can_be_changed_after_a_change_under_its_former_name() {
    let shop = Shop::new().await;
    let before = shop.controls.set("before").unwrap();
    before.pause("Bob", "errors").unwrap();
    let answer = shop.act("Ann", "set=idle&act=resume", "mended").await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    let list = shop.open("Ann", "/changes.json?set=idle").await;
    let list: serde_json::Value = serde_json::from_str(&list.body).unwrap();
    assert_eq!(list["changes"].as_array().unwrap().len(), 2, "{list}");
}

#[tokio::test]
async fn a_share_is_entered_in_percent() {
    let shop = Shop::new().await;
    let (act, state) = made(&shop, "act=share&share=2.5").await;
    let share = Act::Share {
        share: 0.025,
        over: 1.0,
    };
    assert_eq!((act, state.mode), (share, Mode::Share(0.025)));
}

#[tokio::test]
async fn a_ramp_has_a_step_on_each_line() {
    let shop = Shop::new().await;
    made(&shop, "act=share&share=1").await;
    let steps = "steps=2999-01-01T08%3A00+25%25%0D%0A2999-01-02T08%3A00+100";
    let (act, state) = made(&shop, &format!("act=ramp&{steps}")).await;
    let Act::Ramp { steps, .. } = act else {
        panic!("{act}");
    };
    let shares: Vec<f64> = steps.iter().map(|step| step.share).collect();
    assert_eq!((shares, state.share), (vec![0.25, 1.0], 0.01));
    let (day, time) = (86_400_000_000, steps[0].at.as_micros());
    assert_eq!(steps[1].at.as_micros() - time, day);
    assert_eq!(time % day, day / 3);
}

#[tokio::test]
async fn an_enrolment_is_closed_and_a_span_excluded() {
    let shop = Shop::new().await;
    let (act, state) = made(&shop, "act=close").await;
    assert!(act == Act::Close && state.closed_at.is_some());
    let span = "from=2026-03-01T08:00&until=2026-03-01T09:30";
    let (_, state) = made(&shop, &format!("act=exclude&{span}")).await;
    let took = |span: &tower_tracks::control::Span| span.until.as_micros() - span.from.as_micros();
    let spans: Vec<i64> = state.excluded.iter().map(took).collect();
    assert_eq!(spans, [90 * 60_000_000]);
    let (act, state) = made(&shop, "act=reset").await;
    assert_eq!(
        (act, state.closed_at, state.excluded.len()),
        (Act::Reset, None, 0)
    );
}

#[tokio::test]
async fn a_track_is_shipped() {
    let shop = Shop::new().await;
    // Control ships at once, since everybody had it before.
    let (_, state) = made(&shop, "act=ship&track=control").await;
    assert_eq!(state.mode, Mode::Shipped(0));
    let (act, _) = made(&shop, "act=ship&track=cheap").await;
    let track = "cheap".into();
    assert_eq!(act, Act::Ship { track });
}

#[tokio::test]
async fn a_raise_waits_until_another_person_approves_it() {
    let shop = Shop::of(Controls::builder(MemoryLog::default()).two_people()).await;
    let raise = "set=idle&act=share&share=10";
    let page = shop.open("Ann", &format!("/change?{raise}")).await.body;
    assert!(
        page.contains("When another person has approved it. 1 second after"),
        "{page}"
    );
    shop.act("Ann", raise, "a first look").await;
    let idle = shop.controls.set("idle").unwrap();
    assert_eq!((idle.state().pending, idle.state().share), (vec![1], 0.0));

    let page = shop.open("Ann", "/set?name=idle").await.body;
    assert!(page.contains("Another person has to approve it."), "{page}");
    let own = shop
        .open("ann", "/change?set=idle&act=approve&change=1")
        .await;
    assert_eq!(own.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        own.body.contains("another person than its author"),
        "{}",
        own.body
    );

    let page = shop.open("Bob", "/set?name=idle").await.body;
    assert!(page.contains("aria-label=\"Approve change 1\""), "{page}");
    let approve = "set=idle&act=approve&change=1";
    let page = shop.open("Bob", &format!("/change?{approve}")).await.body;
    assert!(page.contains("share 10%, by Ann: a first look"), "{page}");
    shop.act("Bob", approve, "the error rate is flat").await;
    assert!(idle.state().pending.is_empty());
    let again = shop.open("Bob", &format!("/change?{approve}")).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn a_change_is_kept_by_a_database() {
    let folder = Folder::new();
    let store = Arc::new(Sqlite::open(folder.join("changes.sqlite")).unwrap());
    let shop = Shop::of(Controls::builder(Arc::clone(&store))).await;
    let (_, state) = made(&shop, "act=pause").await;
    assert_eq!(state.mode, Mode::Paused);
    let after_restart = Shop::of(Controls::builder(store)).await;
    let state = after_restart.controls.set("pricing").unwrap().state();
    assert_eq!(state.paused, Some(1));
    let page = after_restart.open("read", "/set?name=pricing").await.body;
    assert!(page.contains("Change 1, by Ann at "), "{page}");
}
