//! The service in between: it takes the choice, reads it, and passes it on.

use axum::{Router, extract::State, http::StatusCode, routing::get};
use tonic::transport::Channel;
use tower_tracks::{
    Assignments, DefinitionError, Observe, TracksLayer,
    middleware::{KeySources, Propagation},
};

use super::{prices, sets};

pub(super) fn router(
    prices: Channel,
    propagation: Propagation,
    observer: impl Observe,
) -> Result<Router, DefinitionError> {
    let layer = TracksLayer::new(sets::pricing()?)
        .accept_propagated(propagation.clone())
        // A request without the header is of nobody.
        .key(KeySources::from(vec![]))
        .propagate(propagation)
        .observe(observer);
    let router = Router::new().route("/", get(coconut)).with_state(prices);
    Ok(router.layer(layer))
}

async fn coconut(State(prices): State<Channel>, tracks: Assignments) -> Result<String, StatusCode> {
    // This is the first read of the track, so the exposure is counted here. The header is made afterwards.
    let pricing = tracks.get("pricing").map(|pricing| pricing.to_string());
    let reply = prices::ask(prices, tracks.propagated(["pricing"])).await;
    let reply = reply.map_err(|_| StatusCode::BAD_GATEWAY)?;
    let pricing = pricing.unwrap_or_default();
    Ok(format!(
        "catalog {pricing}, prices {}: {} euros",
        reply.track, reply.euros
    ))
}
