//! What visitors look through.

use std::time::Duration;

use axum::http::{
    HeaderMap, Method, Request,
    header::{CONTENT_TYPE, COOKIE, USER_AGENT},
};
use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use tokio::time::timeout;
use tower_tracks::middleware::TRACKS_EXPOSURE;

pub(super) type Failure = Box<dyn std::error::Error + Send + Sync>;

/// How long a visitor waits for a response.
const PATIENCE: Duration = Duration::from_secs(10);

/// A browser that knows one shop. It keeps no cookies; its visitors bring theirs.
#[derive(Clone)]
pub(super) struct Browser {
    client: Client<HttpConnector, Full<Bytes>>,
    shop: String,
}

impl Browser {
    pub(super) fn new(shop: &str) -> Self {
        Self {
            client: Client::builder(TokioExecutor::new()).build_http(),
            shop: shop.to_owned(),
        }
    }

    /// Looks at a page; returns which tracks it says were met.
    pub(super) async fn look(&self, path: &str, cookie: &str) -> Result<Option<String>, Failure> {
        let headers = self.send(Method::GET, path, cookie, String::new()).await?;
        let met = headers.get(TRACKS_EXPOSURE);
        Ok(met.and_then(|met| Some(met.to_str().ok()?.to_owned())))
    }

    /// Sends a form.
    pub(super) async fn submit(
        &self,
        path: &str,
        cookie: &str,
        form: String,
    ) -> Result<(), Failure> {
        self.send(Method::POST, path, cookie, form).await?;
        Ok(())
    }

    async fn send(
        &self,
        method: Method,
        path: &str,
        cookie: &str,
        form: String,
    ) -> Result<HeaderMap, Failure> {
        let request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.shop))
            .header(USER_AGENT, agent(cookie))
            .header(COOKIE, cookie)
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Full::from(form))?;
        let response = timeout(PATIENCE, self.client.request(request)).await??;
        if !response.status().is_success() {
            return Err(response.status().to_string().into());
        }
        let (head, body) = response.into_parts();
        body.collect().await?;
        Ok(head.headers)
    }
}

/// Returns what a visitor looks through: one and the same for the same cookies.
fn agent(cookie: &str) -> &'static str {
    let sum = cookie.bytes().map(u32::from).sum::<u32>();
    match sum % 5 {
        0..3 => "Mozilla/5.0 (a visitor of the coconut shop) Mobile",
        _ => "Mozilla/5.0 (a visitor of the coconut shop)",
    }
}
