//! The pages about a change that was not made.

use askama::Template;
use axum::response::{IntoResponse, Response};
use http::StatusCode;

use crate::{
    control::Change,
    dashboard::{
        pages::{Frame, html},
        view::in_words,
    },
    report::Utc,
};

use super::entry::Entry;

/// The page about a change that was not made.
#[derive(Template)]
#[template(path = "change/refused.html")]
struct Refused<'a> {
    frame: Frame,
    title: &'static str,
    what: &'a str,
    /// The change that was faster.
    faster: Option<Faster<'a>>,
    /// The address of the page that shows what the act would do now.
    again: String,
    back: String,
}

/// A change that was made in the meantime.
struct Faster<'a> {
    change: &'a Change,
    act: String,
    at: Utc,
}

/// The page with the change that was made since the form was opened.
pub(super) fn conflict(entry: &Entry<'_>, change: &Change) -> Response {
    let faster = Faster {
        act: in_words(&change.act),
        at: Utc(change.at),
        change,
    };
    let page = Refused {
        frame: entry.frame(),
        title: "Another change was faster",
        what: "Since you opened the form, the set was changed, so nothing was done. Look at what your change \
               would do now, then decide again.",
        faster: Some(faster),
        again: entry.asked.address(),
        back: entry.back(),
    };
    (StatusCode::CONFLICT, html(&page)).into_response()
}

/// A page with one sentence about why nothing was done.
pub(super) fn plain(entry: &Entry<'_>, status: StatusCode, what: &str) -> Response {
    let page = Refused {
        frame: entry.frame(),
        title: "Not changed",
        what,
        faster: None,
        again: entry.asked.address(),
        back: entry.back(),
    };
    (status, html(&page)).into_response()
}
