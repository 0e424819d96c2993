//! Requests that only an attacker sends: each costs what its bytes cost, and none is an error of ours.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering::SeqCst},
};

use allocation_counter::measure;
use axum::{Router, body::Body};
use futures_util::{FutureExt, stream};
use http::{Request, StatusCode};
use tower::ServiceExt;
use tower_tracks::{TracksLayer, Units, middleware::Override};

use super::{Answer, PAGES, answer_of, dashboard, filled, read, send};

/// The longest address that is taken, in bytes.
const ADDRESS: usize = 60_000;

/// What takes a form.
const FORMS: [&str; 5] = ["/unit", "/pause", "/resume", "/change", "/link"];

async fn router() -> Router {
    let layer = TracksLayer::new(super::filled::pricing().unwrap());
    let units = Units::pseudonym(super::filled::SECRET).unwrap();
    let overrides = Override::new(super::filled::SECRET).unwrap();
    let dashboard = dashboard(filled().0).pauses(layer.pauses()).units(units);
    let router = dashboard.links(overrides, "/").into_router();
    read(&router).await;
    router
}

fn request(method: &str, uri: &str) -> http::request::Builder {
    Request::builder()
        .method(method)
        .uri(uri)
        .header("x-who", "Ann")
}

async fn ask(router: &Router, method: &str, uri: &str) -> Answer {
    send(router, request(method, uri).body(Body::empty()).unwrap()).await
}

/// Returns how many bytes are allocated for the answer to a path, and how long the answer is.
fn cost(router: &Router, path: &str) -> (u64, Answer) {
    let request = request("GET", path).body(Body::empty()).unwrap();
    let (router, mut answer) = (router.clone(), None);
    let allocated = measure(|| answer = router.oneshot(request).now_or_never());
    let answer = answer_of(answer.unwrap().unwrap());
    (allocated.bytes_total, answer.now_or_never().unwrap())
}

#[tokio::test]
async fn a_path_that_does_not_exist_costs_the_same_whatever_its_length() {
    let router = router().await;
    let (usual, _) = cost(&router, "/a/b/c/d");
    for part in ["/", "/a", "a", "%2F", "<", "/../", "/%3Cscript%3E"] {
        let path = format!("/{}", part.repeat(ADDRESS / part.len()));
        let Ok(_) = path.parse::<http::Uri>() else {
            continue;
        };
        let (allocated, answer) = cost(&router, &path);
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{part}");
        assert!(
            answer.body.len() < 2_000,
            "{part}: {} bytes",
            answer.body.len()
        );
        assert!(
            allocated <= 2 * usual,
            "{part}: {allocated} bytes, not {usual}"
        );
    }
}

/// Queries that say too much, too often, or nothing that can be read.
fn queries() -> Vec<String> {
    let many: String = (0..5_000).map(|number| format!("p{number}=1&")).collect();
    vec![
        many,
        "name=pricing&".repeat(4_000),
        "a&".repeat(20_000),
        "name[a][b][c]=1&".repeat(2_000),
        format!("name={}", "%3C".repeat(20_000)),
        format!("id={}", "%25".repeat(20_000)),
        format!("id={}", "%FF".repeat(20_000)),
        format!("baseline={0}&lift={0}", "9".repeat(20_000)),
        "%".repeat(ADDRESS),
        format!("name=pricing&phase={}", "9".repeat(50_000)),
        format!("name=pricing&from={}", usize::MAX),
        "name=pricing&phase=-1".to_owned(),
        "baseline=1e-300&lift=1e-300&tracks=1000&daily=1e-300".to_owned(),
        "baseline=1e308&deviation=1e308&lift=1e308&tracks=1000".to_owned(),
        "baseline=99.99999999999999&lift=1e-12&daily=1".to_owned(),
        "baseline=-0&deviation=-1&lift=nan&tracks=18446744073709551616".to_owned(),
    ]
}

