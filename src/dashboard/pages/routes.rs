//! All routes, and the level of access that each requires.

use axum::{
    Router,
    middleware::from_fn,
    routing::{MethodRouter, get, post},
};

use crate::dashboard::{
    gate,
    visit::Level::{self, Act, Numbers, Read},
};

#[cfg(feature = "overrides")]
use super::link;
#[cfg(feature = "control")]
use super::{change, changes};
use super::{ended, file, glossary, home, pauses, planner, recorder, set, unit};

/// The style sheet of all pages.
const STYLE: &str = include_str!("style.css");
/// The icon of all pages.
const ICON: &str = include_str!("icon.svg");

/// Returns all pages. Each is at the top, so that links are relative to wherever that is.
///
/// A route is in the list with one level, and cannot be reached below it.
pub(in crate::dashboard) fn routes() -> Router {
    let router = Router::new();
    let router = all().into_iter().fold(router, |router, route| {
        let (level, path, methods) = route;
        let require = from_fn(move |request, next| gate::require(level, request, next));
        router.route(path, methods.layer(require))
    });
    router.fallback(home::other)
}

/// Returns all routes with the level that each requires.
fn all() -> Vec<(Level, &'static str, MethodRouter)> {
    vec![
        (Numbers, "/", get(home::root)),
        (Numbers, "/sets", get(home::page)),
        (Numbers, "/sets.json", get(home::json)),
        (Numbers, "/sets.csv", get(home::csv)),
        (Numbers, "/ended", get(ended::page)),
        (Numbers, "/ended.json", get(ended::json)),
        (Numbers, "/ended.csv", get(ended::csv)),
        (Numbers, "/set", get(set::page)),
        (Numbers, "/set.json", get(set::json)),
        (Numbers, "/set.csv", get(set::csv)),
        (Numbers, "/days.csv", get(set::days)),
        (Numbers, "/planner", get(planner::page)),
        (Numbers, "/planner.json", get(planner::json)),
        (Numbers, "/planner.csv", get(planner::csv)),
        (Numbers, "/recorder", get(recorder::page)),
        (Numbers, "/recorder.json", get(recorder::json)),
        (Numbers, "/recorder.csv", get(recorder::csv)),
        (Numbers, "/requests.csv", get(recorder::requests)),
        (Numbers, "/pauses", get(pauses::page)),
        (Numbers, "/pauses.json", get(pauses::json)),
        (Numbers, "/pauses.csv", get(pauses::csv)),
        (Numbers, "/decision.md", get(ended::record_markdown)),
        (Numbers, "/decision.json", get(ended::record_json)),
        (Numbers, "/glossary", get(glossary::page)),
        (Numbers, "/style.css", get(|| file("text/css", STYLE))),
        (Numbers, "/icon.svg", get(|| file("image/svg+xml", ICON))),
        (Read, "/unit", get(unit::page).post(unit::ask)),
        (Read, "/unit.json", get(unit::json)),
        (Read, "/unit.csv", get(unit::csv)),
        (Act, "/pause", post(pauses::pause)),
        (Act, "/resume", post(pauses::resume)),
        #[cfg(feature = "control")]
        (Numbers, "/changes", get(changes::page)),
        #[cfg(feature = "control")]
        (Numbers, "/changes.json", get(changes::json)),
        #[cfg(feature = "control")]
        (Numbers, "/changes.csv", get(changes::csv)),
        #[cfg(feature = "control")]
        (Act, "/change", get(change::page).post(change::make)),
        #[cfg(feature = "overrides")]
        (Act, "/link", post(link::make)),
    ]
}

#[cfg(test)]
#[cfg(all(feature = "control", feature = "overrides"))]
mod tests;
