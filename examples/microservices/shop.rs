//! The first service: it assigns, and accepts no choices from outside.

use axum::{
    Router,
    extract::State,
    http::{HeaderMap, StatusCode, Uri},
    routing::get,
};
use tower_tracks::{
    Assignments, DefinitionError, KeySource, Observe, TracksLayer,
    middleware::{Propagation, TRACKS_PROPAGATION},
};

use super::{client::Client, sets};

#[derive(Clone)]
struct Catalog {
    client: Client,
    uri: Uri,
}

pub(super) fn router(
    catalog: Uri,
    propagation: Propagation,
    observer: impl Observe,
) -> Result<Router, DefinitionError> {
    let layer = TracksLayer::new(sets::layout()?)
        .and(sets::pricing()?)?
        .key(KeySource::cookie("customer"))
        .propagate(propagation)
        .observe(observer);
    let client = Client::new();
    let catalog = Catalog {
        client,
        uri: catalog,
    };
    let router = Router::new().route("/", get(page)).with_state(catalog);
    Ok(router.layer(layer))
}

async fn page(State(catalog): State<Catalog>, tracks: Assignments) -> Result<String, StatusCode> {
    // Reading is the exposure to `layout`. The choice of `pricing` is passed on unread.
    let layout = tracks.get("layout").map(|layout| layout.to_string());
    let pricing = tracks.get("pricing").map(|one| one.peek().to_string());
    let mut headers = HeaderMap::new();
    if let Some(value) = tracks.propagated(["pricing"]) {
        headers.insert(TRACKS_PROPAGATION, value);
    }
    let coconut = catalog.client.get(&catalog.uri, headers).await;
    let coconut = coconut.map_err(|_| StatusCode::BAD_GATEWAY)?;
    let [layout, pricing] = [layout, pricing].map(Option::unwrap_or_default);
    Ok(format!("{layout}, shop {pricing}, {coconut}"))
}
