use std::{error, fmt, time::Duration};

/// Why a setting of a [`VisitorCookie`](crate::VisitorCookie) was refused: the value, and the
/// rule it breaks.
///
/// ```
/// use tower_tracks::VisitorCookie;
///
/// let error = VisitorCookie::default().domain("shop.example").unwrap_err();
/// let message = "cookie \"__Host-tracks\": the prefix of its name demands that it has no domain";
/// assert_eq!(error.to_string(), message);
/// ```
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum CookieError {
    /// The name is not a token of RFC 6265, or too long.
    Name {
        /// The name.
        name: String,
    },
    /// The name has a prefix whose requirements the cookie does not meet.
    Prefix {
        /// The name.
        name: String,
        /// The requirement of the prefix, such as `Secure`.
        demands: &'static str,
    },
    /// The lifetime is out of its range.
    MaxAge {
        /// The lifetime.
        max_age: Duration,
    },
    /// The cookie has [`SameSite::None`](crate::middleware::SameSite::None) but is not `Secure`.
    NotSecure {
        /// The name.
        name: String,
    },
    /// The path is not valid for a cookie.
    Path {
        /// The path.
        path: String,
    },
    /// The domain is not valid for a cookie.
    Domain {
        /// The domain.
        domain: String,
    },
}

impl fmt::Display for CookieError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name { name } => write!(
                f,
                "cookie {name:?}: a cookie's name is 1 to 256 of letters, digits and \
                 `!#$%&'*+-.^_`|~`"
            ),
            Self::Prefix { name, demands } => {
                write!(
                    f,
                    "cookie {name:?}: the prefix of its name demands {demands}"
                )
            }
            Self::MaxAge { max_age } => write!(
                f,
                "the lifetime {max_age:?} is not from 1 second to 395 days"
            ),
            Self::NotSecure { name } => {
                write!(f, "cookie {name:?}: `SameSite=None` demands `Secure`")
            }
            Self::Path { path } => write!(
                f,
                "path {path:?}: a cookie's path is `/` and up to 1023 more of the visible \
                 characters of ASCII, without `;` and `,`"
            ),
            Self::Domain { domain } => write!(
                f,
                "domain {domain:?}: a cookie's domain is 1 to 253 of letters, digits, `-` and `.`"
            ),
        }
    }
}

debug_as_message!(CookieError);

impl error::Error for CookieError {}
