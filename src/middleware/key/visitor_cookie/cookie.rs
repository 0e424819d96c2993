//! The visitor cookie: its settings, and the header `Set-Cookie`.
//!
//! Each setter checks all settings together, so that no `VisitorCookie` is one that browsers refuse or
//! change.

use std::{borrow::Cow, fmt::Write, time::Duration};

use http::HeaderValue;

use crate::{assign::Key, unit::base64url};

use super::{error::CookieError, same_site::SameSite};

/// A day, for the default of 180 days.
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// The cookie that identifies a visitor.
///
/// Its value is 128 random bits. If the layer has a secret, the value also has a signature of these bits.
///
/// The layer issues the cookie to a visitor without one when a handler reads an assignment. With
/// [`documents`](Self::documents), it also issues the cookie with documents whose handlers read no
/// assignment. The cookie is not renewed. By default it is
///
/// ```text
/// __Host-tracks=<22 characters>; Path=/; Max-Age=15552000; Secure; HttpOnly; SameSite=Lax
/// ```
///
/// A signed value is `<22 characters>.<22 characters>`: the guide `cookies` explains when cookies are
/// signed. A value with another format is not a key.
///
/// Each method checks the settings immediately, and returns an error if browsers would refuse the cookie.
/// The prefixes `__Host-` and `__Secure-` of a name forbid some settings, so set the name first.
///
/// ```
/// use std::time::Duration;
/// use tower_tracks::{VisitorCookie, middleware::SameSite};
///
/// let month = Duration::from_secs(30 * 24 * 60 * 60);
/// let cookie = VisitorCookie::default()
///     .named("__Secure-visitor")?
///     .domain("shop.example")?
///     .same_site(SameSite::Strict)?
///     .max_age(month)?;
/// assert_eq!(cookie.name(), "__Secure-visitor");
/// assert!(VisitorCookie::default().domain("shop.example").is_err());
/// # Ok::<(), tower_tracks::middleware::CookieError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[must_use = "a cookie does nothing until a layer takes keys from it"]
pub struct VisitorCookie {
    pub(crate) name: Cow<'static, str>,
    pub(crate) path: Cow<'static, str>,
    pub(crate) domain: Option<String>,
    pub(crate) max_age: Duration,
    pub(crate) secure: bool,
    pub(crate) http_only: bool,
    pub(crate) same_site: SameSite,
    pub(crate) documents: bool,
}

impl Default for VisitorCookie {
    fn default() -> Self {
        Self {
            name: Cow::Borrowed("__Host-tracks"),
            path: Cow::Borrowed("/"),
            domain: None,
            max_age: 180 * DAY,
            secure: true,
            http_only: true,
            same_site: SameSite::Lax,
            documents: false,
        }
    }
}

impl VisitorCookie {
    /// Returns a cookie named `tracks` that is not `Secure`, for HTTP without TLS on your own machine.
    ///
    /// ```
    /// use tower_tracks::{SimpleTrackSet, TracksLayer, VisitorCookie};
    ///
    /// let delay = SimpleTrackSet::new("delay").track("short", 500).build()?;
    /// let cookie = match cfg!(debug_assertions) {
    ///     true => VisitorCookie::plain(),
    ///     false => VisitorCookie::default(),
    /// };
    /// let layer = TracksLayer::new(delay).key(cookie);
    ///
    /// assert_eq!(VisitorCookie::plain().name(), "tracks");
    /// # Ok::<(), tower_tracks::DefinitionError>(())
    /// ```
    ///
    /// # Warning
    ///
    /// Over HTTP, others can read and replace the cookie. Without the `__Host-` prefix, another subdomain of
    /// the domain can set it. The default cookie does not work over HTTP: browsers drop `Secure` cookies
    /// there, so each reload would be a new visitor.
    pub fn plain() -> Self {
        Self {
            name: Cow::Borrowed("tracks"),
            secure: false,
            ..Self::default()
        }
    }

