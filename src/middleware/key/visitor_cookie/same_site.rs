use std::fmt;

/// Which requests that other sites cause carry a cookie.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SameSite {
    /// None of them: a visitor who follows a link from another site is a new visitor on that page.
    Strict,
    /// Navigations to a page, such as by a link.
    Lax,
    /// All of them, as from a frame in another site's page. Only a `Secure` cookie can.
    None,
}

/// As it stands in `Set-Cookie`.
impl fmt::Display for SameSite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Strict => "Strict",
            Self::Lax => "Lax",
            Self::None => "None",
        })
    }
}
