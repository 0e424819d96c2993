use std::fmt;

/// Which requests from other sites include a cookie.
///
/// A site is a registrable domain with its subdomains and a scheme. Requests from the same site always
/// include the cookie.
///
/// ```
/// use tower_tracks::middleware::SameSite;
///
/// assert_eq!(SameSite::Lax.to_string(), "Lax");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SameSite {
    /// No request from another site: a visitor who follows a link from another site is a new visitor on
    /// that page.
    Strict,
    /// Only navigations to a page with a safe method, such as a link. This is the default of a visitor
    /// cookie.
    Lax,
    /// All requests, as from a frame in a page of another site. It requires `Secure`.
    None,
}

/// Writes the value of the attribute `SameSite`.
impl fmt::Display for SameSite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Strict => "Strict",
            Self::Lax => "Lax",
            Self::None => "None",
        })
    }
}
