//! Hosts of this machine, which browsers reach without TLS.
//!
//! They matter for one warning: browsers drop a `Secure` cookie over HTTP, and each reload is then a
//! new visitor. The dashboard uses the same rule for its own access.

use std::net::IpAddr;

use http::{HeaderMap, header::HOST, request::Parts};

/// Returns whether the request was sent to this machine, by name or by address. HTTP/2 has the host in
/// the URI, HTTP/1.1 in the header `Host`.
pub(crate) fn is_addressed_by(parts: &Parts) -> bool {
    let host = parts.uri.host().or_else(|| host(&parts.headers));
    host.is_some_and(is_loopback)
}

/// Returns whether a host without its port is this machine. Only `localhost` and loopback addresses
/// are: another name could be resolved to any machine.
pub(crate) fn is_loopback(host: &str) -> bool {
    // The brackets of an IPv6 address in a URI (RFC 3986, section 3.2.2) are not part of it.
    let address = host.trim_start_matches('[').trim_end_matches(']');
    let address: Option<IpAddr> = address.parse().ok();
    host == "localhost" || address.is_some_and(|address| address.is_loopback())
}

/// Returns the host of the header `Host`, without the port. In an IPv6 address, the colons inside
/// brackets are not those of a port.
fn host(headers: &HeaderMap) -> Option<&str> {
    let authority = headers.get(HOST)?.to_str().ok()?;
    match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => Some(host),
        _ => Some(authority),
    }
}
