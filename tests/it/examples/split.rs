//! Ten thousand new visitors of the shop's sets, without its delays, over TCP.

use std::collections::{BTreeMap, HashSet};

use axum::{
    Router,
    http::{Uri, header},
    routing::get,
};
use futures_util::{StreamExt, stream};
use tokio::net::TcpListener;
use tower_tracks::{Assigned, Assignment, Exclusion, TracksLayer, VisitorCookie};

use super::{
    browser::{HttpClient, exposure, http_client},
    sets::{self, Banner},
};

const VISITORS: usize = 10_000;
const AT_ONCE: usize = 64;

/// How often each track was met, by set.
type Counts = BTreeMap<String, BTreeMap<String, u32>>;

#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_visitors_split_as_configured() {
    let uri = serve().await;
    let client = http_client();
    let mut visits = stream::iter(0..VISITORS)
        .map(|_| visit(&client, &uri))
        .buffer_unordered(AT_ONCE);

    let (mut counts, mut cookies) = (Counts::new(), HashSet::new());
    while let Some((exposure, cookie)) = visits.next().await {
        cookies.insert(cookie);
        for member in exposure.split(", ") {
            let (set, track) = member.split_once('=').unwrap();
            let tracks = counts.entry(set.to_owned()).or_default();
            *tracks.entry(track.to_owned()).or_default() += 1;
        }
    }

    assert_eq!(cookies.len(), VISITORS);
    let total = |set: &str| counts[set].values().sum::<u32>();
    assert_eq!(total("delay") + total("pricing"), VISITORS as u32);
    check_tenth("banner", total("banner"), 38.7);
    check_even("delay or pricing", [total("delay"), total("pricing")], 38.7);
    check_even("delay", tracks::<3>(&counts, "delay"), 42.8);
    check_even("banner", tracks::<3>(&counts, "banner"), 42.8);
}

/// Checks the chi-square of counts that should be equal.
#[track_caller]
fn check_even<const N: usize>(what: &str, counts: [u32; N], reject_above: f64) {
    let expected = f64::from(counts.iter().sum::<u32>()) / N as f64;
    let square = |count: u32| (f64::from(count) - expected).powi(2) / expected;
    let chi_square: f64 = counts.into_iter().map(square).sum();
    assert!(
        chi_square < reject_above,
        "{what}: {counts:?}, {chi_square}"
    );
}

/// Checks the chi-square of a count that should be a tenth of the visitors.
#[track_caller]
fn check_tenth(what: &str, count: u32, reject_above: f64) {
    let variance = 0.1 * 0.9 * VISITORS as f64;
    let chi_square = (f64::from(count) - 0.1 * VISITORS as f64).powi(2) / variance;
    assert!(chi_square < reject_above, "{what}: {count}, {chi_square}");
}

#[track_caller]
fn tracks<const N: usize>(counts: &Counts, set: &str) -> [u32; N] {
    let counts: Vec<u32> = counts[set].values().copied().collect();
    counts.try_into().unwrap()
}

async fn serve() -> Uri {
    let layer = TracksLayer::new(sets::delay_or_pricing().unwrap())
        .and(sets::banner().unwrap())
        .unwrap()
        .key(VisitorCookie::plain())
        .exclude(Exclusion::default().without_agent(false));
    let app = Router::new().route("/", get(read)).layer(layer);
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let uri = format!("http://{}/", listener.local_addr().unwrap());
    tokio::spawn(axum::serve(listener, app).into_future());
    uri.parse().unwrap()
}

/// Reads all that was chosen, as the catalogue does, and does not wait.
async fn read(assignment: Assignment, Assigned(_): Assigned<Banner>) -> String {
    assignment.to_string()
}

async fn visit(client: &HttpClient, uri: &Uri) -> (String, String) {
    let response = client.get(uri.clone()).await.unwrap();
    let exposure = exposure(response.headers()).unwrap().to_owned();
    let cookie = response.headers()[header::SET_COOKIE].to_str().unwrap();
    (exposure, cookie.to_owned())
}
