//! Behind a real shared cache, configured as the guides `src/docs/caches.md` and `src/docs/logs.md`
//! say: no visitor gets the page of another, and the access logs have the exposures.
//!
//! `.ci/nginx` runs it, installing nginx where there is none.

mod app;
mod dashboard;
mod edge;
mod fields;
mod forced;
mod import;
mod logs;
mod server;
pub(crate) mod traffic;
mod trusted;
mod visitors;

use std::{
    env,
    io::{self, Write},
    path::PathBuf,
};

/// The path of an nginx.
const VARIABLE: &str = "TRACKS_TEST_NGINX";

const CACHES: &str = include_str!("../../src/docs/caches.md");
const LOGS: &str = include_str!("../../src/docs/logs.md");

/// Returns the nginx to run; `None`, with a printed line, if none is configured.
fn nginx() -> Option<PathBuf> {
    let program = env::var_os(VARIABLE).map(PathBuf::from);
    if program.is_none() {
        report(&format!(
            "SKIPPED: {VARIABLE} names no nginx, so no shared cache was tried; `.ci/nginx` does"
        ));
    }
    program
}

/// Writes past the capture of the test harness, which would hide it where the test passes.
pub(crate) fn report(what: &str) {
    let message = format!("\n{what}\n");
    let written = writeln!(io::stderr(), "{message}");
    written.unwrap_or_else(|error| panic!("{message} ({error})"));
}

/// Returns the blocks of nginx's configuration in a guide.
fn blocks(guide: &'static str) -> Vec<&'static str> {
    let blocks = guide.split("\n```nginx\n").skip(1);
    let ended = blocks.map(|block| block.split_once("\n```\n").unwrap());
    ended.map(|(block, _)| block).collect()
}

/// Returns what a guide has nginx log.
fn log_format() -> &'static str {
    blocks(LOGS)[0]
}

/// Returns the server of that guide that logs units and hides them from visitors.
fn units_server() -> &'static str {
    blocks(LOGS)[1]
}

/// Returns the two caches of the guide: that of a shop, and the edge that sets the bucket.
fn caches() -> [&'static str; 2] {
    blocks(CACHES).try_into().unwrap()
}

#[test]
fn the_guides_have_what_is_run() {
    assert!(log_format().contains("$sent_http_tracks_exposure"));
    let [shop, edge] = caches();
    assert!(shop.contains("proxy_cache_valid 200 10m;") && edge.contains("$bucket"));
}
