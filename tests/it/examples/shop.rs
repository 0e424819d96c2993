//! The shop as its visitors and its owner meet it: the built binary, over TCP.

use std::time::{Duration, Instant};

use axum::http::{Request, StatusCode, header};
use futures_util::future::join_all;
use http_body_util::Full;

use super::{
    binary,
    browser::{Browser, Page, http_client},
    open_shop::{Shop, USUAL_PRICES},
    sets,
};

/// When a request has arrived, and half of a long delay is left.
const MIDWAY: Duration = Duration::from_secs(1);

#[tokio::test]
async fn a_visitor_keeps_the_track() {
    let shop = Shop::open();
    let visits = (0..16).map(|_| visit_twice(shop.browser()));
    let mut exposures = join_all(visits).await;
    exposures.sort();
    exposures.dedup();
    assert!(exposures.len() > 1, "all are in {exposures:?}");
}

async fn visit_twice(mut browser: Browser) -> String {
    let first = browser.get("/coconuts").await;
    let again = browser.get("/coconuts").await;
    assert!(first.sets_cookie() && !again.sets_cookie());
    assert_eq!(first.exposure(), again.exposure());
    assert_eq!(first.prices(), again.prices());
    assert_eq!(first.has_banner(), again.has_banner());
    first.exposure().unwrap().to_owned()
}

#[tokio::test]
async fn only_a_page_that_reads_says_so() {
    let shop = Shop::open();
    for (path, status) in [("/", 200), ("/login", 200), ("/nowhere", 404)] {
        let page = shop.browser().get(path).await;
        assert_eq!(page.status, status);
        assert_eq!(page.exposure(), None, "{path}");
        assert!(!page.sets_cookie(), "{path}");
    }
    let page = shop.browser().get("/coconuts").await;
    assert_eq!(page.status, StatusCode::OK);
    let exposure = page.exposure().unwrap();
    assert!(exposure.starts_with("delay=") || exposure.starts_with("pricing="));
    assert!(page.sets_cookie());
}

#[tokio::test]
async fn the_first_page_leads_to_each_test_and_to_the_results() {
    let shop = Shop::open();
    let page = shop.browser().get("/").await.body;
    for group in [sets::delay_or_pricing(), sets::banner()] {
        for set in group.unwrap().sets() {
            let name = format!("<code>{}</code>", set.name());
            assert!(page.contains(&name), "{name}");
        }
    }
    for path in ["/coconuts", "/results"] {
        assert!(page.contains(&format!("href=\"{path}\"")), "{path}");
    }
    for command in [
        "TRAFFIC=1 cargo run --example coconuts",
        "cargo run --example traffic",
    ] {
        assert!(page.contains(command), "{command}");
    }
}

#[tokio::test]
async fn the_first_page_has_the_login_of_the_results() {
    let shop = Shop::open();
    let mut browser = shop.browser();
    let page = browser.get("/").await.body;
    for word in ["owner", "coconut"] {
        assert!(page.contains(&format!("<code>{word}</code>")), "{word}");
    }
    let refused = browser.get("/results/sets").await;
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
    // `owner:coconut` in base64.
    let request = Request::get(format!("{}/results/sets", shop.origin()))
        .header(header::AUTHORIZATION, "Basic b3duZXI6Y29jb251dA==");
    let request = request.body(Full::default()).unwrap();
    let response = http_client().request(request).await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_track_is_acted_on() {
    let shop = Shop::open();
    for delta in -2..=2 {
        let mut browser = shop.browser_in(&[&format!("pricing/price_adjusted_by_{delta}")]);
        let page = browser.get("/coconuts").await;
        assert_eq!(page.prices(), USUAL_PRICES.map(|price| price + delta));
    }
    for (track, milliseconds) in [("short", 500), ("long", 2000)] {
        let mut browser = shop.browser_in(&[&format!("delay/{track}")]);
        let began = Instant::now();
        assert_eq!(browser.get("/coconuts").await.prices(), USUAL_PRICES);
        assert!(began.elapsed() >= Duration::from_millis(milliseconds));
    }
}

#[tokio::test]
async fn a_banner_is_above_the_catalogue() {
    let shop = Shop::open();
    for (track, text) in [
        ("nothing", ""),
        ("free_delivery", "Free delivery"),
        ("fresh_today", "Fresh today"),
    ] {
        let both = ["pricing/price_adjusted_by_0", &format!("banner/{track}")];
        let page = shop.browser_in(&both).get("/coconuts").await;
        let exposure = format!("pricing=price_adjusted_by_0, banner={track}");
        assert_eq!(page.exposure(), Some(&*exposure));
        assert!(page.body.contains(text));
        assert_eq!(page.has_banner(), !text.is_empty());
    }
}

#[tokio::test]
async fn a_vip_is_in_no_test() {
    let shop = Shop::open();
    let mut known = shop.browser_in(&["pricing/price_adjusted_by_2"]);
    log_in(&mut known).await;
    assert_usual(&known.get("/coconuts").await);

    let page = known.post("/logout").await;
    assert_eq!(page.status, StatusCode::SEE_OTHER);
    let page = known.get("/coconuts").await;
    assert_ne!(page.prices(), USUAL_PRICES);
    assert!(page.exposure().unwrap().starts_with("pricing="));

    for _ in 0..8 {
        let mut new = shop.browser();
        log_in(&mut new).await;
        assert_usual(&new.get("/coconuts").await);
        assert!(!new.has_cookie("tracks"));
    }
}

async fn log_in(browser: &mut Browser) {
    let page = browser.post("/login").await;
    assert_eq!(page.status, StatusCode::SEE_OTHER);
    assert_eq!(page.headers[header::LOCATION], "/coconuts");
    assert!(browser.has_cookie("vip"));
}

#[track_caller]
fn assert_usual(page: &Page) {
    assert_eq!(page.exposure(), None);
    assert!(!page.sets_cookie());
    assert_eq!(page.prices(), USUAL_PRICES);
    assert!(!page.has_banner());
}

// On two threads: one waits for the log while the other closes the connection.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn exposures_are_logged_and_so_are_those_who_leave() {
    let shop = Shop::open();
    let mut patient = shop.browser_in(&["delay/control", "banner/nothing"]);
    patient.get("/coconuts").await;
    let line = shop.logs("exposure set=");
    assert!(line.contains("set=\"delay\" track=\"control\" outcome=completed (200)"));
    let line = shop.logs("response status=");
    assert!(line.contains("status=200") && line.contains("latency="));
    assert!(line.contains("tracks_exposure=\"delay=control, banner=nothing\""));

    let mut hasty = shop.browser_in(&["delay/long"]);
    let visit = hasty.get("/coconuts");
    let left = tokio::time::timeout(MIDWAY, visit).await;
    assert!(left.is_err());
    drop(hasty);
    let line = shop.logs("outcome=cancelled");
    assert!(line.contains("set=\"delay\" track=\"long\""));
}

