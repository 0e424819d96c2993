//! Which hosts a browser may address the dashboard by.

use std::{net::SocketAddr, sync::Arc};

use axum::{Router, body::Body, extract::ConnectInfo};
use http::{Request, StatusCode, request::Parts};
use tower_tracks::{
    dashboard::{Access, BasicAuth, Dashboard},
    store::Memory,
};

use super::{Answer, PAGES, send};

const EVIL: &str = "evil.example:3000";

fn of(access: impl Fn(&Parts) -> Access + Send + Sync + 'static) -> Dashboard {
    Dashboard::new(Arc::new(Memory::default()), access)
}

async fn ask(router: &Router, path: &str, headers: &[(&str, &str)]) -> Answer {
    let address = SocketAddr::from(([127, 0, 0, 1], 50_000));
    let request = Request::get(path).extension(ConnectInfo(address));
    let request = request.extension("a signed-in user");
    let request = headers.iter().fold(request, |request, header| {
        request.header(header.0, header.1)
    });
    send(router, request.body(Body::empty()).unwrap()).await
}

fn is_of_this_machine(parts: &Parts) -> Access {
    let address = parts.extensions.get::<ConnectInfo<SocketAddr>>();
    match address.is_some_and(|address| address.0.ip().is_loopback()) {
        true => Access::Act("Ann".to_owned()),
        false => Access::None,
    }
}

fn is_forwarded_for_this_machine(parts: &Parts) -> Access {
    match parts.headers.get("x-forwarded-for") {
        Some(address) if address == "10.0.0.7" => Access::Read,
        _ => Access::None,
    }
}

/// Access that a page of any site has, as the browser that shows it.
#[tokio::test]
async fn access_without_a_credential_requires_an_allowed_host() {
    for router in [
        of(|_| Access::Act("Ann".to_owned())).into_router(),
        of(|_| Access::Numbers).into_router(),
        of(is_of_this_machine).into_router(),
        of(is_forwarded_for_this_machine).into_router(),
    ] {
        for path in PAGES.into_iter().chain(["/", "/nothing"]) {
            let from = ("x-forwarded-for", "10.0.0.7");
            let cookie = ("cookie", "session=made-up");
            for forged in [cookie, ("authorization", "Basic b3duZXI6Y29jb251dA==")] {
                let answer = ask(&router, path, &[("host", EVIL), from, forged]).await;
                assert_eq!(answer.status, StatusCode::MISDIRECTED_REQUEST, "{path}");
                let sentence = format!("The host “{EVIL}” is not allowed.");
                assert!(answer.body.contains(&sentence), "{}", answer.body);
            }
            let answer = ask(&router, path, &[("host", "localhost:3000"), from]).await;
            assert_ne!(answer.status, StatusCode::MISDIRECTED_REQUEST, "{path}");
        }
    }
}

/// A service in a cluster has names that it does not know itself.
#[tokio::test]
async fn access_by_a_credential_requires_no_host() {
    let owner = BasicAuth::new("owner", "coconut").unwrap();
    let by_cookie = |parts: &Parts| match parts.headers.get("cookie") {
        Some(cookie) if cookie == "session=of-ann" => Access::Read,
        _ => Access::None,
    };
    let by_extension = |parts: &Parts| match parts.extensions.get::<&str>() {
        Some(_) => Access::Read,
        None => Access::None,
    };
    let by_query = |parts: &Parts| match parts.uri.query() {
        Some("token=of-ann") => Access::Read,
        _ => Access::None,
    };
    for router in [
        of(move |parts| owner.access(parts)).into_router(),
        of(by_cookie).into_router(),
        of(by_extension).into_router(),
        of(by_query).into_router(),
    ] {
        let headers = [
            ("host", "tracks.svc.cluster.local"),
            ("authorization", "Basic b3duZXI6Y29jb251dA=="),
            ("cookie", "session=of-ann"),
        ];
        let answer = ask(&router, "/sets?token=of-ann", &headers).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    }
}

#[tokio::test]
async fn named_hosts_are_required_of_all_and_any_host_of_none() {
    let all = |_: &Parts| Access::Read;
    let named = of(all).hosts(["shop.example"]).into_router();
    let any = of(all).any_host().into_router();
    let owner = BasicAuth::new("owner", "coconut").unwrap();
    let owned = of(move |parts| owner.access(parts)).hosts(["shop.example"]);
    let owned = owned.into_router();
    let password = ("authorization", "Basic b3duZXI6Y29jb251dA==");
    for (host, expected) in [
        ("shop.example", StatusCode::OK),
        ("SHOP.example:8443", StatusCode::OK),
        ("localhost:3000", StatusCode::OK),
        (EVIL, StatusCode::MISDIRECTED_REQUEST),
    ] {
        for router in [&named, &owned] {
            let answer = ask(router, "/sets", &[("host", host), password]).await;
            assert_eq!(answer.status, expected, "{host}");
        }
        let answer = ask(&any, "/sets", &[("host", host)]).await;
        assert_eq!(answer.status, StatusCode::OK, "{host}");
    }
}
