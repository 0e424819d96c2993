//! The pages, and how they act on the tests.

use std::time::Duration;

use axum::{
    Router,
    http::StatusCode,
    response::{Html, IntoResponse, Redirect},
    routing::get,
};
use axum_extra::extract::CookieJar;
use tokio::time::sleep;
use tower_tracks::{Assigned, Assignment};

use super::{
    catalog::Catalog,
    pages,
    sets::{Banner, Delay},
    visitor::{self, Visitor},
};

pub(super) fn routes() -> Router {
    Router::new()
        .route("/", get(home))
        .route("/coconuts", get(coconuts))
        .route("/login", get(login).post(log_in))
        .route("/logout", get(log_out).post(log_out))
        .fallback(not_found)
}

/// Reads no track, so that nobody is counted here, and no cookie is set.
async fn home(visitor: Visitor) -> Html<String> {
    pages::home(visitor)
}

/// Reads what was chosen, and acts on it; those who are in no test get the shop as it is.
async fn coconuts(
    visitor: Visitor,
    assignment: Assignment,
    Assigned(banner): Assigned<Banner>,
) -> Html<String> {
    // One way to act on a track: take the value that it carries.
    if let Some(Delay(milliseconds)) = assignment.value() {
        sleep(Duration::from_millis(*milliseconds)).await;
    }
    // Another: let it run. This changes the prices for those who are in that test.
    let mut catalog = Catalog::load();
    assignment.run(&mut catalog);
    pages::coconuts(visitor, &catalog, banner)
}

async fn login(visitor: Visitor) -> Html<String> {
    pages::login(visitor)
}

async fn log_in(cookies: CookieJar) -> impl IntoResponse {
    (visitor::log_in(cookies), Redirect::to("/coconuts"))
}

async fn log_out(cookies: CookieJar) -> impl IntoResponse {
    (visitor::log_out(cookies), Redirect::to("/"))
}

async fn not_found(visitor: Visitor) -> impl IntoResponse {
    (StatusCode::NOT_FOUND, pages::not_found(visitor))
}
