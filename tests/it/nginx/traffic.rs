//! Many requests at a time, over real connections.

use std::{net::SocketAddr, time::Duration};

use axum::body::Body;
use futures_util::{StreamExt, stream};
use http::{HeaderMap, Request, Response};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};

use crate::support::{body_text, request};

const AT_A_TIME: usize = 32;

/// How long a connection is kept for another request.
const IDLE: Duration = Duration::from_millis(500);

/// What came back.
pub(crate) struct Page {
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Page {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    pub(crate) fn is_hit(&self) -> bool {
        self.header("x-cache") == Some("HIT")
    }
}

/// Sends all requests, and returns each with its page.
pub(crate) async fn send<A>(
    address: SocketAddr,
    all: Vec<A>,
    asked: impl Fn(&A) -> (&'static str, Vec<(&'static str, String)>),
) -> Vec<(A, Page)> {
    // A server may close a connection that was idle for longer just as it is used again.
    let mut client = Client::builder(TokioExecutor::new());
    let client = client.pool_idle_timeout(IDLE).build_http();
    let pages = stream::iter(all).map(|one| {
        let (path, headers) = asked(&one);
        let headers: Vec<_> = headers.iter().map(|(name, v)| (*name, &**v)).collect();
        let request = request("GET", &format!("http://{address}{path}"), &headers);
        let page = get(&client, request);
        async { (one, page.await) }
    });
    pages.buffer_unordered(AT_A_TIME).collect().await
}

fn get(
    client: &Client<HttpConnector, Body>,
    request: Request<Body>,
) -> impl Future<Output = Page> + use<> {
    let response = client.request(request);
    async {
        let response: Response<_> = response.await.unwrap().map(Body::new);
        assert_eq!(response.status(), 200);
        let headers = response.headers().clone();
        let body = body_text(response).await;
        Page { headers, body }
    }
}
