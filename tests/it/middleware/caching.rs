//! Caching headers: every combination of a request and the headers of its handler.

use axum::{Router, body::Body, routing::get as on_get};
use http::{
    HeaderMap, HeaderName, HeaderValue, Response, StatusCode,
    header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, VARY},
};
use tower_tracks::{Assignment, KeySource, Reason, TracksLayer, VisitorCookie};

use crate::support::{always, cookies, send};

const VISITOR: &str = "tracks=AAECAwQFBgcICQoLDA0ODw";

/// Where the key comes from, and whether it is a new visitor's.
#[derive(Clone, Copy, Debug, PartialEq)]
enum KeyFrom {
    Cookie,
    NewCookie,
    Header,
    Extension,
}

#[derive(Clone, Copy, Debug)]
struct Case {
    reads: bool,
    key: KeyFrom,
    cache_control: Option<&'static str>,
    vary: Option<&'static str>,
    etag: bool,
    status: StatusCode,
    grpc: bool,
}

fn cases() -> impl Iterator<Item = Case> {
    let keys = [
        KeyFrom::Cookie,
        KeyFrom::NewCookie,
        KeyFrom::Header,
        KeyFrom::Extension,
    ];
    let cache_controls = [
        None,
        Some("public"),
        Some("s-maxage=60"),
        Some("private"),
        Some("no-store"),
        Some("max-age=60"),
        Some("public, max-age=60"),
        Some("max-age=5, S-MaxAge=60"),
        Some("private=\"x\""),
    ];
    let varies = [
        None,
        Some("Accept"),
        Some("accept, cookie"),
        Some("X-User"),
        Some("*"),
    ];
    let statuses = [StatusCode::OK, StatusCode::NOT_MODIFIED];
    let mut cases = Vec::new();
    for reads in [false, true] {
        for key in keys {
            for cache_control in cache_controls {
                for vary in varies {
                    for (etag, status, grpc) in [false, true].into_iter().flat_map(|etag| {
                        statuses.into_iter().flat_map(move |status| {
                            [false, true]
                                .into_iter()
                                .map(move |grpc| (etag, status, grpc))
                        })
                    }) {
                        cases.push(Case {
                            reads,
                            key,
                            cache_control,
                            vary,
                            etag,
                            status,
                            grpc,
                        });
                    }
                }
            }
        }
    }
    cases.into_iter()
}

impl Case {
    /// What the handler says by itself.
    fn said(self) -> HeaderMap {
        let mut headers = HeaderMap::new();
        let values = [
            (CACHE_CONTROL, self.cache_control),
            (VARY, self.vary),
            (ETAG, self.etag.then_some("\"1\"")),
            (CONTENT_TYPE, self.grpc.then_some("application/grpc+proto")),
        ];
        for (name, value) in values {
            headers.extend(value.map(|value| (name, HeaderValue::from_static(value))));
        }
        headers
    }

    async fn answer(self) -> Response<Body> {
        let user = HeaderName::from_static("x-user");
        let source = match self.key {
            KeyFrom::Cookie | KeyFrom::NewCookie => VisitorCookie::plain().into(),
            KeyFrom::Header => KeySource::trusted_header(user),
            KeyFrom::Extension => KeySource::extension(|user: &u64| *user),
        };
        let handler = async move |assignment: Assignment| {
            if self.reads {
                assignment.track();
            }
            (self.status, self.said())
        };
        let app: Router = Router::new()
            .route("/", on_get(handler))
            .layer(TracksLayer::new(always("delay")).key(source))
            .layer(axum::Extension(7_u64));
        let headers: &[_] = match self.key {
            KeyFrom::Cookie => &[("cookie", VISITOR)],
            KeyFrom::Header => &[("x-user", "7")],
            KeyFrom::NewCookie | KeyFrom::Extension => &[],
        };
        send(app, "GET", "/", headers).await
    }

    fn expected_vary(self) -> Vec<String> {
        let mut expected: Vec<String> = list(self.vary.unwrap_or_default());
        let by = if self.key == KeyFrom::Header {
            "x-user"
        } else {
            "cookie"
        };
        for by in [by, "sec-gpc"] {
            let is_said = expected.iter().any(|said| said == "*" || said == by);
            if self.depends() && !is_said {
                expected.push(by.to_owned());
            }
        }
        expected
    }

    fn expected_cache_control(self) -> Vec<String> {
        let mut expected = list(self.cache_control.unwrap_or_default());
        let is_shared = |said: &String| said == "public" || said.starts_with("s-maxage");
        let is_kept = |said: &String| said == "private" || said == "no-store";
        if !self.depends() || expected.iter().any(is_kept) {
            return expected;
        }
        let is_known = matches!(self.key, KeyFrom::Cookie | KeyFrom::Header);
        if expected.iter().any(is_shared) && is_known {
            return expected;
        }
        expected.retain(|said| !is_shared(said));
        expected.push("private".to_owned());
        expected
    }

    fn depends(self) -> bool {
        self.reads && !self.grpc
    }
}

