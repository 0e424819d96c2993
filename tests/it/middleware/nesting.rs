//! Layers around layers, routers in routers.

use axum::{Router, routing::get as on_get};
use tower_tracks::{Assignment, Assignments, DefinitionError, SimpleTrackSet, TracksLayer};

use crate::support::{Observed, always, body_text, cookies, exposed, get, layer, send};

async fn read_all(all: Assignments) -> String {
    all.iter()
        .map(|one| one.to_string())
        .collect::<Vec<_>>()
        .join(" ")
}

#[tokio::test]
async fn an_inner_layer_comes_first_and_keeps_the_outer_reachable() {
    let handler = async |first: Assignment, all: Assignments| {
        assert_eq!(first.group(), "inner");
        assert_eq!(all.get("outer").unwrap().track(), Some("on"));
        read_all(all).await
    };
    let observed = Observed::default();
    let inner = Router::new().route("/", on_get(handler));
    let inner = inner.layer(layer(always("inner")).observe(observed.clone()));
    let app = Router::new()
        .nest("/in", inner)
        .route("/out", on_get(read_all));
    let app: Router = app.layer(layer(always("outer")).observe(observed.clone()));

    let response = get(app.clone(), "/in").await;
    assert_eq!(exposed(&response), ["inner=on", "outer=on"]);
    assert_eq!(body_text(response).await, "inner/on outer/on");
    assert_eq!(observed.texts(), ["inner/on", "outer/on"]);
    assert_eq!(exposed(&get(app, "/out").await), ["outer=on"]);
}

#[tokio::test]
async fn a_new_visitor_is_one_visitor_in_nested_layers() {
    let observed = Observed::default();
    let layer = |name: &str| TracksLayer::new(always(name)).observe(observed.clone());
    let inner = Router::new()
        .route("/", on_get(read_all))
        .layer(layer("inner"));
    let app: Router = Router::new().nest("/in", inner).layer(layer("outer"));
    let response = send(app, "GET", "/in", &[]).await;
    assert_eq!(exposed(&response), ["inner=on", "outer=on"]);
    let cookies = cookies(response.headers());
    assert_eq!(cookies.len(), 1, "{cookies:?}");
    let keys: Vec<_> = observed
        .take()
        .iter()
        .map(|told| told.key().cloned().unwrap())
        .collect();
    assert_eq!(keys[0], keys[1]);
    let key = String::from_utf8(keys[0].as_bytes().to_vec()).unwrap();
    assert!(cookies[0].starts_with(&format!("__Host-tracks={key};")));
}

#[tokio::test]
async fn the_same_layer_twice_assigns_and_tells_once() {
    let observed = Observed::default();
    let layer = layer(always("delay")).observe(observed.clone());
    let inner = Router::new()
        .route("/", on_get(read_all))
        .layer(layer.clone());
    let app: Router = Router::new().nest("/in", inner).layer(layer);
    let response = get(app, "/in").await;
    assert_eq!(exposed(&response), ["delay=on"]);
    assert_eq!(observed.texts(), ["delay/on"]);
}

#[tokio::test]
async fn a_route_layer_assigns_its_routes_alone() {
    let app: Router = Router::new()
        .route("/in", on_get(read_all))
        .route_layer(layer(always("delay")))
        .route(
            "/out",
            on_get(async |all: Option<axum::Extension<Assignments>>| {
                assert!(all.is_none());
            }),
        );
    assert_eq!(exposed(&get(app.clone(), "/in").await), ["delay=on"]);
    assert!(exposed(&get(app.clone(), "/out").await).is_empty());
    assert_eq!(get(app, "/missing").await.status(), 404);
}

#[tokio::test]
async fn groups_are_independent() {
    let groups = layer(always("a"))
        .and(always("b"))
        .unwrap()
        .and(always("c"))
        .unwrap();
    let one = async |all: Assignments| all.get("b").unwrap().to_string();
    let app: Router = Router::new().route("/", on_get(one)).layer(groups);
    assert_eq!(exposed(&get(app, "/").await), ["b=on"]);
}

#[tokio::test]
async fn all_groups_run() {
    let add = |name: &str, by: i64| {
        let set = SimpleTrackSet::new(name)
            .without_control()
            .run("on", move |sum: &mut i64| *sum += by);
        set.build().unwrap()
    };
    let handler = async |all: Assignments| {
        let mut sum = 0_i64;
        all.run(&mut sum);
        sum.to_string()
    };
    let layer = layer(add("one", 1))
        .and(add("ten", 10))
        .unwrap()
        .and(always("other"))
        .unwrap();
    let response = get(Router::new().route("/", on_get(handler)).layer(layer), "/").await;
    assert_eq!(exposed(&response), ["one=on, ten=on"]);
    assert_eq!(body_text(response).await, "11");
}

#[test]
fn groups_share_no_name_and_no_salt() {
    let refuse = |set: SimpleTrackSet<u8>| {
        let set = set.track("on", 1).build().unwrap();
        layer(always("delay")).and(set).unwrap_err()
    };
    let same = SimpleTrackSet::new("delay").salt("other");
    assert_eq!(
        refuse(same),
        DefinitionError::DuplicateSet {
            set: "delay".to_owned()
        }
    );
    let error = refuse(SimpleTrackSet::new("other").salt("delay"));
    assert!(
        matches!(error, DefinitionError::EqualSalts { .. }),
        "{error}"
    );
    let named = tower_tracks::MultiTrackSet::builder()
        .name("delay")
        .add(SimpleTrackSet::new("other").track("on", 1))
        .build();
    let error = layer(always("delay")).and(named.unwrap()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "group \"delay\": two groups have this name"
    );
}
