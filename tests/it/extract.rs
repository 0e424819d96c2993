//! The extractors, around and without a layer.

use axum::{Router, body::Body, routing::get as on_get};
use http::{Response, StatusCode};
use tower_tracks::{
    Assigned, Assignment, Assignments, MultiTrackSet, SimpleTrackSet, TrackSet, TracksLayer,
};

use crate::support::{always, body_text, exposed, get, layer};

#[derive(Clone, Copy, Debug, PartialEq, Eq, TrackSet)]
enum Pricing {
    #[track(control, weight = 0)]
    Control,
    Cheap,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, TrackSet)]
enum Unknown {
    #[track(control)]
    Control,
}

async fn assigned(Assigned(pricing): Assigned<Pricing>) -> String {
    format!("{pricing:?}")
}

async fn optional(pricing: Option<Assigned<Pricing>>) -> String {
    pricing.map_or("none".to_owned(), |Assigned(pricing)| {
        format!("{pricing:?}")
    })
}

async fn ask<H, T>(handler: H, layer: TracksLayer) -> Response<Body>
where
    H: axum::handler::Handler<T, ()>,
    T: 'static,
{
    let app: Router = Router::new().route("/", on_get(handler)).layer(layer);
    get(app, "/").await
}

/// Asks for both extractors, and checks what they give and what is exposed.
async fn check(sets: MultiTrackSet, expected: [&str; 2], header: &[&str]) {
    for (response, expected) in [
        (ask(assigned, layer(sets.clone())).await, expected[0]),
        (ask(optional, layer(sets.clone())).await, expected[1]),
    ] {
        assert_eq!(exposed(&response), header);
        assert_eq!(body_text(response).await, expected);
    }
}

#[tokio::test]
async fn a_typed_set_gives_its_variant() {
    let chosen = Pricing::track_set().build().unwrap();
    check(chosen, ["Cheap", "Cheap"], &["pricing=cheap"]).await;
}

#[tokio::test]
async fn control_is_a_track_too() {
    let control = Pricing::track_set()
        .track_weight("control", 1)
        .track_weight("cheap", 0);
    check(
        control.build().unwrap(),
        ["Control", "Control"],
        &["pricing=control"],
    )
    .await;
}

#[tokio::test]
async fn an_unenrolled_request_gets_control_without_exposure() {
    let outside = Pricing::track_set().share(0.0).build().unwrap();
    check(outside, ["Control", "none"], &[]).await;
    let ineligible = Pricing::track_set()
        .eligible(|(): &()| false)
        .build()
        .unwrap();
    check(ineligible, ["Control", "none"], &[]).await;
    let other = MultiTrackSet::builder()
        .add(Pricing::track_set().weight(0))
        .add(SimpleTrackSet::new("delay").track("long", 2000));
    check(other.build().unwrap(), ["Control", "none"], &[]).await;
}

#[tokio::test]
async fn a_typed_set_is_found_in_any_group_and_layer() {
    let pricing = || Pricing::track_set().build().unwrap();
    let second = layer(always("delay")).and(pricing()).unwrap();
    assert_eq!(body_text(ask(assigned, second).await).await, "Cheap");

    let inner: Router = Router::new()
        .route("/", on_get(assigned))
        .layer(layer(always("delay")));
    let response = get(inner.layer(layer(pricing())), "/").await;
    assert_eq!(exposed(&response), ["pricing=cheap"]);
}

#[tokio::test]
async fn a_missing_layer_is_an_error_that_names_it() {
    let app = || {
        Router::<()>::new()
            .route("/assigned", on_get(assigned))
            .route("/optional", on_get(optional))
            .route("/assignment", on_get(async |_: Assignment| ()))
            .route("/assignments", on_get(async |_: Assignments| ()))
    };
    for path in ["/assigned", "/optional", "/assignment", "/assignments"] {
        let response = get(app(), path).await;
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
        assert!(
            body_text(response).await.contains("TracksLayer::new(sets)"),
            "{path}"
        );
    }
}

#[tokio::test]
async fn a_missing_set_is_an_error_that_names_it() {
    let required = async |_: Assigned<Unknown>| ();
    let optional = async |_: Option<Assigned<Unknown>>| ();
    for response in [
        ask(required, layer(always("delay"))).await,
        ask(optional, layer(always("delay"))).await,
    ] {
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
        let text = body_text(response).await;
        assert!(text.contains("\"unknown\""), "{text}");
    }
    let _ = (Unknown::Control, Pricing::Control);
}
