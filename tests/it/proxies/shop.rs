//! The application behind a server: several sets, some of whose tracks are quoted in the header.

use std::net::SocketAddr;

use axum::{Router, routing::get};
use tokio::net::TcpListener;
use tower_tracks::{
    Assignments, KeySource, MultiTrackSet, SimpleTrackSet, TracksLayer, Units, record::Recorder,
};

/// The sets, each a group of its own, so that a request is in all of them.
pub(super) fn sets() -> [MultiTrackSet; 3] {
    let delay = SimpleTrackSet::new("delay").track("2s", 2).track("10s", 10);
    let pricing = SimpleTrackSet::new("pricing").track("cheap", 1);
    let banner = SimpleTrackSet::new("banner").track("1.5x-*", 1).phase(2);
    [delay, pricing, banner].map(|set| set.build().unwrap())
}

/// Three pages: one reads a track of each set, one a single track, and one none.
pub(super) async fn serve(units: Units, recorder: Recorder) -> SocketAddr {
    let [delay, pricing, banner] = sets();
    let layer = TracksLayer::new(delay).and(pricing).unwrap();
    let layer = layer.and(banner).unwrap().key(KeySource::cookie("id"));
    let app = Router::new()
        .route(
            "/all",
            get(async |all| read(&all, &["delay", "pricing", "banner"])),
        )
        .route("/one", get(async |all| read(&all, &["delay"])))
        .route("/none", get(async |all| read(&all, &[])))
        .layer(layer.units(units).observe(recorder));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, app).await });
    address
}

fn read(assignments: &Assignments, names: &[&str]) -> String {
    let track = |name: &&str| {
        let assignment = assignments.get(name).unwrap();
        assignment.track().unwrap().to_owned()
    };
    names.iter().map(track).collect()
}
