use std::convert::Infallible;

use http::{Request, Response};
use tower::{Layer, ServiceExt, service_fn};
use tower_tracks::{Assignment, Assignments, Exclusion, KeySource, MultiTrackSet, TracksLayer};

use super::three_tracks;

/// A request costs more than a choice, so there are fewer of them.
const REQUESTS: usize = 2000;

/// Returns how many keys a pause moves to another set, or among the tracks of the others, in
/// percent; and fails when a key of the paused set is in a track.
pub(super) fn to_another_set() -> f64 {
    let mut group = MultiTrackSet::builder();
    for name in ["banner", "delay", "pricing", "search"] {
        group = group.add(three_tracks(name));
    }
    let layer = TracksLayer::new(group.build().unwrap())
        .key(KeySource::cookie("id"))
        .exclude(Exclusion::none());
    let before = choices(&layer);
    layer.pauses().pause("pricing").unwrap();
    let after = choices(&layer);
    let pairs = || before.iter().zip(&after);
    let paused = pairs().filter(|(before, _)| before.starts_with("pricing/"));
    assert!(paused.clone().count() > REQUESTS / 5);
    for (before, after) in paused {
        assert_eq!(after, "pricing (paused)", "{before}");
    }
    let moved = pairs().filter(|(before, after)| before != after && *after != "pricing (paused)");
    100.0 * moved.count() as f64 / REQUESTS as f64
}

/// Returns what each request found in its extensions.
fn choices(layer: &TracksLayer) -> Vec<String> {
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    let runtime = runtime.unwrap();
    let service = layer.layer(service_fn(async |request: Request<()>| {
        let assignments: &Assignments = request.extensions().get().unwrap();
        Ok::<_, Infallible>(Response::new(Assignment::first(assignments).to_string()))
    }));
    let choice = async |key: usize| {
        let request = Request::builder().header("cookie", format!("id={key}"));
        let response = service.clone().oneshot(request.body(()).unwrap()).await;
        response.unwrap().into_body()
    };
    (0..REQUESTS)
        .map(|key| runtime.block_on(choice(key)))
        .collect()
}
