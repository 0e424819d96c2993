//! Real user agents: those of bots, and those of people and of programs that people use.

use axum::{Router, routing::get as on_get};
use tower_tracks::{Assignment, Exclusion, TracksLayer};

use crate::support::{always, body_text, send};

const BOTS: &str = include_str!("agents/bots.txt");
const PEOPLE: &str = include_str!("agents/people.txt");

fn agents(table: &str) -> impl Iterator<Item = &str> {
    table.lines().filter(|line| !line.starts_with('#'))
}

fn app(layer: TracksLayer) -> Router {
    let handler = async |assignment: Assignment| assignment.to_string();
    Router::new().route("/", on_get(handler)).layer(layer)
}

#[track_caller]
fn check_each(table: &str, found: &[(&str, String)], expected: &str) {
    let wrong = found.iter().filter(|(_, text)| text != expected);
    let wrong: Vec<_> = wrong.collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(found.len() >= 60 && found.len() == agents(table).count());
}

async fn ask(table: &str) -> Vec<(&str, String)> {
    let app = app(TracksLayer::new(always("delay")));
    let mut found = Vec::new();
    for agent in agents(table) {
        let response = send(app.clone(), "GET", "/", &[("user-agent", agent)]).await;
        found.push((agent, body_text(response).await));
    }
    found
}

#[tokio::test]
async fn bots_are_in_no_test() {
    check_each(BOTS, &ask(BOTS).await, "(bot)");
}

#[tokio::test]
async fn people_and_programs_are_in_tests() {
    check_each(PEOPLE, &ask(PEOPLE).await, "delay/on");
}

#[tokio::test]
async fn names_that_are_no_bots_can_be_set() {
    let exclusion = || Exclusion::default().not_bots(["Abbott", "; n bot"]);
    for (agent, expected) in [
        ("Abbott/1.0", "delay/on"),
        ("App (Android; N BOT 3)", "delay/on"),
        ("Rabbott/1.0", "(bot)"),
        ("Abbott/1.0 Googlebot", "(bot)"),
        ("Mozilla/5.0 (Linux; Android 9; CUBOT_X19)", "(bot)"),
    ] {
        let app = app(TracksLayer::new(always("delay")).exclude(exclusion()));
        let response = send(app, "GET", "/", &[("user-agent", agent)]).await;
        assert_eq!(body_text(response).await, expected, "{agent}");
    }
}
