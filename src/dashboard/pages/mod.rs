//! One file for each page; `frame.rs` is what is around all of them.

mod frame;
mod home;
#[cfg(feature = "overrides")]
mod link;
mod pauses;
mod planner;
mod recorder;
mod responses;
mod set;
mod unit;

use std::sync::Arc;

use axum::{
    Router,
    routing::{get, post},
};

use self::{
    frame::{Frame, Place},
    responses::{document, file, html, not_found, not_read, see, table, text},
};
use super::board::Board;

pub(super) use self::frame::plain;

const STYLE: &str = include_str!("style.css");
const ICON: &str = include_str!("icon.svg");

/// Returns all pages. Each is at the top, so that links are relative to wherever that is.
pub(super) fn routes() -> Router<Arc<Board>> {
    let router = Router::new();
    #[cfg(feature = "overrides")]
    let router = router.route("/link", post(link::make));
    router
        .route("/", get(home::root))
        .route("/sets", get(home::page))
        .route("/sets.json", get(home::json))
        .route("/sets.csv", get(home::csv))
        .route("/set", get(set::page))
        .route("/set.json", get(set::json))
        .route("/set.csv", get(set::csv))
        .route("/days.csv", get(set::days))
        .route("/unit", get(unit::page).post(unit::ask))
        .route("/unit.json", get(unit::json))
        .route("/unit.csv", get(unit::csv))
        .route("/planner", get(planner::page))
        .route("/planner.json", get(planner::json))
        .route("/planner.csv", get(planner::csv))
        .route("/recorder", get(recorder::page))
        .route("/recorder.json", get(recorder::json))
        .route("/recorder.csv", get(recorder::csv))
        .route("/pauses", get(pauses::page))
        .route("/pauses.json", get(pauses::json))
        .route("/pauses.csv", get(pauses::csv))
        .route("/pause", post(pauses::pause))
        .route("/resume", post(pauses::resume))
        .route("/style.css", get(|| file("text/css", STYLE)))
        .route("/icon.svg", get(|| file("image/svg+xml", ICON)))
        .fallback(home::other)
}
