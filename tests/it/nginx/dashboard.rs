//! The dashboard behind a proxy that strips its prefix or renames it.

use axum::Router;
use http::{Request, StatusCode};
use http_body_util::{BodyExt, Empty};
use hyper::body::Bytes;
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use std::{net::SocketAddr, sync::Arc, time::Duration};
use tower_tracks::{
    SimpleTrackSet, TracksLayer,
    dashboard::{Access, Dashboard},
    store::Memory,
};

use crate::support::{links, resolve};

use super::{app::serve, server::Nginx};

/// The module's documentation has the locations that rename.
const MODULE: &str = include_str!("../../../src/dashboard/mod.rs");

/// Beside those: one that strips a prefix, and one that sends all as it is.
const OTHERS: &str = "
    location /inner/ { proxy_pass http://127.0.0.1:3000/; }
    location /tracks { proxy_pass http://127.0.0.1:3000; }
";

type Http = Client<HttpConnector, Empty<Bytes>>;

fn server() -> String {
    let (_, rest) = MODULE.split_once("//! ```nginx\n").unwrap();
    let (block, _) = rest.split_once("//! ```\n").unwrap();
    let renaming = block.replace("//!", "");
    format!("server {{\nlisten 80;\naccess_log /var/log/nginx/results.log;\n{renaming}{OTHERS}}}\n")
}

fn dashboard() -> Router {
    let delay = SimpleTrackSet::new("delay")
        .track("long", 2000)
        .build()
        .unwrap();
    let layer = TracksLayer::new(delay);
    let access = |_: &http::request::Parts| Access::Act("Ann".to_owned());
    let dashboard = Dashboard::new(Arc::new(Memory::default()), access).pauses(layer.pauses());
    let dashboard = dashboard.refresh(Duration::from_secs(3600));
    Router::new().nest_service("/tracks", dashboard.into_router())
}

/// Follows redirects, as a browser does, and returns the last path, status and page.
async fn browse(client: &Http, at: SocketAddr, path: &str) -> (String, StatusCode, String) {
    let mut path = path.to_owned();
    for _ in 0..4 {
        let request = Request::get(format!("http://{at}{path}")).body(Empty::new());
        let (head, body) = client.request(request.unwrap()).await.unwrap().into_parts();
        if !head.status.is_redirection() {
            let body = body.collect().await.unwrap().to_bytes();
            return (path, head.status, String::from_utf8(body.to_vec()).unwrap());
        }
        path = resolve(&path, head.headers["location"].to_str().unwrap());
    }
    panic!("{path} leads in circles");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn links_of_the_dashboard_work_under_every_name() {
    let Some(nginx) = Nginx::run(&server(), serve(dashboard()).await) else {
        return;
    };
    let client: Http = Client::builder(TokioExecutor::new()).build_http();
    for name in ["/admin/ab", "/staff/ab", "/inner/tracks", "/tracks"] {
        for slash in ["", "/"] {
            let entry = format!("{name}{slash}");
            let (page, status, body) = browse(&client, nginx.address, &entry).await;
            assert_eq!(
                (&*page, status),
                (&*format!("{name}/sets"), StatusCode::OK),
                "{entry}"
            );
            let found = links(&body);
            assert!(found.len() > 6, "{entry}: {found:?}");
            for link in found {
                let (_, status, _) = browse(&client, nginx.address, &resolve(&page, &link)).await;
                assert_eq!(status, StatusCode::OK, "{entry}: {link}");
            }
        }
    }
}
