//! A dashboard over made-up results: `cargo run --example dashboard --features control,dashboard,overrides`.
//!
//! It is at `/tracks`. Every request has the access `Act`, unless it has the header `x-nobody`.

use std::{env, error::Error, sync::Arc};

use axum::{Router, routing::get};
use tower_tracks::{
    SimpleTrackSet, TracksLayer, Units,
    control::Controls,
    dashboard::{Access, Dashboard},
    middleware::Override,
    record::Recorder,
    store::{Memory, Store, Timestamp},
};

mod changes;
mod filled;
mod past;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let store: Arc<dyn Store> = Arc::new(Memory::default());
    filled::fill(&*store, Timestamp::now())?;
    let log = past::log(Timestamp::now());
    changes::add(&log, Timestamp::now())?;
    let controls = Controls::builder(log).start()?;
    let units = Units::pseudonym(filled::SECRET)?;
    let recorder = Recorder::builder(units).store(Arc::clone(&store));
    let recorder = recorder.start()?;
    let overrides = Override::new(filled::SECRET)?;
    // Its share is raised by a change, when the page is ready.
    let gift = SimpleTrackSet::new("gift").track("ribbon", ()).share(0.0);
    let tracks = TracksLayer::new(filled::pricing()?)
        .and(gift.build()?)?
        .overrides(overrides.clone())
        .controls(&controls)
        .observe(recorder.clone());

    // A real one looks at who signed in.
    let dashboard = Dashboard::new(store, |parts| {
        match parts.headers.contains_key("x-nobody") {
            true => Access::None,
            false => Access::Act("Ann".to_owned()),
        }
    });
    let dashboard = dashboard.recorder(&recorder).pauses(tracks.pauses());
    let dashboard = dashboard.controls(&controls).counts(tracks.counts());
    let dashboard = dashboard.links(overrides, "/");
    let app = Router::new()
        .route("/", get(|| async { "the dashboard is at /tracks" }))
        .layer(tracks)
        .nest_service("/tracks", dashboard.into_router());

    let port = env::var("PORT").unwrap_or_else(|_| "3000".to_owned());
    let listener = tokio::net::TcpListener::bind(format!("127.0.0.1:{port}")).await?;
    println!("http://{}/tracks", listener.local_addr()?);
    Ok(axum::serve(listener, app).await?)
}
