//! The rules by which browsers store a cookie without a change (RFC 6265 and its successor 6265bis).

use std::time::Duration;

use super::{cookie::VisitorCookie, error::CookieError, same_site::SameSite};
use crate::middleware::screening::begins_with;

/// Browsers shorten a longer lifetime to 400 days (6265bis, section 5.5). The limit is below that, so
/// that what is set is what is kept.
const LONGEST_LIFE: Duration = Duration::from_secs(395 * 24 * 60 * 60);

/// Browsers refuse a cookie whose name and value together exceed 4096 bytes; a value has at most 45.
const LONGEST_NAME: usize = 256;

/// Browsers ignore longer attributes.
const LONGEST_PATH: usize = 1024;

/// The longest name of a host (RFC 1035, section 2.3.4).
const LONGEST_DOMAIN: usize = 253;

impl VisitorCookie {
    /// Returns the cookie if browsers keep it as it is.
    pub(super) fn checked(self) -> Result<Self, CookieError> {
        self.check_values()?;
        self.check_together()?;
        Ok(self)
    }

    /// Checks each value by itself.
    fn check_values(&self) -> Result<(), CookieError> {
        if !is_name(&self.name) {
            let name = self.name.to_string();
            return Err(CookieError::Name { name });
        }
        if !(Duration::from_secs(1)..=LONGEST_LIFE).contains(&self.max_age) {
            let max_age = self.max_age;
            return Err(CookieError::MaxAge { max_age });
        }
        if !is_path(&self.path) {
            let path = self.path.to_string();
            return Err(CookieError::Path { path });
        }
        match &self.domain {
            Some(domain) if !is_domain(domain) => {
                let domain = domain.clone();
                Err(CookieError::Domain { domain })
            }
            _ => Ok(()),
        }
    }

    /// Checks what several values may not be together.
    fn check_together(&self) -> Result<(), CookieError> {
        let name = self.name.to_string();
        if let Some(demands) = self.broken_promise() {
            return Err(CookieError::Prefix { name, demands });
        }
        if self.same_site == SameSite::None && !self.secure {
            return Err(CookieError::NotSecure { name });
        }
        Ok(())
    }

    /// Returns the attribute that the prefix of the name demands and the cookie lacks (6265bis, section
    /// 4.1.3).
    fn broken_promise(&self) -> Option<&'static str> {
        // Browsers compare prefixes without case, although names are compared with case.
        let has_prefix = |prefix: &[u8]| begins_with(self.name.as_bytes(), prefix);
        let is_host = has_prefix(b"__host-");
        let is_secure = is_host || has_prefix(b"__secure-");
        let demands = [
            (is_secure && !self.secure, "`Secure`"),
            (is_host && self.domain.is_some(), "that it has no domain"),
            (is_host && self.path != "/", "the path `/`"),
        ];
        let broken = demands.into_iter().find(|(is_broken, _)| *is_broken);
        broken.map(|(_, demands)| demands)
    }
}

/// Returns whether the name is a token of RFC 9110, section 5.6.2.
fn is_name(name: &str) -> bool {
    let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    (1..=LONGEST_NAME).contains(&name.len()) && name.bytes().all(is_token)
}

/// Returns whether the path is absolute, and has only characters that RFC 6265 allows in an attribute.
fn is_path(path: &str) -> bool {
    let is_legal = |byte: u8| byte.is_ascii_graphic() && !matches!(byte, b';' | b',');
    path.starts_with('/') && path.len() <= LONGEST_PATH && path.bytes().all(is_legal)
}

/// Returns whether the domain has the characters of a host's name. Whether it is a public suffix, such
/// as `co.uk`, only browsers know.
fn is_domain(domain: &str) -> bool {
    let is_legal = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.');
    (1..=LONGEST_DOMAIN).contains(&domain.len()) && domain.bytes().all(is_legal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_refused(cookie: Result<VisitorCookie, CookieError>, message: &str) {
        assert_eq!(cookie.unwrap_err().to_string(), message);
    }

    #[test]
    fn names_are_tokens() {
        for good in ["a", "tracks", "__Host", "!#$%&'*+-.^_`|~", &"x".repeat(256)] {
            assert!(VisitorCookie::plain().named(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "a b",
            "a=b",
            "a;b",
            "ä",
            "a\"",
            "a\n",
            "a,b",
            "a/b",
            &"x".repeat(257),
        ] {
            let name = bad.to_owned();
            let error = VisitorCookie::plain().named(bad).unwrap_err();
            assert_eq!(error, CookieError::Name { name });
        }
    }

    #[test]
    fn prefixes_keep_their_promise() {
        let secure = VisitorCookie::default().named("a").unwrap();
        assert!(secure.clone().named("__Secure-a").is_ok());
        let plain = VisitorCookie::plain();
        for name in ["__Host-a", "__Secure-a", "__HOST-a", "__secure-a"] {
            let demands = "`Secure`";
            let error = plain.clone().named(name).unwrap_err();
            let name = name.to_owned();
            assert_eq!(error, CookieError::Prefix { name, demands });
        }
        let host = |cookie: VisitorCookie| cookie.named("__Host-a");
        check_refused(
            host(secure.clone().path("/a").unwrap()),
            "cookie \"__Host-a\": the prefix of its name demands the path `/`",
        );
        check_refused(
            host(secure.domain("example.com").unwrap()),
            "cookie \"__Host-a\": the prefix of its name demands that it has no domain",
        );
    }

    #[test]
    fn a_default_cookie_keeps_the_promise_of_its_prefix() {
        let cookie = VisitorCookie::default();
        assert!(cookie.clone().path("/").is_ok());
        assert!(cookie.clone().path("/a").is_err());
        assert!(cookie.clone().domain("example.com").is_err());
        assert!(cookie.secure(false).is_err());
    }

    #[test]
    fn lifetimes_are_bounded() {
        let max_age = |max_age| VisitorCookie::default().max_age(max_age);
        assert!(max_age(Duration::from_secs(1)).is_ok());
        assert!(max_age(LONGEST_LIFE).is_ok());
        assert!(max_age(LONGEST_LIFE + Duration::from_nanos(1)).is_err());
        check_refused(
            max_age(Duration::from_millis(999)),
            "the lifetime 999ms is not from 1 second to 395 days",
        );
    }

    #[test]
    fn a_cookie_for_all_sites_is_secure() {
        let all = |cookie: VisitorCookie| cookie.same_site(SameSite::None);
        let message = "cookie \"tracks\": `SameSite=None` demands `Secure`";
        check_refused(all(VisitorCookie::plain()), message);
        let secure = VisitorCookie::plain().secure(true).unwrap();
        check_refused(all(secure).unwrap().secure(false), message);
    }

    #[test]
    fn paths_and_domains_hide_no_attribute() {
        let plain = VisitorCookie::plain;
        for good in ["/", "/a", "/a/b.c~%20="] {
            assert!(plain().path(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "a",
            "/a;Domain=b",
            "/a b",
            "/a,b",
            "/\r\n",
            "/ä",
            "/\u{7f}",
        ] {
            assert!(plain().path(bad).is_err(), "{bad}");
        }
        for good in ["localhost", "shop.example", ".shop.example", "xn--a"] {
            assert!(plain().domain(good).is_ok(), "{good}");
        }
        for bad in ["", "a;b", "a b", "a,b", "a\n", "ä.example", "a=b"] {
            assert!(plain().domain(bad).is_err(), "{bad}");
        }
    }
}
