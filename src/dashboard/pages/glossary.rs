//! What the words and numbers of the pages mean.

use askama::Template;
use axum::{Extension, response::Response};

use crate::dashboard::visit::Visit;

use super::{Frame, Place, html};

/// The page with all words.
#[derive(Template)]
#[template(path = "glossary.html")]
struct Page {
    frame: Frame,
}

/// The page with all words. Each has an id, to which the other pages link.
pub(super) async fn page(visit: Extension<Visit>) -> Response {
    html(&Page {
        frame: Frame::new(Place::Glossary, &visit),
    })
}
