use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering::Relaxed},
    },
    time::{Duration, SystemTime},
};

use axum::{Router, http::StatusCode, routing::get};
use tokio::net::TcpListener;
use tower_tracks::{
    Assignment, Goals, KeySource, MultiTrackSet, SimpleTrackSet, TracksLayer, middleware::Clock,
};

use super::Recorders;

/// The application, and its clock, which jumps.
pub(super) struct App {
    router: Router,
    pub(super) sets: MultiTrackSet,
    offset: Arc<AtomicI64>,
}

impl App {
    pub(super) fn new(recorders: &Arc<Recorders>) -> Self {
        let sets = delay();
        let offset = Arc::new(AtomicI64::new(0));
        let clock = {
            let offset = Arc::clone(&offset);
            Clock::from_fn(move || shifted(&offset))
        };
        let layer = TracksLayer::new(sets.clone())
            .key(KeySource::cookie("id"))
            .clock(clock)
            .observe(Arc::clone(recorders));
        let router = Router::new()
            .route("/", get(page))
            .route("/order", get(order))
            .layer(layer);
        Self {
            router,
            sets,
            offset,
        }
    }

    /// Serves on a port that is free.
    pub(super) async fn listen(&self) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let serving = axum::serve(listener, self.router.clone());
        tokio::spawn(serving.into_future());
        address
    }

    /// Sets how many seconds the clock is ahead.
    pub(super) fn jump(&self, seconds: i64) -> &'static str {
        self.offset.store(seconds, Relaxed);
        "done"
    }

    /// Returns the clock.
    pub(super) fn clock(&self) -> impl Fn() -> SystemTime + Send + 'static {
        let offset = Arc::clone(&self.offset);
        move || shifted(&offset)
    }
}

async fn page(assignment: Assignment) -> String {
    assignment.track().unwrap_or("none").to_owned()
}

async fn order(goals: Goals) -> StatusCode {
    match goals.reached("purchase").value(19.90).once("order") {
        Ok(()) => StatusCode::OK,
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

fn delay() -> MultiTrackSet {
    let set = SimpleTrackSet::new("delay");
    let set = set.track("short", 500).track("long", 2000);
    set.build().unwrap()
}

fn shifted(offset: &AtomicI64) -> SystemTime {
    let seconds = offset.load(Relaxed);
    let by = Duration::from_secs(seconds.unsigned_abs());
    let now = SystemTime::now();
    if seconds < 0 { now - by } else { now + by }
}
