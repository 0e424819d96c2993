//! Where the key comes from.

use axum::{Extension, Router, body::Body, routing::get as on_get};
use http::{HeaderName, HeaderValue, Request, header::COOKIE};
use tower::ServiceExt;
use tower_tracks::{
    Assignments, Key, KeySource, Reason, SimpleTrackSet, TracksLayer, VisitorCookie,
    middleware::KeySources,
};

use crate::support::{Observed, always, body_text};

#[derive(Clone)]
struct User(u64);

/// A valid visitor cookie.
const VISITOR: &str = "AAECAwQFBgcICQoLDA0ODw";

/// Returns the key under which a request is assigned, or the reason why there is none.
async fn key(sources: impl Into<KeySources>, request: Request<Body>) -> String {
    let observed = Observed::default();
    let layer = TracksLayer::new(always("delay"))
        .key(sources)
        .observe(observed.clone());
    let handler = async |all: Assignments| all.get("delay").unwrap().to_string();
    let app = Router::new()
        .route("/", on_get(handler))
        .layer(layer)
        .layer(Extension(User(7)));
    let text = body_text(app.oneshot(request).await.unwrap()).await;
    match &observed.take()[..] {
        [] => text,
        [exposure] => match exposure.key() {
            Some(key) => String::from_utf8(key.as_bytes().to_vec()).unwrap(),
            None => "random".to_owned(),
        },
        several => panic!("{several:?}"),
    }
}

fn with(headers: &[(&str, &[u8])]) -> Request<Body> {
    let mut request = crate::support::request::<Body>("GET", "/", &[]);
    for (name, value) in headers {
        let name = HeaderName::from_bytes(name.as_bytes()).unwrap();
        request
            .headers_mut()
            .append(name, HeaderValue::from_bytes(value).unwrap());
    }
    request
}

#[tokio::test]
async fn every_source_answers() {
    let header = HeaderName::from_static("x-user");
    let closure = |parts: &http::request::Parts| Some(Key::display(parts.uri.path()));
    assert_eq!(
        key(KeySource::extension(|user: &User| user.0), with(&[])).await,
        "7"
    );
    assert_eq!(
        key(KeySource::cookie("id"), with(&[("cookie", b"id=bob")])).await,
        "bob"
    );
    assert_eq!(
        key(
            KeySource::trusted_header(header),
            with(&[("x-user", b"42")])
        )
        .await,
        "42"
    );
    assert_eq!(key(KeySource::from_fn(closure), with(&[])).await, "/");
    assert_eq!(key(KeySource::random(), with(&[])).await, "random");
    let visitor = format!("tracks={VISITOR}");
    let request = with(&[("cookie", visitor.as_bytes())]);
    assert_eq!(key(VisitorCookie::plain(), request).await, VISITOR);
}

#[tokio::test]
async fn the_first_that_answers_is_taken() {
    let sources = || -> KeySources {
        [
            KeySource::cookie("first"),
            KeySource::trusted_header(HeaderName::from_static("x-second")),
            KeySource::cookie("third"),
            KeySource::extension(|user: &User| user.0),
            KeySource::cookie("never"),
        ]
        .into()
    };
    let check = async |headers: &[(&str, &[u8])], expected: &str| {
        assert_eq!(key(sources(), with(headers)).await, expected);
    };
    check(
        &[("cookie", b"never=n; third=c; first=a"), ("x-second", b"b")],
        "a",
    )
    .await;
    check(&[("cookie", b"never=n; third=c"), ("x-second", b"b")], "b").await;
    check(&[("cookie", b"never=n; third=c")], "c").await;
    check(&[("cookie", b"never=n")], "7").await;
}

