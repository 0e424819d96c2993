use std::time::{Duration, Instant};

use axum::{Router, routing::get};
use hyper_util::{client::legacy::Client, rt::TokioExecutor};
use tokio::{net::TcpListener, runtime::Runtime};
use tower_tracks::{Assignment, KeySource, TracksLayer, record::Recorder};

use super::pump;

async fn page(assignment: Assignment) -> String {
    assignment.track().unwrap_or("none").to_owned()
}

fn app(recorder: Option<Recorder>) -> Router {
    let layer = TracksLayer::new(pump::delay()).key(KeySource::cookie("id"));
    let layer = match recorder {
        Some(recorder) => layer.observe(recorder),
        None => layer.observe(()),
    };
    Router::new().route("/", get(page)).layer(layer)
}

/// Returns how long requests took, one after the other over one connection.
pub(super) fn requests(recorder: Option<Recorder>, time: Duration) -> Vec<Duration> {
    let runtime = Runtime::new().unwrap();
    runtime.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(axum::serve(listener, app(recorder)).into_future());
        let client = Client::builder(TokioExecutor::new()).build_http();
        let begin = Instant::now();
        let mut times = Vec::new();
        while begin.elapsed() < time {
            let request = http::Request::get(format!("http://{address}/"))
                .header("cookie", format!("id={}", times.len()))
                .header("user-agent", "Mozilla/5.0");
            let request = request.body(axum::body::Body::empty()).unwrap();
            let start = Instant::now();
            let response = client.request(request).await.unwrap();
            let body = http_body_util::BodyExt::collect(response.into_body()).await;
            times.push(start.elapsed());
            assert!(!body.unwrap().to_bytes().is_empty());
        }
        times
    })
}
