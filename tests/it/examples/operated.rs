//! The shop as its owner operates it: two instances on one database, and changes of the running tests.

use std::{
    process::{Command, Output},
    time::{Duration, Instant},
};

use tower_tracks::{report::Utc, store::Timestamp};

use super::{
    binary,
    browser::{Browser, Page},
    open_shop::{Shop, USUAL_PRICES, keys_of},
};
use crate::cli;

/// How long a change takes at most to reach every instance.
const REACHES: Duration = Duration::from_secs(3);

/// The same for a change that enrols more visitors: it begins after five seconds.
const RAISES: Duration = Duration::from_secs(8);

const SIGNED: [&str; 4] = ["--author", "ann", "--reason", "a test"];

/// Opens two instances on one database.
fn two_shops() -> [Shop; 2] {
    let first = Shop::open();
    let second = first.open_beside();
    [first, second]
}

/// Runs a command of the owner beside the shop.
fn owner(shop: &Shop, arguments: &[&str]) -> Output {
    let mut command = binary::command("coconuts");
    command
        .env("SHOP_DATABASE", shop.records.path())
        .arg("tracks")
        .args(arguments)
        .output()
        .unwrap()
}

#[track_caller]
fn change(shop: &Shop, arguments: &[&str]) -> String {
    let output = owner(shop, &[arguments, &SIGNED].concat());
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{stderr}");
    String::from_utf8(output.stdout).unwrap()
}