    /// Sets the name. Visitors with a cookie of another name become new visitors.
    ///
    /// Defaults to `__Host-tracks`, and to `tracks` for a [`plain`](Self::plain) cookie.
    ///
    /// ```
    /// use tower_tracks::VisitorCookie;
    ///
    /// let cookie = VisitorCookie::default().named("__Host-shop")?;
    /// assert_eq!(cookie.name(), "__Host-shop");
    /// // A browser drops a cookie of this name that is not `Secure`.
    /// assert!(VisitorCookie::plain().named("__Host-shop").is_err());
    /// # Ok::<(), tower_tracks::middleware::CookieError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// * If the name is not a token of RFC 6265 of 1 to 256 bytes.
    /// * If the name begins with `__Host-`, and the cookie is not `Secure`, has a domain, or has a path
    ///   other than `/`.
    /// * If the name begins with `__Secure-`, and the cookie is not `Secure`.
    pub fn named(mut self, name: impl Into<String>) -> Result<Self, CookieError> {
        self.name = Cow::Owned(name.into());
        self.checked()
    }

    /// Sets how long a browser keeps the cookie, truncated to whole seconds.
    ///
    /// Defaults to 180 days.
    ///
    /// A visitor whose cookie has expired is a new visitor, so the cookie should outlast the longest
    /// test. Browsers limit it to 400 days.
    ///
    /// ```
    /// use std::time::Duration;
    /// use tower_tracks::VisitorCookie;
    ///
    /// let day = Duration::from_secs(24 * 60 * 60);
    /// let cookie = VisitorCookie::default().max_age(90 * day)?;
    /// assert!(cookie.max_age(400 * day).is_err());
    /// # Ok::<(), tower_tracks::middleware::CookieError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If it is not from 1 second to 395 days.
    pub fn max_age(mut self, max_age: Duration) -> Result<Self, CookieError> {
        self.max_age = max_age;
        self.checked()
    }

    /// Sets which requests from other sites include the cookie.
    ///
    /// Defaults to [`SameSite::Lax`].
    ///
    /// ```
    /// use tower_tracks::{VisitorCookie, middleware::SameSite};
    ///
    /// let cookie = VisitorCookie::default().same_site(SameSite::None)?;
    /// assert!(VisitorCookie::plain().same_site(SameSite::None).is_err());
    /// # Ok::<(), tower_tracks::middleware::CookieError>(())
    /// ```
    ///
    /// # Warning
    ///
    /// With [`SameSite::None`], a page of any site can send requests with the visitor's cookie. Use it only
    /// for pages that are shown in a frame of another site.
    ///
    /// # Errors
    ///
    /// If it is [`SameSite::None`] and the cookie is not `Secure`.
    pub fn same_site(mut self, same_site: SameSite) -> Result<Self, CookieError> {
        self.same_site = same_site;
        self.checked()
    }

    /// Sets the attribute `HttpOnly`: if true, scripts of a page cannot read the cookie.
    ///
    /// Defaults to true.
    ///
    /// ```
    /// use tower_tracks::VisitorCookie;
    ///
    /// let readable = VisitorCookie::default().http_only(false);
    /// ```
    ///
    /// # Warning
    ///
    /// An injected script can steal a cookie that scripts can read.
    pub fn http_only(mut self, http_only: bool) -> Self {
        self.http_only = http_only;
        self
    }

    /// Sets whether each document issues the cookie to new visitors.
    ///
    /// If true, a document issues the cookie even if its handler reads no track.
    ///
    /// Use it for pages whose handlers read no track, but that fetch fragments whose handlers do. Without
    /// the cookie, a page may fetch several fragments at the same time, and each fragment would count as a
    /// new visitor. A document is a request with `Sec-Fetch-Dest: document`, or, if that header is missing,
    /// one that accepts `text/html`. Documents then have the same caching headers as pages that read a
    /// track: `Vary` has `Cookie`, and `Cache-Control` is `private` if the cookie is issued.
    ///
    /// Defaults to false.
    ///
    /// ```
    /// use tower_tracks::{SimpleTrackSet, TracksLayer, VisitorCookie};
    ///
    /// let delay = SimpleTrackSet::new("delay").track("short", 500).build()?;
    /// let layer = TracksLayer::new(delay).key(VisitorCookie::default().documents(true));
    /// # Ok::<(), tower_tracks::DefinitionError>(())
    /// ```
    pub fn documents(mut self, documents: bool) -> Self {
        self.documents = documents;
        self
    }