#[tokio::test]
async fn no_query_is_an_error_of_ours_and_answers_are_bounded() {
    let router = router().await;
    for page in PAGES.into_iter().chain(["/", "/nothing"]) {
        let usual = ask(&router, "GET", page).await.body.len();
        for query in queries() {
            let path = page.split('?').next().unwrap();
            let answer = ask(&router, "GET", &format!("{path}?{query}")).await;
            let status = answer.status;
            let what = format!("{path}?{}", &query[..query.len().min(60)]);
            assert!(!status.is_server_error(), "{what}: {status}");
            // A form shows what was typed, escaped, and so do its links.
            let most = usual.max(100_000) + 10 * query.len();
            let length = answer.body.len();
            assert!(length < most, "{what}: {length} bytes");
        }
    }
}

#[tokio::test]
async fn headers_and_methods_change_nothing_but_what_they_are_for() {
    let router = router().await;
    let languages = "de;q=0.5,".repeat(6_000);
    let (cookies, tags) = ("a=b; ".repeat(10_000), "\"a\", ".repeat(10_000));
    let slashes = "/".repeat(ADDRESS);
    for page in PAGES {
        let usual = ask(&router, "GET", page).await;
        for (name, value) in [
            ("accept-language", &*languages),
            ("cookie", &*cookies),
            ("if-none-match", &*tags),
            ("if-none-match", "*"),
            ("if-match", "\"a\""),
            ("if-modified-since", "Fri, 31 Dec 9999 23:59:59 GMT"),
            ("if-unmodified-since", "x"),
            ("range", "bytes=0-0,1-1,2-2"),
            ("accept-encoding", "gzip;q=2, \u{7f}"),
            ("expect", "100-continue"),
            ("x-original-uri", &*slashes),
            ("x-http-method-override", "DELETE"),
        ] {
            let Ok(request) = request("GET", page).header(name, value).body(Body::empty()) else {
                continue;
            };
            let answer = send(&router, request).await;
            let found = (
                answer.status,
                answer.body.len().abs_diff(usual.body.len()) < 50,
            );
            assert_eq!(found, (StatusCode::OK, true), "{page} {name}");
        }
        let head = ask(&router, "HEAD", page).await;
        assert_eq!((head.status, &*head.body), (StatusCode::OK, ""), "{page}");
        for method in ["OPTIONS", "PUT", "DELETE", "TRACE", "CONNECT", "BREW"] {
            let status = ask(&router, method, page).await.status;
            assert_eq!(status, StatusCode::METHOD_NOT_ALLOWED, "{method} {page}");
        }
    }
}

/// Sends a body that never ends, and returns how many bytes of it were read.
async fn flood(router: &Router, path: &str, who: &str, piece: &'static str) -> (StatusCode, usize) {
    let bytes = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&bytes);
    let pieces = stream::repeat_with(move || {
        count.fetch_add(piece.len(), SeqCst);
        Ok::<_, std::io::Error>(piece)
    });
    let form = "application/x-www-form-urlencoded";
    let request = Request::post(path).header("content-type", form);
    let request = request.header("x-who", who).body(Body::from_stream(pieces));
    let status = send(router, request.unwrap()).await.status;
    (status, bytes.load(SeqCst))
}

#[tokio::test]
async fn a_form_that_never_ends_is_refused_after_some_kilobytes() {
    let router = router().await;
    for path in FORMS {
        for piece in ["a=1&", "%", "key=a&set=b&", "=", "&"] {
            let (status, bytes) = flood(&router, path, "Ann", piece).await;
            assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE, "{path} {piece}");
            assert!(bytes < 20_000, "{path} {piece}: {bytes} bytes");
        }
    }
    // Who may not act is refused before anything is read.
    for path in ["/pause", "/resume", "/change", "/link"] {
        let (status, bytes) = flood(&router, path, "read", "a=1&").await;
        assert_eq!((status, bytes), (StatusCode::FORBIDDEN, 0), "{path}");
    }
    for path in PAGES.into_iter().filter(|path| *path != "/unit") {
        let (status, bytes) = flood(&router, path, "Ann", "a=1&").await;
        assert_eq!(
            (status, bytes),
            (StatusCode::METHOD_NOT_ALLOWED, 0),
            "{path}"
        );
    }
}
