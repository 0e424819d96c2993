//! A track that answers every request with an error, behind a real layer, recorder, store and dashboard.

use std::{
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use axum::{Router, http::StatusCode, routing::get};
use tower_tracks::{
    Assignment, TracksLayer, Units,
    control::{Controls, MemoryLog},
    dashboard::{Access, Dashboard},
    record::Recorder,
    report::{Report, Reporter},
    store::{Memory, Store, Timestamp},
};

use super::{data::checkout, guarded, soon, texts};
use crate::support::{body_text, layer, send};

/// How many requests there may be until the pause.
const MOST: u32 = 2000;

/// How many requests there are between two looks.
const EVERY: u32 = 100;

/// A service whose track fails.
struct Site {
    store: Arc<dyn Store>,
    recorder: Recorder,
    app: Router,
    requests: u32,
}

async fn handler(assignment: Assignment) -> StatusCode {
    match assignment.track() {
        Some("broken") => StatusCode::INTERNAL_SERVER_ERROR,
        _ => StatusCode::OK,
    }
}

impl Site {
    fn new(controls: &Controls) -> (Self, TracksLayer) {
        let store: Arc<dyn Store> = Arc::new(Memory::default());
        let units = Units::pseudonym("0123456789abcdef").unwrap();
        let recorder = Recorder::builder(units).store(Arc::clone(&store));
        let recorder = recorder.start().unwrap();
        let layer = layer(checkout(guarded(), 1));
        let layer = layer.observe(recorder.clone()).controls(controls);
        let app = Router::new().route("/", get(handler)).layer(layer.clone());
        let site = Self {
            store,
            recorder,
            app,
            requests: 0,
        };
        (site, layer)
    }

    /// Serves visitors, who come again later, and waits until all is stored.
    async fn serve(&mut self) {
        for _ in 0..EVERY {
            let cookie = format!("id=visitor-{}", self.requests % 700);
            send(self.app.clone(), "GET", "/", &[("cookie", &cookie)]).await;
            self.requests += 1;
        }
        self.recorder.flush().wait().unwrap();
    }

    /// Returns how many requests a report has.
    fn reported(report: &Report) -> u32 {
        let phase = report.phases.first();
        let requests = phase.and_then(|phase| phase.requests.first());
        let tracks = requests.into_iter().flat_map(|goal| &goal.tracks);
        tracks.map(|track| track.by as u32).sum()
    }

    /// Checks that no visitor gets the broken track any more.
    async fn check_paused(&self) {
        for visitor in 0..100 {
            let cookie = format!("id=visitor-{visitor}");
            let response = send(self.app.clone(), "GET", "/", &[("cookie", &cookie)]).await;
            assert_eq!(response.status(), StatusCode::OK);
            assert_eq!(body_text(response).await, "");
        }
    }
}

/// Each look is by a program that has just started, and that knows nothing but the store and the log.
#[tokio::test]
async fn a_track_of_errors_alone_is_paused_within_2000_requests_although_programs_restart() {
    let log = Arc::new(MemoryLog::default());
    let controls = soon(Arc::clone(&log)).start().unwrap();
    let (mut site, _layer) = Site::new(&controls);
    let pauses = loop {
        assert!(site.requests < MOST);
        site.serve().await;
        let looking = soon(Arc::clone(&log)).start().unwrap();
        let before = Reporter::stored(&*site.store).unwrap();
        let reporter = Reporter::new(&*site.store, Timestamp::now());
        let now = reporter.changes(looking.changes()).refresh().unwrap();
        let pauses = looking.guard(&before, &now);
        if !pauses.is_empty() {
            break pauses;
        }
    };
    println!("paused after {} requests", site.requests);
    assert_eq!(pauses.len(), 1);
    controls.refresh();
    site.check_paused().await;
    assert_eq!(texts(&*log).len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dashboard_with_controls_is_the_guard() {
    let log = Arc::new(MemoryLog::default());
    let controls = soon(Arc::clone(&log)).start().unwrap();
    let (mut site, _layer) = Site::new(&controls);
    // Two of them, as on two nodes.
    let dashboards = [(); 2].map(|()| {
        let dashboard = Dashboard::new(Arc::clone(&site.store), |_| Access::Numbers);
        let dashboard = dashboard.refresh(Duration::from_millis(1));
        dashboard.controls(&controls).into_router()
    });
    let is_paused = || controls.set("checkout").unwrap().state().paused.is_some();
    while !is_paused() {
        assert!(site.requests < MOST);
        site.serve().await;
        // The thread of a dashboard rests after each report.
        let deadline = Instant::now() + Duration::from_secs(60);
        let stored = || Reporter::stored(&*site.store).unwrap();
        while Site::reported(&stored()) < site.requests && !is_paused() {
            assert!(Instant::now() < deadline, "no report came");
            thread::sleep(Duration::from_millis(5));
        }
    }
    site.check_paused().await;
    drop(dashboards);
    let changes = texts(&*log);
    assert_eq!(changes.len(), 1, "{changes:?}");
    assert!(changes[0].starts_with("change 1 of checkout: pause, by guard: errors per request, "));
}