#[tokio::test]
async fn cookies_are_found_among_what_strangers_send() {
    let long = [b"id=".as_slice(), &[b'x'; 1025]].concat();
    let check = async |cookies: &[&[u8]], expected: &str| {
        let headers: Vec<_> = cookies.iter().map(|cookie| ("cookie", *cookie)).collect();
        assert_eq!(key(KeySource::cookie("id"), with(&headers)).await, expected);
    };
    check(&[b"a=1; id=bob; b=2"], "bob").await;
    check(&[b"a=1", b"b=2;id=bob"], "bob").await;
    check(&[b"id=bob; id=carol"], "bob").await;
    check(&[b"id=; id=carol"], "carol").await;
    check(&[b"id; =; ;;; id =bob"], "bob").await;
    check(&[b"id=\xff\xfe; id=carol"], "carol").await;
    check(&[&long, b"id=carol"], "carol").await;
    check(&[b"ID=bob; idx=1; xid=2"], "(no-key)").await;
    check(&[b""], "(no-key)").await;
    check(&[], "(no-key)").await;
}

#[tokio::test]
async fn a_header_is_bounded_and_text() {
    let source = || KeySource::trusted_header(HeaderName::from_static("x-user"));
    for bad in [&b""[..], b"\xff", &[b'x'; 1025]] {
        assert_eq!(key(source(), with(&[("x-user", bad)])).await, "(no-key)");
    }
    let longest = [b'x'; 1024];
    assert_eq!(
        key(source(), with(&[("x-user", &longest)])).await.len(),
        1024
    );
}

/// A joined header has no key, whichever hop joined the lines.
#[tokio::test]
async fn a_header_with_several_values_is_no_key() {
    let user = || KeySource::trusted_header(HeaderName::from_static("x-user"));
    let several: [&[&[u8]]; 10] = [
        &[b"mallory", b"alice"],
        &[b"alice", b"alice"],
        &[b"", b"alice"],
        &[b"alice", b""],
        &[b"\xff", b"alice"],
        &[b"mallory", b"bob", b"alice"],
        &[b"mallory, alice"],
        &[b"mallory,alice"],
        &[b",alice"],
        &[b"alice,"],
    ];
    for lines in several {
        let headers: Vec<_> = lines.iter().map(|line| ("x-user", *line)).collect();
        assert_eq!(key(user(), with(&headers)).await, "(no-key)", "{lines:?}");
        // The next source is queried, as if the header were missing.
        let sources = [user(), KeySource::cookie("id")];
        let headers = [&headers[..], &[("cookie", b"id=carol")]].concat();
        assert_eq!(key(sources, with(&headers)).await, "carol", "{lines:?}");
    }
    assert_eq!(key(user(), with(&[("x-user", b"alice")])).await, "alice");
}

#[tokio::test]
async fn without_a_source_there_is_no_key() {
    let none: [KeySource; 0] = [];
    assert_eq!(key(none, with(&[])).await, "(no-key)");
}

/// One layer serves sets about visitors and sets about users.
#[tokio::test]
async fn each_unit_has_its_own_key() {
    let observed = Observed::default();
    let discount = SimpleTrackSet::new("discount")
        .unit_kind("user")
        .without_control()
        .track("on", ());
    let nobody = SimpleTrackSet::new("nobody")
        .unit_kind("team")
        .without_control()
        .track("on", ());
    let layer = TracksLayer::new(always("banner"))
        .and(discount.build().unwrap())
        .unwrap()
        .and(nobody.build().unwrap())
        .unwrap()
        .key(KeySource::cookie("id"))
        .key_of("user", KeySource::extension(|user: &User| user.0))
        .observe(observed.clone());
    let handler = async |all: Assignments| {
        let nobody = all.get("nobody").unwrap();
        assert_eq!((nobody.track(), nobody.reason()), (None, Reason::NoKey));
        all.iter().for_each(|one| drop(one.to_string()));
    };
    let app = Router::new()
        .route("/", on_get(handler))
        .layer(layer)
        .layer(Extension(User(7)));
    let mut request = with(&[]);
    request
        .headers_mut()
        .insert(COOKIE, HeaderValue::from_static("id=bob"));
    app.oneshot(request).await.unwrap();
    let mut told = observed.take();
    told.sort_by_key(|exposure| exposure.set().to_owned());
    let told: Vec<_> = told
        .iter()
        .map(|exposure| (exposure.unit_kind(), exposure.key().unwrap().as_bytes()))
        .collect();
    assert_eq!(told, [("visitor", &b"bob"[..]), ("user", b"7")]);
}
