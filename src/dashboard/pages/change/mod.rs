//! Changes of a running set: the fields of an act, the page that shows what it would do, and the form that
//! makes it. Nothing but the form changes anything.

mod answer;
mod asked;
mod entry;
mod kind;
mod look;
mod refusal;

use axum::{Extension, Form, extract::Query, response::Response};

use crate::dashboard::visit::Visit;

use self::{asked::Asked, entry::Entry};

pub(super) use self::kind::Kind;

/// The fields of an act, or what it would do.
pub(super) async fn page(visit: Extension<Visit>, Query(asked): Query<Asked>) -> Response {
    match Entry::new(&visit, asked) {
        Ok(entry) => look::page(&entry),
        Err(refusal) => *refusal,
    }
}

/// Makes a change.
pub(super) async fn make(visit: Extension<Visit>, Form(asked): Form<Asked>) -> Response {
    match Entry::new(&visit, asked) {
        Ok(entry) => answer::make(&entry).await,
        Err(refusal) => *refusal,
    }
}