#[tokio::test]
async fn sigterm_lets_the_last_visitor_finish() {
    let mut shop = Shop::open();
    let mut last = shop.browser_in(&["delay/long"]);
    let visit = tokio::spawn(async move { last.get("/coconuts").await });
    tokio::time::sleep(MIDWAY).await;
    shop.terminate();
    assert_eq!(visit.await.unwrap().status, StatusCode::OK);
    assert_eq!(shop.wait().code(), Some(0));
    shop.logs("The coconut shop is closed.");
}

#[tokio::test]
async fn a_purchase_reaches_its_goal_once() {
    let mut shop = Shop::open();
    let mut browser = shop.browser_in(&["pricing/price_adjusted_by_2", "banner/nothing"]);
    let page = browser.get("/coconuts").await;
    let form = page.form("Buy King coconut");
    // Sent twice, it is one order.
    for _ in 0..2 {
        let page = browser.submit("/buy", &form).await;
        assert_eq!(page.status, StatusCode::OK);
        assert_eq!(page.prices(), [8]);
    }
    let page = browser.submit("/buy", "id=1&article=6").await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    shop.terminate();
    assert_eq!(shop.wait().code(), Some(0));

    let contents = shop.records.contents();
    let [conversion] = &contents.conversions[..] else {
        panic!("{contents:?}");
    };
    assert_eq!(conversion.value, 8_000_000);
    let mut tracks: Vec<&str> = contents
        .exposures
        .iter()
        .map(|row| row.0.as_str())
        .collect();
    tracks.sort_unstable();
    assert_eq!(tracks, ["banner/nothing", "pricing/price_adjusted_by_2"]);
    assert!(
        contents
            .exposures
            .iter()
            .all(|row| row.1 == conversion.unit)
    );
}

// On two threads: one sends the signal while the other visits.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ctrl_c_during_load_loses_nothing() {
    let mut shop = Shop::open();
    let visit = |visitor| tokio::spawn(buy_until_closed(shop.browser(), visitor));
    let visits: Vec<_> = (0..16).map(visit).collect();
    tokio::time::sleep(MIDWAY).await;
    shop.signal("-INT");
    assert_eq!(shop.wait().code(), Some(0));
    let mut answered = 0;
    for visit in visits {
        answered += visit.await.unwrap();
    }
    let line = shop.logs("The coconut shop is closed.");
    let number = |before: &str| {
        let words: Vec<&str> = line.split_whitespace().collect();
        let at = words
            .iter()
            .position(|word| word.trim_end_matches(',') == before);
        words[at.expect(before) - 1].parse::<u64>().unwrap()
    };
    let contents = shop.records.contents();
    let facts = contents.exposures.len() + contents.conversions.len();
    assert!(answered > 0 && facts as u64 >= answered, "{line}");
    assert_eq!(number("written"), facts as u64, "{line}");
    assert_eq!(number("dropped"), 0, "{line}");
    assert_eq!(contents.lost, 0, "{line}");
}

/// Returns how many orders were answered that were placed until the shop closed.
async fn buy_until_closed(browser: Browser, visitor: u64) -> u64 {
    let mut browser = browser.cookie("tracks", &format!("{visitor:021}A"));
    let mut answered = 0;
    for order in 0.. {
        let form = format!("id={visitor}-{order}&article=0");
        match browser.try_submit("/buy", &form).await {
            Some(page) if page.status == StatusCode::OK => answered += 1,
            _ => break,
        }
    }
    answered
}

#[test]
fn a_port_in_use_is_a_clear_error() {
    let shop = Shop::open();
    let stderr = refused(shop.port());
    assert!(stderr.starts_with(&format!(
        "coconuts: cannot listen on 127.0.0.1:{}: ",
        shop.port()
    )));
    assert!(stderr.contains("set another port, as in PORT=3001"));
}

#[test]
fn a_port_that_is_none_is_a_clear_error() {
    for port in ["", "coconut", "-1", "65536", "80.5"] {
        let stderr = refused(port);
        assert!(stderr.starts_with(&format!("coconuts: PORT is {port:?}, which is no port")));
    }
}

#[test]
fn an_unknown_command_is_a_clear_error() {
    let output = binary::command("coconuts").arg("pause").output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(
        stderr,
        "coconuts: \"pause\" is no command; the only one is `tracks`\n"
    );
}

/// Returns the error of a shop that cannot open on a port.
#[track_caller]
fn refused(port: &str) -> String {
    binary::refused(binary::command("coconuts").env("PORT", port))
}
