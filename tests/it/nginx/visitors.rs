//! Visitors behind the cache: with it as the guide says, and with what keeps them apart left out.

use std::collections::HashSet;

use http::{
    HeaderName,
    header::{CACHE_CONTROL, VARY},
};
use tower_tracks::{MultiTrackSet, TracksLayer, VisitorCookie};

use crate::support::cookies;

use super::{
    app::{app, serve, sets, without},
    caches, logs, report,
    server::Nginx,
    traffic::{Page, send},
};

const REQUESTS: u64 = 10_000;
const KNOWN: u64 = 150;
const PATHS: [&str; 4] = ["/read", "/read/public", "/still", "/still/public"];

/// Who asks.
#[derive(Debug, Clone, Copy)]
enum Who {
    /// With the cookie of this visitor, and maybe another.
    Known { number: u64, with_other: bool },
    /// With no cookie of ours.
    New { with_other: bool },
    /// With or without a visitor's cookie.
    Bot { number: Option<u64> },
}

#[derive(Debug)]
struct Visit {
    who: Who,
    path: &'static str,
}

/// What came of all visits.
#[derive(Debug, Default)]
pub(super) struct Tally {
    /// Responses from the cache of pages that read nothing, for those with the cookie.
    still_hits: usize,
    /// Responses from the cache of public pages that read.
    read_hits: usize,
    /// Cookies issued, each another.
    issued: HashSet<String>,
    /// Responses that were another's.
    mixed: Vec<String>,
    /// The header of all responses.
    pub(super) exposures: Vec<String>,
}

/// Returns the same visits each time.
fn visits() -> Vec<Visit> {
    (0..REQUESTS).map(visit).collect()
}

fn visit(index: u64) -> Visit {
    // SplitMix64, so that nothing goes round in step.
    let mut mixed = index.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^= mixed >> 31;
    let (number, with_other) = ((mixed >> 8) % KNOWN, mixed & 1 == 1);
    let who = match (mixed >> 32) % 10 {
        0..6 => Who::Known { number, with_other },
        6..9 => Who::New { with_other },
        _ => Who::Bot {
            number: with_other.then_some(number),
        },
    };
    let path = PATHS[(mixed >> 48) as usize % PATHS.len()];
    Visit { who, path }
}

/// Returns a key of the shape of a visitor's.
fn key(number: u64) -> String {
    format!("visitor{number:014}A")
}

impl Visit {
    fn key(&self) -> Option<String> {
        match self.who {
            Who::Known { number, .. } => Some(key(number)),
            Who::Bot { number } => number.map(key),
            Who::New { .. } => None,
        }
    }

    fn asked(&self) -> (&'static str, Vec<(&'static str, String)>) {
        let ours = self.key().map(|key| format!("tracks={key}"));
        let (with_other, is_bot) = match self.who {
            Who::Known { with_other, .. } | Who::New { with_other } => (with_other, false),
            Who::Bot { .. } => (false, true),
        };
        let other = with_other.then(|| "theme=dark".to_owned());
        let cookies: Vec<_> = other.into_iter().chain(ours).collect();
        let mut headers = Vec::new();
        if !cookies.is_empty() {
            headers.push(("cookie", cookies.join("; ")));
        }
        if is_bot {
            headers.push(("user-agent", "Searchbot/1.0".to_owned()));
        }
        (self.path, headers)
    }

    /// Returns what is wrong with a page, if anything is.
    fn wrong(&self, page: &Page, sets: &MultiTrackSet, issued: Option<&str>) -> bool {
        if page.is_hit() && !cookies(&page.headers).is_empty() {
            return true;
        }
        if self.path.starts_with("/still") {
            let is_bare = issued.is_none() && page.header("tracks-exposure").is_none();
            return page.body != "still" || !is_bare;
        }
        let is_of = |asked: &str, key: &str| {
            let choice = sets.assign(key, &());
            page.body == format!("{asked} {}", choice.track().unwrap())
                && page.header("tracks-exposure") == Some(&written(choice.track().unwrap()))
        };
        match (self.who, self.key(), issued) {
            (Who::Known { .. }, Some(key), None) => !is_of(&key, &key),
            (Who::New { .. }, None, Some(key)) => !is_of("nobody", key),
            // A bot with a visitor's cookie may meet that visitor's page in the cache.
            (Who::Bot { .. }, key, None) => {
                let asked = key.as_deref().unwrap_or("nobody");
                let is_untold = page.header("tracks-exposure").is_none();
                let is_in_none = is_untold && page.body == format!("{asked} none");
                !is_in_none && !key.is_some_and(|key| page.is_hit() && is_of(&key, &key))
            }
            _ => true,
        }
    }
}