/// Visits the catalogue until the page is as wanted.
async fn visit_until(
    browser: &mut Browser,
    within: Duration,
    is_wanted: impl Fn(&Page) -> bool,
) -> Page {
    let deadline = Instant::now() + within;
    loop {
        let page = browser.get("/coconuts").await;
        if is_wanted(&page) {
            return page;
        }
        let exposure = page.exposure();
        assert!(Instant::now() < deadline, "{exposure:?} after {within:?}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn a_pause_and_its_end_reach_both_shops() {
    let shops = two_shops();
    let tracks = ["pricing/price_adjusted_by_2", "banner/free_delivery"];
    let exposure = "pricing=price_adjusted_by_2, banner=free_delivery";
    let mut browsers = shops.each_ref().map(|shop| shop.browser_in(&tracks));
    for browser in &mut browsers {
        assert_eq!(browser.get("/coconuts").await.exposure(), Some(exposure));
    }

    change(&shops[0], &["pause", "pricing"]);
    pause_from_the_store(&shops[0], "banner").await;
    for browser in &mut browsers {
        let page = visit_until(browser, REACHES, |page| page.exposure().is_none()).await;
        assert_eq!(page.prices(), USUAL_PRICES);
        assert!(!page.has_banner());
    }
    for shop in &shops {
        shop.logs("change 1 of pricing: pause, by ann: a test");
        shop.logs("change 2 of banner: pause, by ann: a test");
    }

    for set in ["pricing", "banner"] {
        change(&shops[1], &["resume", set]);
    }
    for browser in &mut browsers {
        // In the same tracks as before.
        let page = visit_until(browser, RAISES, |page| page.exposure() == Some(exposure)).await;
        assert_eq!(page.prices(), USUAL_PRICES.map(|price| price + 2));
        assert!(page.has_banner());
    }
}

/// Pauses a set by the program `tracks`, which knows the sets that were recorded.
async fn pause_from_the_store(shop: &Shop, set: &str) {
    let deadline = Instant::now() + Duration::from_secs(20);
    loop {
        let pause = [&["pause", set], &SIGNED[..]].concat();
        let ran = cli::Ran::of(&mut cli::tracks_of(shop.records.path(), &pause));
        if ran.exit == 0 {
            return;
        }
        assert!(ran.err.contains("the store has no set"), "{ran:?}");
        assert!(Instant::now() < deadline, "{ran:?}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn a_ramp_raises_the_share_on_both_shops() {
    let shops = two_shops();
    // They do not wait for the catalogue, and are outside the share in code.
    let is_wanted =
        |[group, banner]: &[String; 2]| group.starts_with("pricing/") && !banner.contains('/');
    let keys: Vec<String> = keys_of(is_wanted).take(40).collect();
    assert_eq!(enrolled(&shops[0], &keys).await, [""; 0]);

    let now = Timestamp::now();
    let step = |at: Timestamp, share| format!("{}={share}", Utc(at).to_rfc3339());
    let begun = step(now.minus(Duration::from_secs(60)), "50%");
    let later = step(now.plus(Duration::from_secs(15)), "100%");
    change(&shops[0], &["ramp", "banner", &begun, &later]);
    enrolled_until(&shops[0], &keys, RAISES, |count| count > 0).await;
    // Again, since the share may have been raised while the first visitors were asked.
    let half = enrolled(&shops[0], &keys).await;
    // Of the visitors outside of 10%, four in nine are within 50%.
    assert!((8..30).contains(&half.len()), "{}", half.len());
    let count = half.len();
    let same = enrolled_until(&shops[1], &keys, REACHES, |beside| beside == count).await;
    assert_eq!(half, same);

    for shop in &shops {
        let all = Duration::from_secs(15) + REACHES;
        enrolled_until(shop, &keys, all, |count| count == keys.len()).await;
    }
}

/// Returns the visitors who are in a track of the banner, when their number is as wanted.
async fn enrolled_until(
    shop: &Shop,
    keys: &[String],
    within: Duration,
    is_wanted: impl Fn(usize) -> bool,
) -> Vec<String> {
    let deadline = Instant::now() + within;
    loop {
        let enrolled = enrolled(shop, keys).await;
        if is_wanted(enrolled.len()) {
            return enrolled;
        }
        assert!(Instant::now() < deadline, "{} enrolled", enrolled.len());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

async fn enrolled(shop: &Shop, keys: &[String]) -> Vec<String> {
    let mut enrolled = Vec::new();
    for key in keys {
        let page = shop.browser_of(key).get("/coconuts").await;
        if page.exposure().unwrap().contains("banner=") {
            enrolled.push(key.clone());
        }
    }
    enrolled
}

#[tokio::test]
async fn a_shipped_track_is_for_everybody_and_survives_a_kill() {
    let [mut first, second] = two_shops();
    for set in ["delay", "pricing"] {
        change(&first, &["pause", set]);
    }
    change(&first, &["ship", "banner", "free_delivery"]);
    for shop in [&first, &second] {
        // A visitor may have been in the track before it was shipped: that page has an exposure.
        let is_shipped = |page: &Page| page.has_banner() && page.exposure().is_none();
        let page = visit_until(&mut shop.browser(), RAISES, is_shipped).await;
        assert_is_shipped(&page);
        // Visitors of the other track get it, too.
        let mut other = shop.browser_in(&["banner/nothing"]);
        assert_is_shipped(&other.get("/coconuts").await);
        other.post("/login").await;
        assert!(!other.get("/coconuts").await.has_banner(), "of a VIP");
    }

    first.signal("-KILL");
    first.wait();
    let first = second.open_beside();
    for _ in 0..5 {
        assert_is_shipped(&first.browser().get("/coconuts").await);
    }
}

/// Checks that the page has the winner, and no trace of a test.
#[track_caller]
fn assert_is_shipped(page: &Page) {
    assert!(page.body.contains("Free delivery"));
    assert_eq!(page.exposure(), None);
    assert!(!page.sets_cookie());
}

#[test]
fn a_set_that_shares_its_group_is_not_shipped() {
    let shop = Shop::open();
    let ship = [&["ship", "delay", "long"], &SIGNED[..]].concat();
    let output = owner(&shop, &ship);
    let stderr = String::from_utf8(output.stderr).unwrap();
    let refused = "error: the set shares its group with others; remove them from the group in code, \
                   then ship\n";
    assert_eq!((output.status.code(), &*stderr), (Some(5), refused));
}

#[test]
fn commands_of_the_welcome_can_be_pasted() {
    let shop = Shop::open();
    let answers = [
        ("pause", "change 1 of banner: pause, by owner: "),
        ("resume", "change 2 of banner: resume, by owner: "),
        (
            "ramp",
            "change 3 of banner: ramp to 100% in 2 steps, by owner: ",
        ),
        ("ship", "change 4 of banner: ship free_delivery, by owner: "),
        ("changes", "change 1 of banner: pause, by owner: "),
    ];
    for (command, answer) in answers {
        let line = shop.logs(&format!(" tracks {command}"));
        let output = Command::new("sh").args(["-c", &line]).output().unwrap();
        let stdout = String::from_utf8(output.stdout).unwrap();
        assert!(stdout.contains(answer), "{line}: {stdout}");
    }
    assert!(shop.logs("PORT=3001").contains("/coconuts"));
}

#[tokio::test]
async fn two_shops_record_into_one_database() {
    let mut shops = two_shops();
    for shop in &shops {
        assert_eq!(shop.browser().get("/ready").await.body, "ready\n");
    }
    for order in 0..20 {
        for (number, shop) in shops.iter().enumerate() {
            let mut browser = shop.browser_in(&["pricing/price_adjusted_by_1"]);
            let form = format!("id={number}-{order}&article=0");
            assert_eq!(browser.submit("/buy", &form).await.prices(), [5]);
        }
    }
    for shop in &mut shops {
        shop.terminate();
        assert_eq!(shop.wait().code(), Some(0));
        let closed = shop.logs("The coconut shop is closed.");
        assert!(closed.contains(" 0 dropped"), "{closed}");
    }
    let contents = shops[0].records.contents();
    assert_eq!((contents.conversions.len(), contents.lost), (40, 0));
    // One visitor, also for the two of them.
    let units = contents.conversions.iter().map(|row| row.unit);
    assert!(units.clone().all(|unit| Some(unit) == units.clone().next()));
}
