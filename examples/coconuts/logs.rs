//! What the shop tells its owner: a line for each response, and one for each exposure.

use std::{
    io::{self, IsTerminal},
    time::Duration,
};

use axum::{
    Router,
    http::{Request, Response},
};
use tower_http::trace::TraceLayer;
use tower_tracks::{Exposure, control::Alert, middleware::TRACKS_EXPOSURE};
use tracing::{Span, field, info, info_span, warn};
use tracing_subscriber::EnvFilter;

/// The target of what visitors do, for `RUST_LOG`.
const VISITS: &str = "visits";

/// Starts the log. The shop that sends itself visitors omits what visitors do, unless `RUST_LOG` is set:
/// thousands of lines would hide all others.
pub(super) fn start(has_traffic: bool) {
    let usual = match has_traffic {
        true => "info,visits=warn",
        false => "info",
    };
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(usual));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(io::stdout().is_terminal())
        .with_target(false)
        .init();
}

/// Logs an exposure, without the key: a log is no place for what tells visitors apart.
///
/// Its outcome may be `cancelled`: the visitor left during a long delay.
pub(super) fn exposure(exposure: &Exposure) {
    info!(
        target: VISITS,
        set = exposure.set(),
        track = exposure.track(),
        outcome = exposure.outcome().map(field::display),
        "exposure"
    );
}

/// Logs a change of a test, and what is wrong with the changes. A real shop sends the latter to its owner.
pub(super) fn alert(alert: &Alert) {
    match alert {
        Alert::Changed(_) | Alert::Fresh => info!("{alert}"),
        _ => warn!("{alert}"),
    }
}

/// Puts the access log around the shop.
pub(super) fn access(shop: Router) -> Router {
    let layer = TraceLayer::new_for_http()
        .make_span_with(request_span)
        .on_response(response);
    shop.layer(layer)
}

fn request_span<B>(request: &Request<B>) -> Span {
    info_span!("request", method = %request.method(), path = request.uri().path())
}

fn response<B>(response: &Response<B>, latency: Duration, _: &Span) {
    let exposure = response.headers().get(TRACKS_EXPOSURE);
    info!(
        target: VISITS,
        status = response.status().as_u16(),
        latency = ?latency,
        tracks_exposure = exposure.map(field::debug),
        "response"
    );
}
