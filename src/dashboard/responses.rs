//! Responses: pages, JSON, CSV and refusals.

use askama::Template;
use axum::response::{Html, IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;

use crate::text::{cell, control};

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

/// A cell of a CSV table, as it is written.
pub(super) struct Cell(String);

impl Cell {
    /// Returns a cell with a number, a time or another text that needs no quotes.
    pub(super) fn number(number: impl ToString) -> Self {
        Self(number.to_string())
    }

    /// Returns a cell with a number that may be missing, for which the cell is empty.
    pub(super) fn option(number: Option<impl ToString>) -> Self {
        Self(number.map(|number| number.to_string()).unwrap_or_default())
    }

    /// Returns a cell with a text, escaped so that no spreadsheet evaluates it as a formula.
    pub(super) fn text(text: &str) -> Self {
        Self(cell(text))
    }
}

/// Returns a response of CSV by RFC 4180, with a header.
pub(super) fn table(columns: &[&str], rows: impl IntoIterator<Item = Vec<Cell>>) -> Response {
    let mut csv = format!("{}\r\n", columns.join(","));
    for row in rows {
        let cells: Vec<String> = row.into_iter().map(|cell| cell.0).collect();
        csv.push_str(&cells.join(","));
        csv.push_str("\r\n");
    }
    text(csv)
}

/// Returns a response of finished CSV.
pub(super) fn text(csv: String) -> Response {
    ([(header::CONTENT_TYPE, "text/csv; charset=utf-8")], csv).into_response()
}

/// Returns a text as it stands in the query of an address.
pub(super) fn encoded(text: &str) -> String {
    let encoded = askama::filters::urlencode_strict(text);
    // Writing into a string cannot fail.
    encoded.map(|text| text.to_string()).unwrap_or_default()
}

/// Adds the address of the next part, by RFC 8288, so that programs may follow it.
pub(super) fn linked(mut response: Response, next: Option<String>) -> Response {
    let next = next.map(|address| HeaderValue::try_from(format!("<{address}>; rel=\"next\"")));
    if let Some(Ok(next)) = next {
        response.headers_mut().insert(header::LINK, next);
    }
    response
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
    // Rendering texts into a string cannot fail. An empty page would refuse as well.
    Html(Plain { title, why }.render().unwrap_or_default())
}

/// The response 403, with the reason.
pub(super) fn forbidden(why: &str) -> Response {
    (StatusCode::FORBIDDEN, plain(why)).into_response()
}
