//! What the pages show of the changes in force.

use std::time::Duration;

use tower_tracks::{
    control::{Act, Appended, ChangeLog, Changes, Controls, Draft, MemoryLog, Step},
    store::{StoreError, StoreErrorKind, Timestamp},
};

use super::{Shop, dashboard, filled, open, read};
use crate::dashboard::links::links;

fn put(log: &MemoryLog, act: Act, previous: u64) -> u64 {
    let draft = Draft::new("pricing", 1, act, "Bob", "a test");
    match log.append(&draft, previous).unwrap() {
        Appended::Added(change) => change.number,
        Appended::Conflict(change) => panic!("{change}"),
    }
}

#[tokio::test]
async fn a_set_without_controls_has_no_section() {
    let router = dashboard(filled().0).into_router();
    read(&router).await;
    let page = open(&router, "Ann", "/set?name=pricing").await.body;
    assert!(
        !page.contains("In force") && !page.contains(">Changes</a>"),
        "{page}"
    );
    let shop = Shop::new().await;
    for (set, has) in [("pricing", true), ("delay", false)] {
        let page = shop.open("Ann", &format!("/set?name={set}")).await.body;
        assert_eq!(page.contains("id=\"in-force\""), has, "{page}");
        assert!(page.contains(">Changes</a>"), "{page}");
    }
}

#[tokio::test]
async fn everything_in_force_is_named_with_who_made_it_and_why() {
    let log = MemoryLog::default();
    let share = |share, over| Act::Share { share, over };
    let step = Step {
        at: Timestamp::from_micros(32_472_144_000_000_000),
        share: 0.5,
    };
    let (steps, over) = (vec![step], 1.0);
    let span = Act::Exclude {
        from: Timestamp::from_micros(0),
        until: Timestamp::from_micros(3_600_000_000),
    };
    let acts = [
        share(0.1, 1.0),
        share(0.2, 0.7),
        Act::Ramp { steps, over },
        Act::Close,
        span,
        Act::Pause,
    ];
    acts.into_iter()
        .fold(0, |previous, act| put(&log, act, previous));
    let shop = Shop::of(Controls::builder(log)).await;
    let page = shop.open("read", "/set?name=pricing").await.body;
    for text in [
        "<span class=\"tag warn\">paused</span>",
        "paused: every request gets control, and none is counted<br><span class=\"meta\">Change 6, by Bob at 2",
        "10% of the units, over 100% in code<br><span class=\"meta\">Change 1, by Bob",
        "50% at 2999-01-01 00:00 UTC<br><span class=\"meta\">Change 3, by Bob",
        "closed at 2",
        "later units are served, not analysed<br><span class=\"meta\">Change 4, by Bob",
        "units first exposed from 1970-01-01 00:00 UTC until 1970-01-01 01:00 UTC",
        "Change 2: share 20%, by Bob: a test. It has no effect: it was made over another share in code",
    ] {
        assert!(page.contains(text), "{text}: {page}");
    }
    // The list of sets and the documents know the pause, too.
    let sets = shop.open("read", "/sets").await.body;
    assert!(
        sets.contains("<span class=\"tag warn\">paused</span>"),
        "{sets}"
    );
    let json = shop.open("read", "/set.json?name=pricing").await.body;
    assert!(json.contains("\"paused\":true"), "{json}");
}

#[tokio::test]
async fn only_acts_that_are_possible_have_a_button() {
    let shop = Shop::new().await;
    let buttons = async |set: &str| {
        let page = shop.open("Ann", &format!("/set?name={set}")).await.body;
        let buttons = page.split("<button name=\"act\" value=\"").skip(1);
        let names = buttons.map(|rest| rest.split('"').next().unwrap().to_owned());
        names.collect::<Vec<String>>()
    };
    let all = ["pause", "share", "ramp", "close", "ship", "exclude"];
    assert_eq!(buttons("pricing").await, all);
    let pricing = shop.controls.set("pricing").unwrap();
    pricing.pause("Bob", "a test").unwrap();
    let paused = [
        "resume", "share", "ramp", "close", "ship", "exclude", "reset",
    ];
    assert_eq!(buttons("pricing").await, paused);
    pricing.close("Bob", "a test").unwrap();
    assert!(!buttons("pricing").await.contains(&"close".to_owned()));
    pricing.ship("control", "Bob", "a test").unwrap();
    assert_eq!(
        buttons("pricing").await,
        ["resume", "ship", "exclude", "reset"]
    );
}

#[tokio::test]
async fn a_page_shows_what_a_change_would_do_and_to_how_many() {
    let shop = Shop::new().await;
    let page = shop.open("Ann", "/change?set=pricing&act=pause").await.body;
    for text in [
        "<dt>Requests</dt><dd><del>running</del>",
        "<ins>paused: every request gets control, and none is counted</ins>",
        "At once on this server",
        "would not have taken part yesterday (",
    ] {
        assert!(page.contains(text), "{text}: {page}");
    }
    // About 2,500 of its 60,000 units come each day.
    let half = shop
        .open("Ann", "/change?set=pricing&act=share&share=50")
        .await
        .body;
    let units = half
        .split("About ")
        .nth(1)
        .unwrap()
        .split(' ')
        .next()
        .unwrap();
    let units: u64 = units.replace(',', "").parse().unwrap();
    assert!((1_000..1_500).contains(&units), "{half}");
    // The set was not running yesterday in this program, as far as a report knows.
    let idle = shop
        .open("Ann", "/change?set=idle&act=share&share=50")
        .await
        .body;
    assert!(
        idle.contains("Not known: no report has the units"),
        "{idle}"
    );
    assert!(
        idle.contains("1 second after it is made, on all nodes together"),
        "{idle}"
    );
    assert!(shop.controls.changes().is_empty());
}

