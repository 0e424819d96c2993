//! The results, for the shop's owner alone.

use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    http::{
        HeaderValue, StatusCode,
        header::{AUTHORIZATION, WWW_AUTHENTICATE},
        request::Parts,
    },
    response::{IntoResponse, Response},
};
use tower_tracks::{
    TracksLayer,
    dashboard::{Access, Dashboard},
    record::{Recorder, Store},
};

/// Where the results are.
pub(super) const PATH: &str = "/results";

/// The name and password of the demo; a real shop has its own sign-in.
pub(super) const LOGIN: (&str, &str) = ("owner", "coconut");

/// How a browser sends them.
const CREDENTIALS: &str = "Basic b3duZXI6Y29jb251dA==";

/// Soon, for somebody who watches; a real shop has time, and leaves this out.
const REFRESH: Duration = Duration::from_secs(5);

pub(super) fn pages(store: Arc<dyn Store>, recorder: &Recorder, tracks: &TracksLayer) -> Router {
    Dashboard::new(store, access)
        .recorder(recorder)
        .units(recorder.units().clone())
        .pauses(tracks.pauses())
        .counts(tracks.counts())
        .refresh(REFRESH)
        .into_router()
}

fn access(parts: &Parts) -> Access {
    match parts.headers.get(AUTHORIZATION) {
        Some(sent) if sent == CREDENTIALS => Access::Act(LOGIN.0.to_owned()),
        _ => Access::Refused(ask()),
    }
}

/// Asks the browser for name and password.
fn ask() -> Response {
    let realm = HeaderValue::from_static("Basic realm=\"coconuts\", charset=\"UTF-8\"");
    let headers = [(WWW_AUTHENTICATE, realm)];
    (
        StatusCode::UNAUTHORIZED,
        headers,
        "for the owner of the shop",
    )
        .into_response()
}
