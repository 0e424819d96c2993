//! The layer around a plain `tower` service, without axum.
//!
//! ```text
//! cargo run --example plain_tower --no-default-features --features tower
//! ```
//!
//! A service finds the [`Assignments`] of its request in the extensions. What it reads there
//! is in the response's headers; the request that reads nothing gets none.

use std::{convert::Infallible, error::Error};

use http::{Request, Response, header};
use tower::{Layer, Service, ServiceExt, service_fn};
use tower_tracks::{
    Assignments, Exclusion, KeySource, SimpleTrackSet, TracksLayer, middleware::TRACKS_EXPOSURE,
};

#[derive(Debug)]
struct Greeting(&'static str);

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let greeting = SimpleTrackSet::new("greeting")
        .track("warm", Greeting("Good to see you!"))
        .track("brief", Greeting("Hi."));
    // Requests without a user agent are a bot's, unless one says otherwise; these here are none.
    let layer = TracksLayer::new(greeting.build()?)
        .key(KeySource::cookie("session"))
        .exclude(Exclusion::none());
    let mut service = layer.layer(service_fn(answer));

    for session in ["alice", "bob", "carol", "alice"] {
        show(&mut service, "/", session).await?;
    }
    show(&mut service, "/health", "alice").await
}

async fn answer(request: Request<String>) -> Result<Response<String>, Infallible> {
    let body = match request.uri().path() {
        "/" => greet(&request),
        _ => "healthy",
    };
    Ok(Response::new(body.to_owned()))
}

/// Reads the track, and acts on it: this is the exposure.
fn greet(request: &Request<String>) -> &'static str {
    let assignments: Option<&Assignments> = request.extensions().get();
    let assignment = assignments.and_then(|assignments| assignments.get("greeting"));
    let greeting = assignment
        .as_ref()
        .and_then(|assignment| assignment.value());
    greeting.map_or("Hello.", |Greeting(text)| text)
}

/// Sends a request to the service, and prints what comes back.
async fn show<S>(service: &mut S, path: &str, session: &str) -> Result<(), Box<dyn Error>>
where
    S: Service<Request<String>, Response = Response<String>, Error = Infallible>,
{
    let request = Request::builder()
        .uri(path)
        .header(header::COOKIE, format!("session={session}"))
        .body(String::new())?;
    let response = service.ready().await?.call(request).await?;
    let exposure = response.headers().get(TRACKS_EXPOSURE);
    let exposure = exposure.map_or(Ok("-"), |value| value.to_str())?;
    println!("{path:8} {session:6} {exposure:18} {}", response.body());
    Ok(())
}