#[tokio::test]
async fn units_are_counted_by_what_a_change_does() {
    let shop = Shop::new().await;
    let span = "from=1999-01-01T08:00&until=1999-01-02T08:00";
    let long = "from=1999-01-01T08:00&until=2999-01-02T08:00";
    for (query, text) in [
        ("act=close", "units that were first exposed yesterday ("),
        ("act=close", ") would not have been analysed."),
        (
            &format!("act=exclude&{span}"),
            "None of those that were first exposed yesterday",
        ),
        (&format!("act=exclude&{long}"), ") would be left out."),
        (
            "act=ship&track=cheap",
            "units would have had another track yesterday (",
        ),
        (
            "act=share&share=100",
            "None of those that were first exposed yesterday",
        ),
        (
            "act=ramp&steps=2999-01-01T08:00+50",
            "With the last step: About 1,",
        ),
    ] {
        let page = shop
            .open("Ann", &format!("/change?set=pricing&{query}"))
            .await
            .body;
        assert!(page.contains(text), "{query}: {page}");
    }
}

/// A log with a pause that was made yesterday.
struct Past;

impl ChangeLog for Past {
    fn after(&self, number: u64) -> Result<Changes, StoreError> {
        let now = Timestamp::now();
        let pause = Draft::new("pricing", 1, Act::Pause, "Bob", "a test");
        let yesterday = now.minus(Duration::from_secs(86_400));
        let changes = vec![pause.numbered(1, yesterday)];
        let new = changes.into_iter().filter(|change| change.number > number);
        Ok(Changes::new(new.collect(), 1, now))
    }

    fn append(&self, _: &Draft, _: u64) -> Result<Appended, StoreError> {
        Err(StoreError::new(StoreErrorKind::Unavailable, "it is over"))
    }
}

#[tokio::test]
async fn units_of_a_day_on_which_the_set_was_changed_are_not_known() {
    let shop = Shop::of(Controls::builder(Past)).await;
    let page = shop
        .open("Ann", "/change?set=pricing&act=resume")
        .await
        .body;
    let why = "Not known: the set was changed on the day that it is measured on.";
    assert!(page.contains(why), "{page}");
}

#[tokio::test]
async fn a_set_without_an_exposure_has_a_page() {
    let shop = Shop::new().await;
    for path in ["/set?name=idle", "/set?name=idle&phase=1"] {
        let page = shop.open("Ann", path).await.body;
        assert!(
            page.contains("No report has phase 1 of this set yet"),
            "{page}"
        );
        assert!(page.contains("0% of the units, by the code"), "{page}");
    }
    for path in [
        "/set?name=idle&phase=2",
        "/set.json?name=idle",
        "/set?name=other",
    ] {
        let answer = shop.open("Ann", path).await;
        assert_eq!(answer.status.as_u16(), 404, "{path}");
    }
    let changes = shop.open("read", "/changes").await.body;
    assert!(
        changes.contains("<a href=\"set?name=idle\">idle</a>"),
        "{changes}"
    );
}

#[tokio::test]
async fn pauses_of_this_server_and_of_all_nodes_are_told_apart() {
    let shop = Shop::new().await;
    let page = shop.open("Ann", "/pauses").await.body;
    assert!(page.contains("applies to this server alone"), "{page}");
    assert!(page.contains("set?name=pricing#in-force"), "{page}");
    assert!(!page.contains("action=\"pause\""), "{page}");
    shop.controls
        .set("pricing")
        .unwrap()
        .pause("Bob", "a test")
        .unwrap();
    let page = shop.open("Ann", "/pauses").await.body;
    assert!(page.contains("paused by a change"), "{page}");

    // A pause of this server stays possible for programs, and can be ended.
    let ann = [("x-who", "Ann")];
    super::post(&shop.router, "/pause", &ann, "set=idle").await;
    for path in ["/pauses", "/set?name=idle"] {
        let page = shop.open("Ann", path).await.body;
        assert!(
            page.contains("paused") || page.contains("Paused"),
            "{path}: {page}"
        );
    }
    let page = shop.open("Ann", "/set?name=idle").await.body;
    assert!(
        page.contains("This server pauses the set by itself"),
        "{page}"
    );
    let page = shop.open("Ann", "/pauses").await.body;
    assert!(page.contains("action=\"resume\""), "{page}");
    super::post(&shop.router, "/resume", &ann, "set=idle").await;
    let page = shop.open("Ann", "/set?name=idle").await.body;
    assert!(!page.contains("This server pauses"), "{page}");
}

#[tokio::test]
async fn links_of_all_pages_are_relative_and_lead_somewhere() {
    let shop = Shop::new().await;
    shop.act("Ann", "set=pricing&act=share&share=25", "a first look")
        .await;
    for page in [
        "/set?name=pricing",
        "/set?name=idle",
        "/changes",
        "/changes?set=pricing",
        "/change?set=pricing&act=share",
        "/change?set=pricing&act=share&share=50",
        "/change?set=pricing&act=exclude&from=2026-01-01T08:00&until=2026-01-01T09:00",
        "/change?set=pricing&act=approve&change=7",
        "/pauses",
    ] {
        let body = shop.open("Ann", page).await.body;
        for link in links(&body) {
            let is_relative = !link.starts_with('/') && !link.contains(':');
            assert!(is_relative, "{page}: {link}");
            if link.starts_with('#') || link == "change" {
                continue;
            }
            let answer = shop
                .open("Ann", &format!("/{}", link.split('#').next().unwrap()))
                .await;
            let is_refusal = page.contains("approve") && answer.status.as_u16() == 422;
            assert!(answer.status.is_success() || is_refusal, "{page}: {link}");
        }
    }
}
