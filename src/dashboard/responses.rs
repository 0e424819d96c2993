//! Responses: pages, JSON, CSV and refusals.

use askama::Template;
use axum::response::{Html, IntoResponse, Response};
use http::{StatusCode, header};
use serde::Serialize;

use crate::text::control;

use super::csv::{Cell, csv};

/// Renders a page.
pub(super) fn html(page: &impl Template) -> Response {
    match page.render() {
        Ok(html) => Html(html).into_response(),
        Err(error) => broken(&error),
    }
}

/// Returns a response of JSON. Control characters are escaped, since names and keys may have any.
pub(super) fn document(document: &impl Serialize) -> Response {
    match serde_json::to_string(document) {
        Ok(json) => {
            let json = control::json(&json).into_owned();
            ([(header::CONTENT_TYPE, "application/json")], json).into_response()
        }
        Err(error) => broken(&error),
    }
}

/// Returns a response of CSV.
pub(super) fn table(columns: &[&str], rows: impl IntoIterator<Item = Vec<Cell>>) -> Response {
    text(csv(columns, rows))
}

/// Returns a response of finished CSV.
pub(super) fn text(csv: String) -> Response {
    ([(header::CONTENT_TYPE, "text/csv; charset=utf-8")], csv).into_response()
}

/// Returns the style sheet or the icon.
pub(super) async fn file(kind: &'static str, content: &'static str) -> Response {
    ([(header::CONTENT_TYPE, kind)], content).into_response()
}

/// Redirects to a page after a post (303), so that reloading the page posts nothing.
pub(super) fn see(page: &str) -> Response {
    (StatusCode::SEE_OTHER, [(header::LOCATION, page)]).into_response()
}

/// The response if a page cannot be rendered, which is a defect.
fn broken(error: &impl ToString) -> Response {
    (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response()
}

/// A page for requests without access.
#[derive(Template)]
#[template(path = "plain.html")]
struct Plain<'a> {
    title: &'static str,
    why: &'a str,
}

/// Returns a page with the reason why a request was refused, in one sentence.
pub(super) fn plain(why: &str) -> Html<String> {
    titled("Refused", why)
}

/// Returns a page of a title and one sentence, without links.
pub(super) fn titled(title: &'static str, why: &str) -> Html<String> {
    Html(Plain { title, why }.render().unwrap_or_default())
}

/// The response 403, with the reason.
pub(super) fn forbidden(why: &str) -> Response {
    (StatusCode::FORBIDDEN, plain(why)).into_response()
}
