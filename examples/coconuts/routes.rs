//! The pages, and how they act on the tests.

use std::time::Duration;

use axum::{
    Form, Router,
    http::StatusCode,
    response::{Html, IntoResponse, Redirect},
    routing::{get, post},
};
use axum_extra::extract::CookieJar;
use serde::Deserialize;
use tokio::time::sleep;
use tower_tracks::{Assigned, Assignment, Goals};

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
        .route("/buy", post(buy))
        .route("/login", get(login).post(log_in))
        .route("/logout", get(log_out).post(log_out))
        .fallback(not_found)
}

/// Reads no track, so there is no exposure and no cookie.
async fn home(visitor: Visitor) -> Html<String> {
    pages::home(visitor)
}

/// Reads the chosen track and acts on it. Visitors in no test get the unchanged shop.
async fn coconuts(
    visitor: Visitor,
    assignment: Assignment,
    Assigned(banner): Assigned<Banner>,
) -> Html<String> {
    // One way to act on a track: take the value that it carries.
    if let Some(Delay(milliseconds)) = assignment.value() {
        sleep(Duration::from_millis(*milliseconds)).await;
    }
    // Another way: run the track. This changes the prices for visitors in that test.
    let mut catalog = Catalog::load();
    assignment.run(&mut catalog);
    pages::coconuts(visitor, &catalog, banner)
}

/// What the form of an article sends.
#[derive(Deserialize)]
struct Order {
    /// Made with the page, so that a form that is sent twice is one order.
    id: String,
    article: usize,
}

/// Sells at the price that the visitor saw, and says that the goal was reached.
async fn buy(
    visitor: Visitor,
    assignment: Assignment,
    goals: Goals,
    Form(order): Form<Order>,
) -> Result<Html<String>, StatusCode> {
    let mut catalog = Catalog::load();
    assignment.run(&mut catalog);
    let article = catalog.articles().get(order.article);
    let article = article.ok_or(StatusCode::NOT_FOUND)?;
    let purchase = goals.reached("purchase").value(article.euros as f64);
    // Its name and value are ours, and right.
    let told = purchase.once(order.id);
    told.map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
    Ok(pages::sold(visitor, article))
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
