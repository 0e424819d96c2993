//! A client of the next service.

use std::error::Error;

use axum::{
    body::Bytes,
    http::{HeaderMap, Request, Uri},
};
use http_body_util::{BodyExt, Empty};
use hyper_util::{
    client::legacy::{self, connect::HttpConnector},
    rt::TokioExecutor,
};

#[derive(Clone)]
pub(super) struct Client(legacy::Client<HttpConnector, Empty<Bytes>>);

impl Client {
    pub(super) fn new() -> Self {
        Self(legacy::Client::builder(TokioExecutor::new()).build_http())
    }

    pub(super) async fn get(
        &self,
        uri: &Uri,
        headers: HeaderMap,
    ) -> Result<String, Box<dyn Error + Send + Sync>> {
        let mut request = Request::new(Empty::new());
        *request.uri_mut() = uri.clone();
        *request.headers_mut() = headers;
        let response = self.0.request(request).await?;
        if !response.status().is_success() {
            return Err(format!("{uri} returned {}", response.status()).into());
        }
        let body = response.into_body().collect().await?.to_bytes();
        Ok(String::from_utf8(body.into())?)
    }
}