    /// Sets whether browsers send the cookie only over HTTPS.
    ///
    /// Defaults to true, and to false for a [`plain`](Self::plain) cookie.
    ///
    /// ```
    /// use tower_tracks::VisitorCookie;
    ///
    /// let cookie = VisitorCookie::default().named("shop")?.secure(false)?;
    /// // The prefix of the default name requires `Secure`.
    /// assert!(VisitorCookie::default().secure(false).is_err());
    /// # Ok::<(), tower_tracks::middleware::CookieError>(())
    /// ```
    ///
    /// # Warning
    ///
    /// Over HTTP, others can read and replace the cookie.
    ///
    /// # Errors
    ///
    /// If it is false, and the cookie has [`SameSite::None`] or a name that begins with `__Host-` or
    /// `__Secure-`.
    pub fn secure(mut self, secure: bool) -> Result<Self, CookieError> {
        self.secure = secure;
        self.checked()
    }

    /// Sets the path below which the cookie is sent. It is not a security boundary: every page of the
    /// host can get the cookie.
    ///
    /// Defaults to `/`.
    ///
    /// ```
    /// use tower_tracks::VisitorCookie;
    ///
    /// let cookie = VisitorCookie::default().named("__Secure-shop")?.path("/shop")?;
    /// // The prefix of the default name requires the path `/`.
    /// assert!(VisitorCookie::default().path("/shop").is_err());
    /// # Ok::<(), tower_tracks::middleware::CookieError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// * If it does not begin with `/`, or is longer than 1024 bytes.
    /// * If it has `;`, `,` or a character that is not visible ASCII.
    /// * If it is not `/`, and the name of the cookie begins with `__Host-`.
    pub fn path(mut self, path: impl Into<String>) -> Result<Self, CookieError> {
        self.path = Cow::Owned(path.into());
        self.checked()
    }

    /// Sets the domain that shares the cookie with all of its subdomains.
    ///
    /// Defaults to none: browsers send the cookie only to the host that set it.
    ///
    /// ```
    /// use tower_tracks::VisitorCookie;
    ///
    /// let cookie = VisitorCookie::default().named("__Secure-shop")?.domain("shop.example")?;
    /// // The prefix of the default name forbids a domain.
    /// assert!(VisitorCookie::default().domain("shop.example").is_err());
    /// # Ok::<(), tower_tracks::middleware::CookieError>(())
    /// ```
    ///
    /// # Warning
    ///
    /// Each subdomain can read the cookie and set it for the others.
    ///
    /// # Errors
    ///
    /// If it is not 1 to 253 characters, each a letter, a digit, `-` or `.`. Also if the name of the cookie
    /// begins with `__Host-`.
    pub fn domain(mut self, domain: impl Into<String>) -> Result<Self, CookieError> {
        self.domain = Some(domain.into());
        self.checked()
    }

    /// Returns the cookie's name.
    ///
    /// ```
    /// use tower_tracks::VisitorCookie;
    ///
    /// assert_eq!(VisitorCookie::default().name(), "__Host-tracks");
    /// ```
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the `Set-Cookie` header that deletes the cookie, for a page on which visitors withdraw
    /// their consent.
    ///
    /// It is never `None`, because the settings were checked. The layer issues no new cookie in the
    /// same response.
    ///
    /// A browser deletes only the cookie with the same name, path and domain, so use the same settings
    /// as in the layer.
    ///
    /// ```
    /// use tower_tracks::VisitorCookie;
    ///
    /// let clear = VisitorCookie::default().clear();
    /// let header = "__Host-tracks=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax";
    /// assert!(clear.is_some_and(|clear| clear == header));
    /// ```
    pub fn clear(&self) -> Option<HeaderValue> {
        self.set_to("", Duration::ZERO)
    }

    /// Returns whether documents issue the cookie.
    pub(in crate::middleware) fn is_with_documents(&self) -> bool {
        self.documents
    }

    /// Returns whether browsers send the cookie only over HTTPS.
    pub(in crate::middleware) fn is_secure(&self) -> bool {
        self.secure
    }

