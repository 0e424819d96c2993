//! The hosts by which the dashboard may be addressed.

use std::collections::BTreeSet;

use http::{HeaderMap, request::Parts, uri::Authority};

use crate::middleware::is_loopback;

/// The longest name of a host; a longer one is cut before it is shown.
const LONGEST: usize = 253;

/// Which hosts a browser may address the dashboard by.
///
/// A page of another site can make its own name lead to this server (DNS rebinding). Then the
/// browser sends its requests here, with that name as the host, and lets the page read the answers.
#[derive(Debug, Default)]
pub(super) enum Hosts {
    /// This machine's own names; other hosts require a credential.
    #[default]
    Loopback,
    /// This machine's own names and these, also for requests with a credential.
    Named(BTreeSet<String>),
    /// Every host.
    Any,
}

impl Hosts {
    /// Returns a host that the request names and that is not allowed.
    ///
    /// Every name in it has to be allowed: that of the address, of `Host`, and those that proxies
    /// pass on. So a forged header refuses, and never admits. A request without any name is not
    /// from a browser.
    pub(super) fn refused(&self, parts: &Parts) -> Option<String> {
        if matches!(self, Self::Any) {
            return None;
        }
        let refused = hosts_of(parts).into_iter().find(|host| !self.allows(host));
        refused.map(|host| host.chars().take(LONGEST).collect())
    }

    /// Returns whether a request with a credential may have any host: only if the application named
    /// none.
    pub(super) fn may_be_other(&self) -> bool {
        !matches!(self, Self::Named(_))
    }

    /// Returns whether a host is allowed. A host that cannot be parsed is not.
    fn allows(&self, host: &str) -> bool {
        let Some(name) = name_of(host) else {
            return false;
        };
        let is_named = matches!(self, Self::Named(names) if names.contains(&name));
        is_named || is_loopback(&name)
    }

    /// Adds hosts that are allowed.
    pub(super) fn allow(&mut self, hosts: impl IntoIterator<Item = String>) {
        let names = hosts.into_iter().filter_map(|host| name_of(&host));
        match self {
            Self::Named(known) => known.extend(names),
            Self::Loopback | Self::Any => *self = Self::Named(names.collect()),
        }
    }
}

/// Returns all hosts that a request names, as they are written.
fn hosts_of(parts: &Parts) -> Vec<String> {
    let address = parts.uri.authority().map(Authority::to_string);
    let plain = texts(&parts.headers, "host");
    let passed_on = texts(&parts.headers, "x-forwarded-host");
    // Each proxy of a chain may append its host to the list, or send a header of its own.
    let passed_on = passed_on.flat_map(|hosts| split(&hosts, &[',']));
    let forwarded = texts(&parts.headers, "forwarded");
    let forwarded = forwarded.flat_map(|hops| split(&hops, &[',', ';']));
    let forwarded = forwarded.filter_map(|pair| forwarded_host(&pair));
    let hosts = address.into_iter().chain(plain);
    hosts.chain(passed_on).chain(forwarded).collect()
}

/// Returns all values of a header. Invalid UTF-8 is replaced, and such a host is not allowed.
fn texts(headers: &HeaderMap, name: &'static str) -> impl Iterator<Item = String> {
    let values = headers.get_all(name).into_iter();
    values.map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
}

/// Splits a list at separators, and trims the parts.
fn split(text: &str, at: &[char]) -> Vec<String> {
    text.split(at).map(|part| part.trim().to_owned()).collect()
}

/// Returns the host of a pair of `Forwarded` (RFC 7239), if it has one.
fn forwarded_host(pair: &str) -> Option<String> {
    let (name, host) = pair.split_once('=')?;
    let is_host = name.trim().eq_ignore_ascii_case("host");
    is_host.then(|| host.trim().trim_matches('"').to_owned())
}

/// Returns the name of a host without its port, as names are compared.
fn name_of(host: &str) -> Option<String> {
    let authority = Authority::try_from(host).ok();
    // A `Host` has no user info (RFC 9110, section 7.2). With one, `evil.example@localhost` would
    // have the allowed name `localhost`.
    let authority = authority.filter(|authority| !authority.as_str().contains('@'))?;
    let name = authority.host();
    // A final dot only says that the name is complete, so both spellings are one host.
    let name = name.strip_suffix('.').unwrap_or(name);
    (!name.is_empty()).then(|| name.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use http::Request;

    use super::*;

    fn refused(hosts: &Hosts, uri: &str, headers: &[(&str, &str)]) -> Option<String> {
        let request = headers.iter().fold(Request::get(uri), |request, header| {
            request.header(header.0, header.1)
        });
        hosts.refused(&request.body(()).unwrap().into_parts().0)
    }

    #[test]
    fn loopback_hosts_are_allowed_by_default() {
        for host in [
            "localhost",
            "LocalHost:3000",
            "localhost.",
            "127.0.0.1",
            "127.0.0.1:80",
            "[::1]",
            "[::1]:3000",
        ] {
            assert_eq!(
                refused(&Hosts::default(), "/", &[("host", host)]),
                None,
                "{host}"
            );
        }
        assert_eq!(refused(&Hosts::default(), "/", &[]), None);
    }

    #[test]
    fn every_host_of_a_request_has_to_be_allowed() {
        let own = ("host", "localhost");
        let evil = "evil.example:3000";
        for (uri, headers) in [
            ("/", vec![("host", evil)]),
            ("http://evil.example:3000/", vec![own]),
            ("/", vec![own, ("host", evil)]),
            ("/", vec![own, ("x-forwarded-host", evil)]),
            (
                "/",
                vec![own, ("x-forwarded-host", "localhost, evil.example:3000")],
            ),
            (
                "/",
                vec![own, ("forwarded", "for=1.2.3.4;Host=\"evil.example:3000\"")],
            ),
            (
                "/",
                vec![own, ("forwarded", "host=localhost, host=evil.example:3000")],
            ),
        ] {
            let found = refused(&Hosts::default(), uri, &headers);
            assert_eq!(found.as_deref(), Some(evil), "{uri} {headers:?}");
        }
    }

    #[test]
    fn an_invalid_host_is_refused() {
        for host in [
            "",
            "127.evil.example",
            "127.0.0.1.evil.example",
            "localhost.evil.example",
            "localhost@evil.example",
            "evil.example@localhost",
            "localhost/",
            "[::1",
            "[localhost]",
            "0.0.0.0",
        ] {
            let found = refused(&Hosts::default(), "/", &[("host", host)]);
            assert_eq!(found.as_deref(), Some(host));
        }
    }

    #[test]
    fn named_hosts_are_allowed_beside_loopback() {
        let mut hosts = Hosts::default();
        hosts.allow(["Shop.example:443".to_owned()]);
        for host in ["shop.example", "SHOP.example.:8080", "localhost"] {
            assert_eq!(refused(&hosts, "/", &[("host", host)]), None, "{host}");
        }
        for host in ["www.shop.example", "shop.example.evil.example"] {
            assert!(refused(&hosts, "/", &[("host", host)]).is_some(), "{host}");
        }
        assert_eq!(refused(&Hosts::Any, "/", &[("host", "evil.example")]), None);
    }
}
