use askama::Template;
use axum::response::{Html, IntoResponse, Response};
use http::{StatusCode, header};
use serde::Serialize;

use crate::{
    dashboard::csv::{Cell, csv},
    text::control,
};

use super::Frame;

/// A page that does not exist, or not yet.
#[derive(Template)]
#[template(path = "dashboard/not_found.html")]
struct NotFound<'a> {
    frame: Frame,
    title: &'static str,
    what: &'a str,
}

pub(super) fn html(page: &impl Template) -> Response {
    match page.render() {
        Ok(html) => Html(html).into_response(),
        Err(error) => broken(&error),
    }
}

pub(super) fn not_found(frame: Frame, what: &str) -> Response {
    let title = "Not found";
    (
        StatusCode::NOT_FOUND,
        html(&NotFound { frame, title, what }),
    )
        .into_response()
}

/// The response for a set while the store could not be read, which must not look like a missing set.
pub(super) fn not_read(frame: Frame) -> Response {
    let page = NotFound {
        frame,
        title: "Not read yet",
        what: "What there is of it is known when the store has been read.",
    };
    let soon = [(header::RETRY_AFTER, "1")];
    (StatusCode::SERVICE_UNAVAILABLE, soon, html(&page)).into_response()
}

pub(super) fn document(document: &impl Serialize) -> Response {
    match serde_json::to_string(document) {
        Ok(json) => {
            let json = control::json(&json).into_owned();
            ([(header::CONTENT_TYPE, "application/json")], json).into_response()
        }
        Err(error) => broken(&error),
    }
}

pub(super) fn table(columns: &[&str], rows: impl IntoIterator<Item = Vec<Cell>>) -> Response {
    text(csv(columns, rows))
}

pub(super) fn text(csv: String) -> Response {
    ([(header::CONTENT_TYPE, "text/csv; charset=utf-8")], csv).into_response()
}

pub(super) async fn file(kind: &'static str, content: &'static str) -> Response {
    ([(header::CONTENT_TYPE, kind)], content).into_response()
}

/// Sends a browser to a page after a post.
pub(super) fn see(page: &str) -> Response {
    (StatusCode::SEE_OTHER, [(header::LOCATION, page)]).into_response()
}

fn broken(error: &impl ToString) -> Response {
    (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response()
}