    /// Returns the key in the value of an unsigned cookie: sixteen bytes in base64url without padding.
    #[cfg(any(
        test,
        not(any(feature = "mask", feature = "overrides", feature = "units"))
    ))]
    pub(in crate::middleware) fn key(value: &[u8]) -> Option<Key<'_>> {
        base64url::is_text(value).then(|| Key::ascii(value))
    }

    /// Returns a new visitor's key.
    pub(in crate::middleware) fn new_key(random: [u8; 16]) -> Key<'static> {
        Key::ascii(&base64url::text(random)).into_owned()
    }

    /// Returns the `Set-Cookie` header that issues a value.
    pub(in crate::middleware) fn issue(&self, value: &str) -> Option<HeaderValue> {
        self.set_to(value, self.max_age)
    }

    /// Returns the `Set-Cookie` header with this value and lifetime. It is `None` only for a value that
    /// is not visible ASCII, which no key of a visitor is.
    fn set_to(&self, value: &str, max_age: Duration) -> Option<HeaderValue> {
        let (name, path, max_age) = (&self.name, &self.path, max_age.as_secs());
        let mut cookie = format!("{name}={value}; Path={path}");
        if let Some(domain) = &self.domain {
            write!(cookie, "; Domain={domain}").ok()?;
        }
        write!(cookie, "; Max-Age={max_age}").ok()?;
        for (is_set, attribute) in [(self.secure, "; Secure"), (self.http_only, "; HttpOnly")] {
            cookie.push_str(if is_set { attribute } else { "" });
        }
        write!(cookie, "; SameSite={}", self.same_site).ok()?;
        HeaderValue::try_from(cookie).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(cookie: &VisitorCookie, issued: &str, cleared: &str) {
        assert_eq!(cookie.issue("key").unwrap(), issued);
        assert_eq!(cookie.clear().unwrap(), cleared);
    }

    #[test]
    fn it_is_written_with_its_attributes() {
        check(
            &VisitorCookie::default(),
            "__Host-tracks=key; Path=/; Max-Age=15552000; Secure; HttpOnly; SameSite=Lax",
            "__Host-tracks=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax",
        );
        check(
            &VisitorCookie::plain(),
            "tracks=key; Path=/; Max-Age=15552000; HttpOnly; SameSite=Lax",
            "tracks=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax",
        );
    }

    #[test]
    fn each_attribute_can_be_set() -> Result<(), CookieError> {
        let cookie = VisitorCookie::default()
            .named("__Secure-visitor")?
            .path("/shop")?
            .domain("shop.example")?
            .max_age(Duration::from_millis(1999))?
            .same_site(SameSite::None)?
            .http_only(false);
        check(
            &cookie,
            "__Secure-visitor=key; Path=/shop; Domain=shop.example; Max-Age=1; Secure; \
             SameSite=None",
            "__Secure-visitor=; Path=/shop; Domain=shop.example; Max-Age=0; Secure; SameSite=None",
        );
        Ok(())
    }
    fn text(random: [u8; 16]) -> String {
        String::from_utf8(VisitorCookie::new_key(random).as_bytes().to_vec()).unwrap()
    }

    #[test]
    fn keys_are_base64url() {
        assert_eq!(text([0; 16]), "AAAAAAAAAAAAAAAAAAAAAA");
        assert_eq!(text([0xff; 16]), "_____________________w");
        assert_eq!(
            text(std::array::from_fn(|i| i as u8)),
            "AAECAwQFBgcICQoLDA0ODw"
        );
    }

    #[test]
    fn an_issued_value_is_a_key() {
        for random in [[0; 16], [0xff; 16], [0x5a; 16]] {
            let key = VisitorCookie::new_key(random);
            assert!(VisitorCookie::key(key.as_bytes()).is_some_and(|found| found == key));
        }
    }

    #[test]
    fn anything_else_is_not() {
        for value in [
            "",
            "AAAAAAAAAAAAAAAAAAAAA",
            "AAAAAAAAAAAAAAAAAAAAAAA",
            "AAAAAAAAAAAAAAAAAAAAAB",
            "AAAAAAAAAA+AAAAAAAAAAA",
            "\"AAAAAAAAAAAAAAAAAAAAA",
            "ÄAAAAAAAAAAAAAAAAAAAA",
        ] {
            assert_eq!(VisitorCookie::key(value.as_bytes()), None, "{value}");
        }
    }
}
