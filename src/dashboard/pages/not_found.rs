//! Pages for what does not exist, or cannot be read yet.

use askama::Template;
use axum::response::{IntoResponse, Response};
use http::{StatusCode, header};

use crate::dashboard::responses::html;

use super::Frame;

/// A page that does not exist, or not yet.
#[derive(Template)]
#[template(path = "not_found.html")]
struct NotFound<'a> {
    frame: Frame,
    title: &'static str,
    what: &'a str,
}

/// The response 404, with a sentence.
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
