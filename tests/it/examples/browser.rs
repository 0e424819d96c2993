use std::collections::BTreeMap;

use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use http_body_util::{BodyExt, Empty};
use hyper::body::Bytes;
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use tower_tracks::TRACKS_EXPOSURE;

pub(super) type HttpClient = Client<HttpConnector, Empty<Bytes>>;

/// A client with a cookie jar, as one visitor has it. It follows no redirects.
pub(super) struct Browser {
    client: HttpClient,
    origin: String,
    jar: BTreeMap<String, String>,
}

pub(super) struct Page {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: String,
}

pub(super) fn http_client() -> HttpClient {
    Client::builder(TokioExecutor::new()).build_http()
}

impl Browser {
    pub(super) fn new(origin: &str) -> Self {
        Self {
            client: http_client(),
            origin: origin.to_owned(),
            jar: BTreeMap::new(),
        }
    }

    pub(super) fn cookie(mut self, name: &str, value: &str) -> Self {
        self.jar.insert(name.to_owned(), value.to_owned());
        self
    }

    pub(super) fn has_cookie(&self, name: &str) -> bool {
        self.jar.contains_key(name)
    }

    pub(super) async fn get(&mut self, path: &str) -> Page {
        self.send(Method::GET, path).await
    }

    pub(super) async fn post(&mut self, path: &str) -> Page {
        self.send(Method::POST, path).await
    }

    async fn send(&mut self, method: Method, path: &str) -> Page {
        let mut request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.origin));
        if !self.jar.is_empty() {
            request = request.header(header::COOKIE, self.cookies());
        }
        let request = request.body(Empty::new()).unwrap();
        let (head, body) = self.client.request(request).await.unwrap().into_parts();
        self.keep_cookies(&head.headers);
        let body = body.collect().await.unwrap().to_bytes();
        Page {
            status: head.status,
            headers: head.headers,
            body: String::from_utf8(body.to_vec()).unwrap(),
        }
    }

    fn cookies(&self) -> String {
        let pairs = self
            .jar
            .iter()
            .map(|(name, value)| format!("{name}={value}"));
        pairs.collect::<Vec<_>>().join("; ")
    }

    fn keep_cookies(&mut self, headers: &HeaderMap) {
        for cookie in headers.get_all(header::SET_COOKIE) {
            let cookie = cookie.to_str().unwrap();
            let pair = cookie.split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            if cookie.contains("Max-Age=0") {
                self.jar.remove(name);
            } else {
                self.jar.insert(name.to_owned(), value.to_owned());
            }
        }
    }
}

impl Page {
    pub(super) fn exposure(&self) -> Option<&str> {
        exposure(&self.headers)
    }

    pub(super) fn sets_cookie(&self) -> bool {
        self.headers.contains_key(header::SET_COOKIE)
    }

    /// Returns the prices on the page, in euros.
    pub(super) fn prices(&self) -> Vec<i64> {
        let texts = self.body.split('€').skip(1);
        let price = |text: &str| text.split('.').next().unwrap().parse().unwrap();
        texts.map(price).collect()
    }
}

pub(super) fn exposure(headers: &HeaderMap) -> Option<&str> {
    Some(headers.get(TRACKS_EXPOSURE)?.to_str().unwrap())
}
