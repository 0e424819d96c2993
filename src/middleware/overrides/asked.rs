//! The value of the query parameter `tracks`.

/// The value that removes all tokens of a browser. It has no `~`, so it is never a token.
const CLEAR: &str = "clear";

/// The request of a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::middleware) enum Asked<'a> {
    /// To use and store a token, which is not verified yet.
    Token(&'a str),
    /// To remove all stored tokens.
    Clear,
}

impl<'a> Asked<'a> {
    /// Returns the request of a value. It is not decoded: a token has no character that needs an
    /// escape.
    pub(in crate::middleware) fn of(value: &'a str) -> Self {
        match value {
            CLEAR => Self::Clear,
            token => Self::Token(token),
        }
    }

    /// Returns the token, unless it is empty.
    pub(in crate::middleware) fn token(self) -> Option<&'a str> {
        match self {
            Self::Token(token) if !token.is_empty() => Some(token),
            Self::Token(_) | Self::Clear => None,
        }
    }

    /// Returns the request of the first parameter of this name in a query.
    pub(in crate::middleware) fn in_query(query: &'a str, parameter: &str) -> Option<Self> {
        let value = |pair: &'a str| pair.strip_prefix(parameter)?.strip_prefix('=');
        query.split('&').find_map(value).map(Self::of)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_found_in_a_query() {
        for (query, expected) in [
            ("", None),
            ("track=clear", None),
            ("tracks", None),
            ("tracks=clear", Some(Asked::Clear)),
            ("a=b&tracks=v2~a&c", Some(Asked::Token("v2~a"))),
            ("tracks=a=b&tracks=clear", Some(Asked::Token("a=b"))),
            ("tracks=", Some(Asked::Token(""))),
            ("mytracks=clear", None),
        ] {
            assert_eq!(Asked::in_query(query, "tracks"), expected, "{query}");
        }
    }
}
