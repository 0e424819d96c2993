//! One node of a service: a layer with its controls, in a process of its own.

use std::{
    env,
    io::{Read, stdin},
    path::PathBuf,
    process,
    sync::Arc,
    thread,
    time::Duration,
};

use axum::{
    Router,
    extract::{Path, Request, State},
    http::{HeaderName, HeaderValue, StatusCode},
    middleware::{Next, from_fn},
    response::Response,
    routing::{get, post},
};
use serde::{Deserialize, Serialize};
use sqlx::postgres::PgPoolOptions;
use tokio::{
    net::TcpListener,
    runtime::{Handle, Runtime},
    task::spawn_blocking,
};
use tower_tracks::{
    Assignments, KeySource, MultiTrackSet, SimpleTrackSet, TracksLayer,
    control::{Alert, Change, ChangeLog, Control, ControlError, Controls, JsonLog},
    store::{Postgres, Sqlite, Timestamp},
};

/// In the environment of the process: its settings, as JSON.
pub(super) const SETTINGS: &str = "TRACKS_TEST_NODE";

/// The time before and after the layer has chosen the tracks, in microseconds since 1970.
pub(super) const BEGAN: HeaderName = HeaderName::from_static("began");
pub(super) const ENDED: HeaderName = HeaderName::from_static("ended");

const SECRET: &str = "sixteen random bytes, or more";

/// What a node is started with.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Settings {
    pub(super) log: Log,
    pub(super) sets: Vec<Set>,
    /// The interval in milliseconds; `None` is that of the crate.
    pub(super) every: Option<u64>,
    pub(super) cache: Option<PathBuf>,
    pub(super) starts_paused: bool,
    /// The value of `TRACKS_OFF`.
    pub(super) off: String,
}

/// Where the changes are.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) enum Log {
    Lines(PathBuf),
    Sqlite(PathBuf),
    Postgres { uri: String, schema: String },
}

/// A set as the code of one version has it, whose only track is `on`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Set {
    pub(super) name: String,
    pub(super) share: f64,
    pub(super) phase: u32,
}

#[test]
#[ignore = "a process of the other tests"]
fn serve() {
    let Ok(settings) = env::var(SETTINGS) else {
        return;
    };
    let settings: Settings = serde_json::from_str(&settings).unwrap();
    // A node does not outlive the test, however that ends.
    thread::spawn(|| {
        let _ = stdin().read_to_end(&mut Vec::new());
        process::exit(0);
    });
    let runtime = Runtime::new().unwrap();
    let controls = settings.controls(runtime.handle());
    let app = app(&settings.sets, &controls);
    runtime.block_on(listen(app));
}

async fn listen(app: Router) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    // On a line of its own, whatever the test runner has begun.
    println!("\nlistens on {}", listener.local_addr().unwrap());
    axum::serve(listener, app).await.unwrap();
}

impl Settings {
    fn controls(&self, runtime: &Handle) -> Controls {
        let mut builder = Controls::builder(self.log.open(runtime));
        if let Some(every) = self.every {
            builder = builder.every(Duration::from_millis(every));
        }
        if let Some(cache) = &self.cache {
            builder = builder.cache(cache, SECRET).unwrap();
        }
        if self.starts_paused {
            builder = builder.start_paused();
        }
        // Where a test fails, they show why.
        let show = |alert: &Alert| match alert {
            Alert::Changed(_) => {}
            alert => eprintln!("node {}: {alert}", process::id()),
        };
        builder.notify(show).start().unwrap()
    }
}

impl Log {
    /// Opens the log, also if its server is down.
    pub(super) fn open(&self, runtime: &Handle) -> Arc<dyn ChangeLog> {
        let _context = runtime.enter();
        match self {
            Self::Lines(path) => Arc::new(JsonLog::new(path)),
            Self::Sqlite(path) => Arc::new(Sqlite::open(path).unwrap()),
            Self::Postgres { uri, schema } => {
                let options = PgPoolOptions::new().max_connections(2);
                let options = options.acquire_timeout(Duration::from_secs(2));
                let pool = options.connect_lazy(uri).unwrap();
                Arc::new(Postgres::builder(pool).schema(schema).lazy().unwrap())
            }
        }
    }
}

impl Set {
    pub(super) fn build(&self) -> MultiTrackSet {
        let set = SimpleTrackSet::new(self.name.clone()).without_control();
        let set = set.track("on", ()).share(self.share).phase(self.phase);
        set.build().unwrap()
    }
}

fn app(sets: &[Set], controls: &Controls) -> Router {
    let (first, others) = sets.split_first().unwrap();
    let layer = TracksLayer::new(first.build()).key(KeySource::cookie("id"));
    let and = |layer: TracksLayer, set: &Set| layer.and(set.build()).unwrap();
    let layer = others.iter().fold(layer, and).controls(controls);
    Router::new()
        .route("/ready", get(ready))
        .route("/{set}", get(assignment))
        .route("/{set}/state", get(state))
        .route("/{set}/{act}", post(change))
        .with_state(controls.clone())
        .layer(layer)
        .layer(from_fn(stamp))
}

async fn stamp(request: Request, next: Next) -> Response {
    let now = || HeaderValue::from(Timestamp::now().as_micros());
    let began = now();
    let mut response = next.run(request).await;
    response.headers_mut().insert(BEGAN, began);
    response.headers_mut().insert(ENDED, now());
    response
}

async fn ready(State(controls): State<Controls>) -> StatusCode {
    match controls.is_loaded() {
        true => StatusCode::OK,
        false => StatusCode::SERVICE_UNAVAILABLE,
    }
}

/// What the requester gets: the track, or the reason why there is none.
async fn assignment(Path(set): Path<String>, all: Assignments) -> Result<String, StatusCode> {
    let found = all.get(&set).ok_or(StatusCode::NOT_FOUND)?;
    Ok(found.to_string())
}

async fn state(State(controls): State<Controls>, Path(set): Path<String>) -> String {
    let state = controls.set(&set).unwrap().state();
    let closed = state.closed_at.is_some();
    format!("{:?}, closed: {closed}, void: {:?}", state.mode, state.void)
}

/// Makes a change, whose value is the body.
async fn change(
    State(controls): State<Controls>,
    Path((set, act)): Path<(String, String)>,
    value: String,
) -> Result<String, (StatusCode, String)> {
    let made = spawn_blocking(move || make(&controls.set(&set)?, &act, &value)).await;
    let conflict = |error: ControlError| (StatusCode::CONFLICT, error.to_string());
    let made = made.unwrap().map_err(conflict)?;
    Ok(serde_json::to_string(&made).unwrap())
}

fn make(control: &Control<'_>, act: &str, value: &str) -> Result<Change, ControlError> {
    let (author, reason) = ("alice", "a test");
    match act {
        "pause" => control.pause(author, reason),
        "resume" => control.resume(author, reason),
        "share" => control.share(value.parse().unwrap(), author, reason),
        "ship" => control.ship(value, author, reason),
        "close" => control.close(author, reason),
        _ => panic!("{act:?} is no act"),
    }
}
