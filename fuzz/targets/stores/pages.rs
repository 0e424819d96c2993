//! The pages of a store, as they are served.

use std::{
    future::Future,
    pin::pin,
    sync::Arc,
    task::{Context, Poll, Wake, Waker},
    thread::{self, Thread},
    time::Duration,
};

use axum::{
    Router,
    body::{Body, to_bytes},
};
use http::Request;
use tower::ServiceExt;
use tower_tracks::{
    dashboard::{Access, Dashboard},
    store::{Memory, PhaseName, Store},
    unit::Unit,
};

const PAGES: [&str; 3] = ["/sets", "/sets.json", "/sets.csv"];

const OF_PHASES: [&str; 4] = ["/set", "/set.json", "/set.csv", "/days.csv"];

const OF_UNITS: [&str; 3] = ["/unit", "/unit.json", "/unit.csv"];

/// Every page answers, and none says that something panicked.
pub(super) fn show(store: &Arc<Memory>, phases: &[PhaseName], unit: Unit) {
    let store: Arc<dyn Store> = Arc::clone(store) as _;
    let access = |_: &http::request::Parts| Access::Read;
    // What is stored stays, so that it is what the pages show.
    let dashboard = Dashboard::new(store, access).refresh(Duration::MAX);
    let router = dashboard.into_router();
    while get(&router, "/sets.json").contains("\"read-at\":null") {
        thread::yield_now();
    }
    let of_phases = phases.iter().flat_map(|phase| {
        OF_PHASES.map(|page| format!("{page}?name={}&phase={}", phase.set, phase.phase))
    });
    let of_units = OF_UNITS.map(|page| format!("{page}?id={unit}"));
    let pages = PAGES.map(str::to_owned).into_iter();
    for page in pages.chain(of_phases).chain(of_units) {
        let shown = get(&router, &page);
        assert!(!shown.contains("panicked"), "{page}: {shown}");
        assert!(!shown.contains("NaN"), "{page}: {shown}");
    }
}

fn get(router: &Router, page: &str) -> String {
    let request = Request::get(page).body(Body::empty()).unwrap();
    wait(async {
        let response = router.clone().oneshot(request).await.unwrap();
        assert!(!response.status().is_server_error(), "{page}");
        let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        String::from_utf8(body.to_vec()).unwrap()
    })
}

/// Wakes the thread that waits.
struct Waking(Thread);

impl Wake for Waking {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// Waits for a future on this thread: the pages need no runtime.
fn wait<R>(future: impl Future<Output = R>) -> R {
    let waker = Waker::from(Arc::new(Waking(thread::current())));
    let (mut future, mut context) = (pin!(future), Context::from_waker(&waker));
    loop {
        match future.as_mut().poll(&mut context) {
            Poll::Ready(answer) => return answer,
            Poll::Pending => thread::park(),
        }
    }
}
