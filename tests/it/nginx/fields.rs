//! Fields that nginx obeys before `Cache-Control`, or beside it.

use axum::{
    Router,
    http::{
        HeaderMap, HeaderName, HeaderValue,
        header::{CACHE_CONTROL, EXPIRES},
    },
    routing::get as on_get,
};
use tower_tracks::{Assignment, TracksLayer, VisitorCookie};

use crate::support::cookies;

use super::{
    app::{serve, sets},
    caches,
    server::Nginx,
    traffic::{Page, send},
};

const AGENT: (&str, &str) = ("user-agent", "Searchbot/1.0");

fn accel(seconds: &'static str) -> HeaderMap {
    let name = HeaderName::from_static("x-accel-expires");
    HeaderMap::from_iter([(name, HeaderValue::from_static(seconds))])
}

fn expires(control: Option<&'static str>) -> HeaderMap {
    let far = HeaderValue::from_static("Fri, 01 Jan 2100 00:00:00 GMT");
    let mut headers = HeaderMap::from_iter([(EXPIRES, far)]);
    let control = control.map(HeaderValue::from_static);
    headers.extend(control.map(|control| (CACHE_CONTROL, control)));
    headers
}

/// Pages that read a track, by what they say of caches.
fn app() -> Router {
    let page = |said: fn() -> HeaderMap| {
        on_get(async move |assignment: Assignment| {
            (said(), assignment.track().unwrap_or("none").to_owned())
        })
    };
    Router::new()
        .route("/accel", page(|| accel("600")))
        .route("/expires", page(|| expires(None)))
        .route("/revalidate", page(|| expires(Some("must-revalidate"))))
        .layer(TracksLayer::new(sets()).key(VisitorCookie::plain()))
}

async fn get(nginx: &Nginx, path: &'static str, header: Option<(&'static str, &str)>) -> Page {
    let headers: Vec<_> = header
        .map(|(name, value)| (name, value.to_owned()))
        .into_iter()
        .collect();
    let asked = |(): &()| (path, headers.clone());
    send(nginx.address, vec![()], asked).await.remove(0).1
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bots_page_is_nobody_elses() {
    let [shop, _] = caches();
    let Some(nginx) = Nginx::start(shop, serve(app()).await) else {
        return;
    };
    for path in ["/accel", "/expires", "/revalidate"] {
        for _ in 0..2 {
            let page = get(&nginx, path, Some(AGENT)).await;
            assert_eq!(
                (page.body.as_str(), page.is_hit()),
                ("none", false),
                "{path}"
            );
        }
        for _ in 0..3 {
            let page = get(&nginx, path, None).await;
            assert!(page.body != "none" && !page.is_hit(), "{path}");
            assert_eq!(cookies(&page.headers).len(), 1, "{path}");
        }
    }
}

/// If sharing is allowed, the handler's headers stay: nginx shares the page among equal requests.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_visitors_page_is_as_the_handler_says() {
    let [shop, _] = caches();
    let Some(nginx) = Nginx::start(shop, serve(app()).await) else {
        return;
    };
    let (sets, keys) = (sets(), ["visitor00000000000001A", "visitor00000000000002A"]);
    for (path, is_shared) in [
        ("/accel", true),
        ("/expires", false),
        ("/revalidate", false),
    ] {
        for key in keys {
            let cookie = format!("tracks={key}");
            let own = sets.assign(key, &()).track().map(str::to_owned);
            for hit in [false, is_shared] {
                let page = get(&nginx, path, Some(("cookie", &cookie))).await;
                assert_eq!(Some(&page.body), own.as_ref(), "{path}");
                assert_eq!(page.is_hit(), hit, "{path}");
            }
        }
    }
}
