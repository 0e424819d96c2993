//! A shop with one test, one goal, and a page of results behind a password.

use std::{error::Error, sync::Arc, time::Duration};

use axum::{
    Router,
    http::StatusCode,
    routing::{get, post},
};
use tokio::{net::TcpListener, signal};
use tower_tracks::{
    Assigned, Goals, Metric, Plan, TrackSet, TracksLayer, Units, VisitorCookie,
    dashboard::{BasicAuth, Dashboard},
    record::Recorder,
    store::Sqlite,
};

#[derive(Clone, Copy, Debug, TrackSet)]
#[track_set(name = "pricing")]
enum Pricing {
    #[track(control)]
    Control,
    Cheap,
}

async fn coconut(Assigned(pricing): Assigned<Pricing>) -> &'static str {
    match pricing {
        Pricing::Control => "A coconut is 50.\n",
        Pricing::Cheap => "A coconut is 49.\n",
    }
}

/// The number of the order is its key: an order that is sent twice counts once.
async fn buy(goals: Goals, order: String) -> Result<&'static str, (StatusCode, String)> {
    let purchase = goals.reached("purchase").value(50.0).once(order);
    purchase.map_err(|error| (StatusCode::BAD_REQUEST, error.to_string()))?;
    Ok("Thank you.\n")
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let store = Arc::new(Sqlite::open("tracks.sqlite")?);
    let units = Units::from_env("TRACKS_SECRET")?;
    let owner = BasicAuth::from_env("owner", "TRACKS_PASSWORD")?;
    let recorder = Recorder::builder(units).store(store.clone()).start()?;

    let plan = Plan::default().primary(Metric::rate("purchase"));
    let tracks = TracksLayer::new(Pricing::track_set().plan(plan).build()?)
        .key(VisitorCookie::plain()) // for http on this machine; omit it over HTTPS
        .observe(recorder.clone());
    let results = Dashboard::new(store, move |request| owner.access(request))
        .pauses(tracks.pauses())
        .refresh(Duration::from_secs(5))
        .recorder(&recorder);

    let app = Router::new()
        .route("/", get(coconut))
        .route("/buy", post(buy))
        .layer(tracks)
        .nest_service("/results", results.into_router());
    let listener = TcpListener::bind("127.0.0.1:3000").await?;
    println!("http://{}/results", listener.local_addr()?);
    let served = axum::serve(listener, app).with_graceful_shutdown(stop());
    served.await?;
    println!("{}", recorder.shutdown(Duration::from_secs(5)).await);
    Ok(())
}

/// Returns at Ctrl-C, and at SIGTERM, which is how service managers and containers stop a program.
async fn stop() {
    #[cfg(unix)]
    if let Ok(mut terminate) = signal::unix::signal(signal::unix::SignalKind::terminate()) {
        tokio::select! {
            _ = terminate.recv() => return,
            _ = signal::ctrl_c() => return,
        }
    }
    drop(signal::ctrl_c().await);
}
