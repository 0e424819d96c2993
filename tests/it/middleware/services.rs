//! Services that are not of axum.

use std::{convert::Infallible, sync::Arc};

use http::{Request, Response, request::Parts};
use tower::{Layer, ServiceExt, service_fn};
use tower_tracks::{
    Assignments, FromParts, Group, MultiTrackSet, SimpleTrackSet, TracksLayer,
    middleware::{ResponseFuture, Tracks},
};

use crate::support::{ALICE, always, exposed, layer, request};

/// A body that is neither `Default` nor `Send`, with which nothing can be done.
struct Opaque(#[expect(dead_code)] std::rc::Rc<()>);

#[tokio::test]
async fn any_body_goes_through_a_plain_service() {
    let service = layer(always("delay")).layer(service_fn(async |request: Request<Opaque>| {
        let all: &Assignments = request.extensions().get().unwrap();
        assert_eq!(all.get("delay").unwrap().track(), Some("on"));
        Ok::<_, Infallible>(Response::new(Opaque(std::rc::Rc::default())))
    }));
    let (parts, ()) = request::<()>("GET", "/", &[("cookie", ALICE)]).into_parts();
    let request = Request::from_parts(parts, Opaque(std::rc::Rc::default()));
    let response = service.oneshot(request).await.unwrap();
    assert_eq!(exposed(&response), ["delay=on"]);
}

struct Visitor {
    is_vip: bool,
}

impl FromParts for Visitor {
    fn from_parts(parts: &Parts) -> Self {
        let is_vip = parts
            .extensions
            .get::<Arc<str>>()
            .is_some_and(|name| &**name == "vip");
        Self { is_vip }
    }
}

fn delay() -> SimpleTrackSet<u8> {
    SimpleTrackSet::new("delay")
        .without_control()
        .track("on", 1)
}

async fn check(layer: TracksLayer, extension: &str, expected: &str) {
    let service = layer.layer(service_fn(async |request: Request<()>| {
        let all: &Assignments = request.extensions().get().unwrap();
        Ok::<_, Infallible>(Response::new(all.iter().next().unwrap().to_string()))
    }));
    let mut request = request::<()>("GET", "/vip", &[("cookie", ALICE)]);
    request
        .extensions_mut()
        .insert::<Arc<str>>(extension.into());
    assert_eq!(service.oneshot(request).await.unwrap().body(), expected);
}

#[tokio::test]
async fn the_context_sees_what_outer_layers_left() {
    let sets = || {
        delay()
            .eligible(|visitor: &Visitor| !visitor.is_vip)
            .build()
            .unwrap()
    };
    let layer = |sets: MultiTrackSet<Visitor>| {
        TracksLayer::new(sets).key(tower_tracks::KeySource::cookie("id"))
    };
    check(layer(sets()), "vip", "(ineligible)").await;
    check(layer(sets()), "guest", "delay/on").await;
}

#[tokio::test]
async fn the_context_may_be_the_parts_or_of_a_closure() {
    let key = || tower_tracks::KeySource::cookie("id");
    let parts = delay()
        .eligible(|parts: &Parts| parts.uri.path() != "/vip")
        .build()
        .unwrap();
    check(TracksLayer::new(parts).key(key()), "guest", "(ineligible)").await;
    let path = delay()
        .eligible(|path: &String| path == "/vip")
        .build()
        .unwrap();
    let group = Group::new(path, |parts| parts.uri.path().to_owned());
    check(TracksLayer::new(group).key(key()), "guest", "delay/on").await;
}

#[test]
fn they_are_send_and_sync() {
    fn check<T: Send + Sync + Clone>() {}
    check::<TracksLayer>();
    check::<Tracks<()>>();
    check::<Assignments>();
    check::<tower_tracks::Assignment>();
    check::<tower_tracks::middleware::PauseHandle>();
    check::<tower_tracks::Exposure>();
    check::<MultiTrackSet<std::rc::Rc<()>>>();
    fn check_future<T: Send + Sync>() {}
    check_future::<ResponseFuture<()>>();
}
