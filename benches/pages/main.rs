//! How long a dashboard's pages take beside two hundred sets, of which the busiest ten have a
//! million units each, while and after their results are computed.
//!
//! `cargo bench --bench pages` makes them, which takes some minutes, in the file that `PAGES` names
//! or one that goes with it; a file that is there already is taken as it is. With `-- --test` there
//! are a hundredth of the units.

#![allow(missing_docs, clippy::unwrap_used)]

#[path = "../record/directory.rs"]
mod directory;
#[path = "../record/facts.rs"]
mod facts;
mod filling;

use std::{
    env,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};

use axum::{Router, body::Body};
use http::Request;
use http_body_util::BodyExt;
use tokio::runtime::Runtime;
use tower::ServiceExt;
use tower_tracks::{
    dashboard::{Access, Dashboard},
    report::Reporter,
    store::{Sqlite, Timestamp},
};

use self::directory::Directory;

fn main() {
    let is_test = env::args().any(|argument| argument == "--test");
    let directory = Directory::new();
    let kept = env::var_os("PAGES").map(PathBuf::from);
    let path = kept.unwrap_or_else(|| directory.file("pages.db"));
    if !path.exists() {
        filling::fill(&path, if is_test { 10_000 } else { 1_000_000 });
    }
    let took = compute(&path);
    println!("computed in {:.1} s", took.as_secs_f64());
    let runtime = Runtime::new().unwrap();
    runtime.block_on(look(&path, took.max(Duration::from_millis(100))));
}

/// Computes all results, as they would be before a restart.
fn compute(path: &Path) -> Duration {
    let store = Sqlite::open(path).unwrap();
    let begun = Instant::now();
    Reporter::new(&store, Timestamp::now()).refresh().unwrap();
    begun.elapsed()
}

/// Looks at every page over and over from the start of a dashboard on, which computes the results
/// again for about as long as they took.
async fn look(path: &Path, computing: Duration) {
    let store = Arc::new(Sqlite::open(path).unwrap());
    let dashboard = Dashboard::new(store, |_| Access::Read).refresh(Duration::from_millis(1));
    let router = dashboard.into_router();
    let unit = format!("/unit?id={}", facts::unit(7));
    let set = filling::name(0);
    let ours = ["", ".json", ".csv"].map(|form| format!("/set{form}?name={set}"));
    let others = ["/sets", "/sets.json", "/sets.csv", "/recorder", &unit];
    let pages: Vec<&str> = others
        .into_iter()
        .chain(ours.iter().map(String::as_str))
        .collect();
    let begun = Instant::now();
    let mut times = vec![Vec::new(); pages.len()];
    while begun.elapsed() < computing || times[0].len() < 10 {
        for (page, times) in pages.iter().zip(&mut times) {
            times.push(get(&router, page).await);
        }
    }
    for (page, times) in pages.iter().zip(&mut times) {
        times.sort_unstable();
        let (most, bytes) = times[times.len() - 1];
        let (median, _) = times[times.len() / 2];
        println!("{page:60} {bytes:9} bytes  median {median:9.1?}  at most {most:9.1?}");
    }
}

async fn get(router: &Router, page: &str) -> (Duration, usize) {
    let begun = Instant::now();
    let request = Request::get(page).body(Body::empty()).unwrap();
    let response = router.clone().oneshot(request).await.unwrap();
    // At first the store has not been read, which is an answer, too.
    assert!(!response.status().is_client_error(), "{page}");
    let body = response.into_body().collect().await.unwrap().to_bytes();
    (begun.elapsed(), body.len())
}
