use std::collections::BTreeMap;

use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use tower_tracks::middleware::TRACKS_EXPOSURE;

pub(super) type HttpClient = Client<HttpConnector, Full<Bytes>>;

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
        self.send(Method::GET, path, "").await
    }

    pub(super) async fn post(&mut self, path: &str) -> Page {
        self.submit(path, "").await
    }

    /// Sends a form.
    pub(super) async fn submit(&mut self, path: &str, form: &str) -> Page {
        self.send(Method::POST, path, form).await
    }

    /// Sends a form to a server that may be gone.
    pub(super) async fn try_submit(&mut self, path: &str, form: &str) -> Option<Page> {
        self.try_send(Method::POST, path, form).await
    }

    async fn send(&mut self, method: Method, path: &str, form: &str) -> Page {
        self.try_send(method, path, form).await.unwrap()
    }

    async fn try_send(&mut self, method: Method, path: &str, form: &str) -> Option<Page> {
        let mut request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.origin));
        if !form.is_empty() {
            let kind = "application/x-www-form-urlencoded";
            request = request.header(header::CONTENT_TYPE, kind);
        }
        if !self.jar.is_empty() {
            request = request.header(header::COOKIE, self.cookies());
        }
        let form = Bytes::copy_from_slice(form.as_bytes());
        let request = request.body(Full::new(form)).unwrap();
        let (head, body) = self.client.request(request).await.ok()?.into_parts();
        self.keep_cookies(&head.headers);
        let body = body.collect().await.ok()?.to_bytes();
        Some(Page {
            status: head.status,
            headers: head.headers,
            body: String::from_utf8(body.to_vec()).unwrap(),
        })
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

    /// Returns what the form sends whose button has this label.
    pub(super) fn form(&self, label: &str) -> String {
        let (before, _) = self.body.split_once(label).unwrap();
        let (_, form) = before.rsplit_once("<form").unwrap();
        let inputs = form.split("<input").skip(1);
        let pair = |input: &str| {
            let of = |name: &str| input.split(name).nth(1)?.split('"').nth(1);
            Some(format!("{}={}", of("name=")?, of("value=")?))
        };
        let pairs: Option<Vec<String>> = inputs.map(pair).collect();
        pairs.unwrap().join("&")
    }

    pub(super) fn has_banner(&self) -> bool {
        self.body.contains("class=\"banner\"")
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
