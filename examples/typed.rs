//! A typed set in axum: an enum's variants are the tracks, and the match is exhaustive.
//!
//! ```text
//! cargo run --example typed
//! ```
//!
//! Eight new visitors, the first of them once more with the cookie, and a VIP ask for the
//! catalog, all at once and inside this process. Printed is what each response says; those
//! in `delay=long` wait for two seconds.

use std::{error::Error, time::Duration};

use axum::{
    Json, Router,
    body::{Body, to_bytes},
    http::{HeaderMap, HeaderName, Request, header, request::Parts},
    routing::get,
};
use futures_util::future::try_join_all;
use serde::Serialize;
use tokio::time::{Instant, sleep};
use tower::ServiceExt;
use tower_tracks::{
    Assigned, Assignment, DefinitionError, FromParts, MultiTrackSet, SimpleTrackSet, TrackSet,
    TracksLayer, VisitorCookie, middleware::TRACKS_EXPOSURE,
};

const BROWSER: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
const LARGEST_BODY: usize = 1 << 16;

#[derive(Clone, Copy, Debug, PartialEq, Eq, TrackSet)]
#[track_set(name = "pricing", weight = 100)]
enum Pricing {
    #[track(control)]
    Control,
    Cheap,
    Expensive,
}

/// How long a visitor waits for the catalog, in milliseconds.
#[derive(Debug)]
struct Delay(u64);

/// What eligibility looks at.
struct Visitor {
    is_vip: bool,
}

impl FromParts for Visitor {
    fn from_parts(parts: &Parts) -> Self {
        Self {
            is_vip: parts.headers.contains_key("x-vip"),
        }
    }
}

async fn catalog(Assigned(pricing): Assigned<Pricing>, assignment: Assignment) -> Json<Catalog> {
    if let Some(Delay(milliseconds)) = assignment.value() {
        sleep(Duration::from_millis(*milliseconds)).await;
    }
    let mut catalog = Catalog::load();
    match pricing {
        Pricing::Control => {}
        Pricing::Cheap => catalog.reprice(-1),
        Pricing::Expensive => catalog.reprice(1),
    }
    Json(catalog)
}

fn app() -> Result<Router, DefinitionError> {
    let sets = MultiTrackSet::builder()
        .add(Pricing::track_set().eligible(|visitor: &Visitor| !visitor.is_vip))
        .add(
            SimpleTrackSet::new("delay")
                .track("short", Delay(500))
                .track("long", Delay(2000))
                .eligible(|visitor: &Visitor| !visitor.is_vip),
        )
        .build()?;
    // The default cookie is `Secure`, and browsers drop it over http without TLS.
    let tracks = TracksLayer::new(sets).key(VisitorCookie::plain());
    Ok(Router::new().route("/coconuts", get(catalog)).layer(tracks))
}

#[derive(Serialize)]
struct Catalog {
    coconut: i64,
    coconut_water: i64,
}

impl Catalog {
    fn load() -> Self {
        Self {
            coconut: 5,
            coconut_water: 3,
        }
    }

    fn reprice(&mut self, by: i64) {
        self.coconut += by;
        self.coconut_water += by;
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let app = app()?;
    let strangers = (1..=8).map(|number| visit(&app, format!("visitor {number}"), None));
    let cookies = try_join_all(strangers).await?;

    let cookie = cookies.into_iter().next().flatten();
    let cookie = cookie.map(|cookie| (header::COOKIE, cookie));
    let vip = (HeaderName::from_static("x-vip"), "yes".to_owned());
    visit(&app, "visitor 1 again".to_owned(), cookie).await?;
    visit(&app, "a VIP".to_owned(), Some(vip)).await?;
    Ok(())
}

/// Asks for the catalog, prints what comes back, and returns the visitor's cookie if it is
/// new.
async fn visit(
    app: &Router,
    who: String,
    header: Option<(HeaderName, String)>,
) -> Result<Option<String>, Box<dyn Error>> {
    // Without a user agent it would be taken for a bot's, and be in no test.
    let mut request = Request::get("/coconuts").header(header::USER_AGENT, BROWSER);
    if let Some((name, value)) = header {
        request = request.header(name, value);
    }
    let began = Instant::now();
    let response = app.clone().oneshot(request.body(Body::empty())?).await?;
    let milliseconds = began.elapsed().as_millis();

    let (head, body) = response.into_parts();
    let exposure = text(&head.headers, TRACKS_EXPOSURE).unwrap_or("-");
    let catalog = String::from_utf8(to_bytes(body, LARGEST_BODY).await?.to_vec())?;
    println!("{who:16} {exposure:18} {milliseconds:5} ms  {catalog}");
    Ok(new_cookie(&head.headers))
}

fn new_cookie(headers: &HeaderMap) -> Option<String> {
    let cookie = text(headers, header::SET_COOKIE)?;
    cookie.split(';').next().map(str::to_owned)
}

fn text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok()
}
