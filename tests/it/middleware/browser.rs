//! A real Chromium loads a page that fetches three fragments at once.
//!
//! `.ci/browser` runs it, installing Chromium where there is none.

use std::{collections::HashSet, env, fs, path::PathBuf, process::Command, sync::Arc};

use axum::{Router, response::Html, routing::get as on_get};
use tokio::{net::TcpListener, sync::Barrier, task::spawn_blocking};
use tower_tracks::{Assignment, TracksLayer, VisitorCookie};

use crate::support::{Observed, always};

use crate::log::Log;

/// The path of a Chromium.
const VARIABLE: &str = "TRACKS_TEST_CHROMIUM";

const PAGE: &str = "<p>loading</p><script>
    const parts = [1, 2, 3].map(part => fetch(`/part/${part}`));
    Promise.all(parts).then(() => document.querySelector('p').textContent = 'all is there');
</script>";

const FLAGS: [&str; 9] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--virtual-time-budget=10000",
    "--dump-dom",
];

/// Answers fragments when all three are there, so that none has the cookie of another.
fn app(layer: TracksLayer) -> Router {
    let barrier = Arc::new(Barrier::new(3));
    let fragment = async move |assignment: Assignment| {
        barrier.wait().await;
        assignment.to_string()
    };
    Router::new()
        .route("/", on_get(async || Html(PAGE)))
        .route("/part/{n}", on_get(fragment))
        .layer(layer)
}

/// Returns what has become of a page.
fn browse(chromium: PathBuf, url: String) -> String {
    let port: String = url.chars().filter(char::is_ascii_digit).collect();
    let name = format!("tower-tracks-chromium-{}-{port}", std::process::id());
    let profile = env::temp_dir().join(name);
    let mut browser = Command::new(chromium);
    browser
        .args(FLAGS)
        .arg(format!("--user-data-dir={}", profile.display()))
        .arg(url);
    let output = browser.output().unwrap();
    // Helpers of the browser may still be writing, which is no failure.
    let _ = fs::remove_dir_all(profile);
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Loads the page, and returns how many visitors were exposed.
async fn visitors(chromium: PathBuf, cookie: VisitorCookie) -> usize {
    let observed = Observed::default();
    let layer = TracksLayer::new(always("delay")).key(cookie);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let server = axum::serve(listener, app(layer.observe(observed.clone())));
    let server = tokio::spawn(async move { server.await });
    let page = spawn_blocking(|| browse(chromium, url)).await.unwrap();
    server.abort();
    assert!(page.contains("all is there"), "{page}");
    let exposures = observed.take();
    assert_eq!(exposures.len(), 3);
    let keys: HashSet<_> = exposures
        .iter()
        .map(|one| one.key().unwrap().as_bytes().to_vec())
        .collect();
    keys.len()
}

#[tokio::test]
async fn a_browsers_first_page_is_one_visitor_where_documents_issue_the_cookie() {
    let Some(chromium) = env::var_os(VARIABLE).map(PathBuf::from) else {
        eprintln!("SKIPPED: {VARIABLE} names no Chromium; `.ci/browser` does");
        return;
    };
    let log = Log::start();
    let cookie = VisitorCookie::plain();
    assert_eq!(
        visitors(chromium.clone(), cookie.clone().documents(true)).await,
        1
    );
    assert_eq!(log.count("VisitorCookie::documents(true)"), 0);
    assert_eq!(visitors(chromium, cookie).await, 3);
    assert_eq!(log.count("VisitorCookie::documents(true)"), 1);
}