fn list(text: &str) -> Vec<String> {
    let items = text.split(',').map(|item| item.trim().to_ascii_lowercase());
    items.filter(|item| !item.is_empty()).collect()
}

fn said(headers: &HeaderMap, name: HeaderName) -> Vec<String> {
    let lines = headers.get_all(name).into_iter();
    lines
        .flat_map(|line| list(line.to_str().unwrap()))
        .collect()
}

#[tokio::test]
async fn every_combination() {
    let mut count = 0;
    for case in cases() {
        let response = case.answer().await;
        let headers = response.headers();
        assert_eq!(said(headers, VARY), case.expected_vary(), "{case:?}");
        assert_eq!(
            said(headers, CACHE_CONTROL),
            case.expected_cache_control(),
            "{case:?}"
        );
        assert_eq!(headers.get(ETAG).is_some(), case.etag, "{case:?}");
        let is_new = case.reads && case.key == KeyFrom::NewCookie;
        assert_eq!(cookies(headers).len(), usize::from(is_new), "{case:?}");
        assert_eq!(
            headers.contains_key("tracks-exposure"),
            case.reads,
            "{case:?}"
        );
        count += 1;
    }
    assert_eq!(count, 2 * 4 * 9 * 5 * 8);
}

/// Answers a request whose handler looks at its assignment and says `public`.
async fn public(layer: TracksLayer, headers: &[(&str, &str)]) -> Response<Body> {
    let handler = async |assignment: Assignment| {
        let reason = assignment.reason();
        ([(CACHE_CONTROL, "public, max-age=60")], reason.as_str())
    };
    send(
        Router::new().route("/", on_get(handler)).layer(layer),
        "GET",
        "/",
        headers,
    )
    .await
}

/// `Vary` does not name the headers of bots and of visitors who did not agree.
#[tokio::test]
async fn pages_that_depend_on_more_than_the_key_are_never_shared() {
    for (header, value, reason) in [
        ("user-agent", "Googlebot/2.1", Reason::Bot),
        ("sec-purpose", "prefetch", Reason::Speculative),
        ("sec-gpc", "1", Reason::Bucketed),
    ] {
        let layer = TracksLayer::new(always("delay"));
        let response = public(layer, &[("cookie", VISITOR), (header, value)]).await;
        assert_eq!(
            said(response.headers(), CACHE_CONTROL),
            ["max-age=60", "private"]
        );
        assert!(cookies(response.headers()).is_empty());
        assert_eq!(crate::support::body_text(response).await, reason.as_str());
    }
    let none: [KeySource; 0] = [];
    let response = public(TracksLayer::new(always("delay")).key(none), &[]).await;
    assert_eq!(
        said(response.headers(), CACHE_CONTROL),
        ["max-age=60", "private"]
    );
}

/// Eligibility looks at cookies, too, so that being in no test depends on them.
#[tokio::test]
async fn being_in_no_test_is_private() {
    let nobody = tower_tracks::SimpleTrackSet::new("delay")
        .track("on", 1)
        .eligible(|(): &()| false);
    let layer = TracksLayer::new(nobody.build().unwrap());
    let handler = async |assignment: Assignment| assert_eq!(assignment.track(), None);
    let response = send(
        Router::new().route("/", on_get(handler)).layer(layer),
        "GET",
        "/",
        &[],
    )
    .await;
    assert_eq!(said(response.headers(), CACHE_CONTROL), ["private"]);
    assert_eq!(said(response.headers(), VARY), ["cookie", "sec-gpc"]);
    assert!(cookies(response.headers()).is_empty());
}

/// nginx before 1.23 reads only the last line of `Vary`.
#[tokio::test]
async fn the_layer_adds_one_line_of_vary() {
    let user = HeaderName::from_static("x-user");
    for (source, added) in [
        (KeySource::cookie("id"), "Cookie, Sec-GPC"),
        (KeySource::trusted_header(user), "x-user, Sec-GPC"),
    ] {
        for own in [None, Some("accept")] {
            let handler = async move |assignment: Assignment| {
                assignment.track();
                let own = own.map(|own| (VARY, HeaderValue::from_static(own)));
                HeaderMap::from_iter(own)
            };
            let layer = TracksLayer::new(always("delay")).key(source.clone());
            let app: Router = Router::new().route("/", on_get(handler)).layer(layer);
            let response = send(app, "GET", "/", &[("cookie", "id=1"), ("x-user", "1")]).await;
            let lines: Vec<_> = response.headers().get_all(VARY).iter().collect();
            let expected: Vec<_> = own.into_iter().chain([added]).collect();
            assert_eq!(lines, expected);
        }
    }
}

/// The response to `HEAD` has the headers of the page.
#[tokio::test]
async fn head_says_the_same() {
    let handler = async |assignment: Assignment| assert!(assignment.track().is_some());
    let app: Router = Router::new()
        .route("/", on_get(handler))
        .layer(TracksLayer::new(always("delay")));
    let response = send(app, "HEAD", "/", &[]).await;
    assert_eq!(said(response.headers(), VARY), ["cookie", "sec-gpc"]);
    assert_eq!(said(response.headers(), CACHE_CONTROL), ["private"]);
}
