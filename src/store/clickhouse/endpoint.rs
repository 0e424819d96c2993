//! The URL of a server, in its parts. The password is read once, and no `Debug` form has it.

use std::fmt;

use crate::store::error::{StoreError, StoreErrorKind};

/// The parts of a URL.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Endpoint {
    /// The scheme, host and port, such as `http://localhost:8123`.
    pub(super) origin: String,
    pub(super) user: Option<String>,
    pub(super) password: Option<String>,
    /// The database, which is the path.
    pub(super) database: Option<String>,
}

impl Endpoint {
    /// Reads a URL such as `http://user:password@host:8123/database`.
    pub(super) fn read(url: &str) -> Result<Self, StoreError> {
        let (scheme, rest) = url
            .split_once("://")
            .ok_or_else(|| invalid("a URL of ClickHouse begins with http:// or https://"))?;
        check_scheme(scheme)?;
        // From the end: a password may have a slash, and nothing after it may be taken for a host.
        let (userinfo, place) = match rest.rsplit_once('@') {
            Some((userinfo, place)) => (Some(userinfo), place),
            None => (None, rest),
        };
        let (host, path) = place.split_once('/').unwrap_or((place, ""));
        if !is_host(host) || path.contains(['?', '#', '/']) {
            return Err(invalid(
                "a URL of ClickHouse has a host and a database alone, as http://localhost:8123/tracks",
            ));
        }
        let (user, password) = match userinfo.map(|info| info.split_once(':').unwrap_or((info, "")))
        {
            Some((user, password)) => (Some(decoded(user)?), Some(decoded(password)?)),
            None => (None, None),
        };
        Ok(Self {
            origin: format!("{scheme}://{host}"),
            user: user.filter(|user| !user.is_empty()),
            password: password.filter(|password| !password.is_empty()),
            database: (!path.is_empty()).then(|| path.to_owned()),
        })
    }
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Endpoint")
            .field("origin", &self.origin)
            .field("user", &self.user)
            .field("database", &self.database)
            .finish_non_exhaustive()
    }
}

fn check_scheme(scheme: &str) -> Result<(), StoreError> {
    match scheme {
        "http" => Ok(()),
        "https" if cfg!(feature = "clickhouse-tls") => Ok(()),
        "https" => Err(invalid("https:// needs the feature `clickhouse-tls`")),
        _ => Err(invalid(
            "a URL of ClickHouse begins with http:// or https://",
        )),
    }
}

/// Whether a text can be a host, with or without a port.
fn is_host(host: &str) -> bool {
    let (name, port) = match host.rsplit_once(':') {
        // The colons of an address of IPv6 are in brackets.
        Some((name, port)) if !port.ends_with(']') => (name, port),
        _ => (host, "0"),
    };
    !name.is_empty() && !host.contains(['?', '#']) && port.parse::<u16>().is_ok()
}

/// Decodes `%20` and the like.
fn decoded(text: &str) -> Result<String, StoreError> {
    let message =
        "the user or the password of the URL of ClickHouse has an invalid escape: write % as %25";
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let mut digit = || char::from(rest.next()?).to_digit(16);
        let byte = match byte {
            b'%' => digit()
                .zip(digit())
                .map(|(high, low)| (16 * high + low) as u8),
            byte => Some(byte),
        };
        bytes.push(byte.ok_or_else(|| invalid(message))?);
    }
    String::from_utf8(bytes).map_err(|_| invalid(message))
}

/// Returns an error without the URL, which may have a password.
fn invalid(message: &str) -> StoreError {
    StoreError::new(StoreErrorKind::Other, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_have_parts() {
        let read = Endpoint::read("http://ann:p%40ss%3a@db.example:8123/shop").unwrap();
        let text = |text: &str| Some(text.to_owned());
        assert_eq!(read.origin, "http://db.example:8123");
        assert_eq!(
            (read.user.clone(), read.password.clone()),
            (text("ann"), text("p@ss:"))
        );
        assert_eq!(read.database, text("shop"));
        assert!(!format!("{read:?}").contains("p@ss"));
        let read = Endpoint::read("http://ann:a/b@[::1]:8123/shop").unwrap();
        assert_eq!(
            (read.origin, read.password, read.database),
            ("http://[::1]:8123".to_owned(), text("a/b"), text("shop"))
        );
        let read = Endpoint::read("http://localhost:8123").unwrap();
        assert_eq!(
            (read.user, read.password, read.database),
            (None, None, None)
        );
    }

    #[test]
    fn errors_have_no_password() {
        for url in [
            "localhost",
            "ftp://a:geheim@b/c",
            "http://a:geheim@/c",
            "http://a:geheim%zz@b",
            "http://a:geheim@b/c?d",
            "http://a:geheim/@b/c/d",
            "http://a:geheim/b",
        ] {
            let error = Endpoint::read(url).unwrap_err();
            assert!(!format!("{error:?}").contains("geheim"), "{url}");
        }
    }
}
