//! The changes of running tests, which every instance of the shop follows.

use std::{io, sync::Arc};

use axum::{
    http::StatusCode,
    routing::{MethodRouter, get},
};
use tower_tracks::{control::Controls, store::Sqlite};

use super::logs;

/// Follows the changes in the database of the records. A change on one instance reaches the others within
/// three seconds.
pub(super) fn follow(store: &Arc<Sqlite>) -> io::Result<Controls> {
    Controls::builder(Arc::clone(store))
        .notify(logs::alert)
        .start()
}

/// Returns the readiness probe of a load balancer. An instance that does not know the changes yet would run
/// a test that is paused.
pub(super) fn ready(controls: &Controls) -> MethodRouter {
    let controls = controls.clone();
    get(async move || match controls.is_loaded() {
        true => (StatusCode::OK, "ready\n"),
        false => (
            StatusCode::SERVICE_UNAVAILABLE,
            "the changes are not known yet\n",
        ),
    })
}
