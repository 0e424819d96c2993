//! Behind real servers, configured as the guide `src/docs/logs.md` says: their logs become the
//! exposures that the application recorded, and no client gets the units.
//!
//! `.ci/access-logs` runs it, installing the servers where there are none. Envoy and Traefik, which
//! Debian does not have, are in the tests of imports, by lines after their documentation.

mod compare;
mod config;
mod server;
mod shop;

use tower_tracks::files::AccessLog;

use self::{compare::check, server::Program};

const LOGS: &str = include_str!("../../src/docs/logs.md");

/// Returns a block of configuration in the guide.
fn block(language: &str, place: usize) -> &'static str {
    let mut blocks = LOGS.split("\n```").filter_map(|block| {
        let block = block.strip_prefix(language)?;
        block.strip_prefix('\n')
    });
    blocks.nth(place).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nginx_logs_the_recorded_exposures() {
    let logs = [
        ("units.log", AccessLog::combined()),
        ("units.json", AccessLog::json()),
    ];
    check(&Program::NGINX, block("nginx", 1), &logs).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn haproxy_logs_the_recorded_exposures_in_quotes() {
    let config = format!("{}\n{}", block("haproxy", 0), block("haproxy", 1));
    let logs = [("stdout", AccessLog::combined())];
    check(&Program::HAPROXY, &config, &logs).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn haproxy_logs_the_recorded_exposures_as_captures() {
    // What a client chooses may be captured, too.
    let asked = "    capture request header User-Agent len 200";
    let config = format!("{}\n{}\n{asked}", block("haproxy", 0), block("haproxy", 2));
    let logs = [("stdout", AccessLog::haproxy().utc_offset(server::MINUTES))];
    check(&Program::HAPROXY, &config, &logs).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn apache_logs_the_recorded_exposures() {
    let logs = [("tracks.log", AccessLog::combined())];
    check(&Program::APACHE, block("apache", 0), &logs).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn caddy_logs_the_recorded_exposures() {
    let format = AccessLog::json().header("resp_headers.Tracks-Exposure");
    let logs = [("tracks.json", format.time("ts"))];
    check(&Program::CADDY, block("caddyfile", 0), &logs).await;
}
