use std::net::IpAddr;

use http::{HeaderMap, header::HOST, request::Parts};

/// Returns whether a request was sent to this very machine, by name or by address.
pub(crate) fn is_addressed_by(parts: &Parts) -> bool {
    let host = parts.uri.host().or_else(|| host(&parts.headers));
    host.is_some_and(is_loopback)
}

/// Returns whether a host without its port is this very machine, as no name server decides.
pub(crate) fn is_loopback(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']');
    let address: Option<IpAddr> = address.parse().ok();
    host == "localhost" || address.is_some_and(|address| address.is_loopback())
}

fn host(headers: &HeaderMap) -> Option<&str> {
    let authority = headers.get(HOST)?.to_str().ok()?;
    match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => Some(host),
        _ => Some(authority),
    }
}
