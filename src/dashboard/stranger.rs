//! Detects requests without a credential, by asking the application about a bare copy.

use std::net::SocketAddr;

use axum::extract::ConnectInfo;
use http::{Request, Uri, request::Parts};

/// Headers that browsers and proxies send for anybody: none of them is a credential.
const OF_ANYBODY: [&str; 20] = [
    "accept",
    "accept-encoding",
    "accept-language",
    "cf-connecting-ip",
    "connection",
    "content-length",
    "content-type",
    "forwarded",
    "host",
    "origin",
    "referer",
    "true-client-ip",
    "user-agent",
    "via",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-port",
    "x-forwarded-proto",
    "x-real-ip",
    "x-request-id",
];

/// Returns the same request without whatever may be a credential: it has the method, the path, the
/// address of the client and the headers that anybody's browser sends.
///
/// A request that is admitted as a stranger is admitted without a credential.
pub(super) fn stranger(parts: &Parts) -> Parts {
    let (mut bare, ()) = Request::new(()).into_parts();
    bare.method = parts.method.clone();
    bare.version = parts.version;
    // The method and the path stay, so that an application which opens some paths to everybody
    // decides as for the request itself.
    bare.uri = path_alone(&parts.uri);
    for (name, value) in &parts.headers {
        if is_of_anybody(name.as_str()) {
            bare.headers.append(name, value.clone());
        }
    }
    // The address is no credential: a page that rebinds its name sends requests from the browser of
    // a reader, and so from an address inside the network.
    if let Some(address) = parts.extensions.get::<ConnectInfo<SocketAddr>>() {
        bare.extensions.insert(*address);
    }
    bare
}

/// Returns whether a header is no credential. Browsers alone can set those that begin with `sec-`.
fn is_of_anybody(name: &str) -> bool {
    OF_ANYBODY.contains(&name) || name.starts_with("sec-")
}

/// Returns the path without the query, which may have a token.
fn path_alone(uri: &Uri) -> Uri {
    uri.path().parse().unwrap_or_default()
}
