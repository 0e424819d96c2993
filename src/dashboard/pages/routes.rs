//! All routes, and the level of access that each requires.

use std::sync::Arc;

use axum::{
    Router,
    middleware::from_fn,
    routing::{MethodRouter, get, post},
};

use crate::dashboard::{board::Board, gate, level::Level};

#[cfg(feature = "overrides")]
use super::link;
use super::{file, home, pauses, planner, recorder, set, unit};

/// The style sheet of all pages.
const STYLE: &str = include_str!("style.css");
/// The icon of all pages.
const ICON: &str = include_str!("icon.svg");

/// A path with its methods.
type Route = (&'static str, MethodRouter<Arc<Board>>);

/// Returns all pages. Each is at the top, so that links are relative to wherever that is.
///
/// A route is in the list of one level, and cannot be reached below it.
pub(in crate::dashboard) fn routes() -> Router<Arc<Board>> {
    let router = Router::new();
    let router = all().fold(router, |router, (level, (path, methods))| {
        let require = from_fn(move |request, next| gate::require(level, request, next));
        router.route(path, methods.layer(require))
    });
    router.fallback(home::other)
}

/// Returns all routes with the level that each requires.
fn all() -> impl Iterator<Item = (Level, Route)> {
    let of = |level, routes: Vec<Route>| routes.into_iter().map(move |route| (level, route));
    let numbers = of(Level::Numbers, results()).chain(of(Level::Numbers, states()));
    let units = of(Level::Read, units());
    numbers.chain(units).chain(of(Level::Act, acts()))
}

/// The pages with results, which have no unit.
fn results() -> Vec<Route> {
    vec![
        ("/", get(home::root)),
        ("/sets", get(home::page)),
        ("/sets.json", get(home::json)),
        ("/sets.csv", get(home::csv)),
        ("/set", get(set::page)),
        ("/set.json", get(set::json)),
        ("/set.csv", get(set::csv)),
        ("/days.csv", get(set::days)),
        ("/planner", get(planner::page)),
        ("/planner.json", get(planner::json)),
        ("/planner.csv", get(planner::csv)),
    ]
}

/// The pages with the state of the server, and static files.
fn states() -> Vec<Route> {
    vec![
        ("/recorder", get(recorder::page)),
        ("/recorder.json", get(recorder::json)),
        ("/recorder.csv", get(recorder::csv)),
        ("/pauses", get(pauses::page)),
        ("/pauses.json", get(pauses::json)),
        ("/pauses.csv", get(pauses::csv)),
        ("/style.css", get(|| file("text/css", STYLE))),
        ("/icon.svg", get(|| file("image/svg+xml", ICON))),
    ]
}

/// The pages with the facts of a single unit.
fn units() -> Vec<Route> {
    vec![
        ("/unit", get(unit::page).post(unit::ask)),
        ("/unit.json", get(unit::json)),
        ("/unit.csv", get(unit::csv)),
    ]
}

/// The forms that change something.
fn acts() -> Vec<Route> {
    vec![
        ("/pause", post(pauses::pause)),
        ("/resume", post(pauses::resume)),
        #[cfg(feature = "overrides")]
        ("/link", post(link::make)),
    ]
}

#[cfg(test)]
#[cfg(feature = "overrides")]
mod tests;