/// Returns the header with the track.
fn written(track: &str) -> String {
    match track.starts_with(|first: char| first.is_ascii_digit()) {
        true => format!("delay=\"{track}\""),
        false => format!("delay={track}"),
    }
}

impl Tally {
    fn add(&mut self, sets: &MultiTrackSet, visit: &Visit, page: &Page) {
        let cookies = cookies(&page.headers);
        let mut issued = cookies.iter().filter_map(|one| {
            let (key, _) = one.strip_prefix("tracks=")?.split_once(';')?;
            Some(key)
        });
        let issued = issued.next_back();
        let is_again = issued.is_some_and(|key| !self.issued.insert(key.to_owned()));
        if is_again || cookies.len() > 1 || visit.wrong(page, sets, issued) {
            self.mixed.push(format!("{visit:?}: {}", page.body));
        }
        let is_still = visit.path.starts_with("/still");
        self.still_hits += usize::from(page.is_hit() && is_still && visit.key().is_some());
        self.read_hits += usize::from(page.is_hit() && !is_still);
        let exposures = page.header("tracks-exposure").map(str::to_owned);
        self.exposures.extend(exposures);
    }
}

/// Sends all visits through a cache in front of the application.
async fn run(left_out: &'static [HeaderName]) -> Option<(Nginx, Tally)> {
    let layer = TracksLayer::new(sets()).key(VisitorCookie::plain());
    let [shop, _] = caches();
    let nginx = Nginx::start(shop, serve(without(app(layer), left_out)).await)?;
    let (sets, mut tally) = (sets(), Tally::default());
    for (visit, page) in send(nginx.address, visits(), Visit::asked).await {
        tally.add(&sets, &visit, &page);
    }
    let Tally { mixed, issued, .. } = &tally;
    report(&format!(
        "nginx, without {left_out:?}: {REQUESTS} requests, {} cookies issued; from the cache \
         {} pages that read nothing for known visitors, and {} that read; {} of another visitor",
        issued.len(),
        tally.still_hits,
        tally.read_hits,
        mixed.len(),
    ));
    Some((nginx, tally))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn visitors_never_get_the_page_of_another() {
    let Some((nginx, tally)) = run(&[]).await else {
        return;
    };
    assert!(tally.mixed.is_empty(), "{:?}", tally.mixed);
    // What reads nothing is shared, though the cookie is there; what a handler calls public, too,
    // among requests with the same cookies.
    assert!(tally.still_hits > 1000 && tally.read_hits > 100);
    assert!(tally.issued.len() > 1000);
    logs::check(&nginx, REQUESTS as usize, &tally);
}

/// The experiment fails where it should.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_the_headers_visitors_mix() {
    if let Some((_, tally)) = run(&[VARY, CACHE_CONTROL]).await {
        assert!(!tally.mixed.is_empty());
    }
}

/// `Vary` alone keeps apart who shares what a handler calls public.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_vary_visitors_share_one_public_page() {
    if let Some((_, tally)) = run(&[VARY]).await {
        assert!(!tally.mixed.is_empty());
        let is_public = |one: &String| one.contains("/read/public");
        assert!(tally.mixed.iter().all(is_public), "{:?}", tally.mixed);
    }
}
