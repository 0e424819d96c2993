/// The word that makes a browser forget its tokens. No token is a single word.
const CLEAR: &str = "clear";

/// What a query asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::middleware) enum Asked<'a> {
    /// To keep a token, which is yet to be verified.
    Token(&'a str),
    /// To forget all tokens.
    Clear,
}

impl<'a> Asked<'a> {
    /// Returns what the value of the parameter asks for. Nothing in it is escaped.
    pub(in crate::middleware) fn of(value: &'a str) -> Self {
        match value {
            CLEAR => Self::Clear,
            token => Self::Token(token),
        }
    }

    /// Returns the token that is to be kept, unless it is empty.
    pub(in crate::middleware) fn token(self) -> Option<&'a str> {
        match self {
            Self::Token(token) if !token.is_empty() => Some(token),
            Self::Token(_) | Self::Clear => None,
        }
    }

    /// Returns what a query asks for by the first parameter of this name.
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
