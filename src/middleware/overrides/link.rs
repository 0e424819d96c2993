//! Links with a token.

/// The name of the query parameter with a token, or with `clear`.
const PARAMETER: &str = "tracks";

/// The value that removes all tokens of a browser. It has no `~`, so it is never a token.
pub(super) const CLEAR: &str = "clear";

/// Returns the value of the first [`PARAMETER`] in a query. It is not decoded: a token has no character
/// that needs an escape.
pub(super) fn value_in(query: &str) -> Option<&str> {
    let mut pairs = query.split('&');
    pairs.find_map(|pair| pair.strip_prefix(PARAMETER)?.strip_prefix('='))
}

/// Returns the address of a page with the token added to its query, before the fragment.
pub(crate) fn with_token(page: &str, token: &str) -> String {
    let (page, fragment) = page.split_at(page.find('#').unwrap_or(page.len()));
    let joint = match page.find('?') {
        None => "?",
        Some(_) if page.ends_with(['?', '&']) => "",
        Some(_) => "&",
    };
    format!("{page}{joint}{PARAMETER}={token}{fragment}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_value_is_found_in_a_query() {
        for (query, expected) in [
            ("", None),
            ("track=clear", None),
            ("tracks", None),
            ("tracks=clear", Some(CLEAR)),
            ("a=b&tracks=v2~a&c", Some("v2~a")),
            ("tracks=a=b&tracks=clear", Some("a=b")),
            ("tracks=", Some("")),
            ("mytracks=clear", None),
        ] {
            assert_eq!(value_in(query), expected, "{query}");
        }
    }

    #[test]
    fn a_token_joins_the_query() {
        for (page, expected) in [
            ("", "?tracks=t"),
            ("/coconuts", "/coconuts?tracks=t"),
            ("https://a.example/?q=1", "https://a.example/?q=1&tracks=t"),
            ("/?", "/?tracks=t"),
            ("/?a&", "/?a&tracks=t"),
            ("/a?b#c?d", "/a?b&tracks=t#c?d"),
            ("/a#c?d", "/a?tracks=t#c?d"),
        ] {
            assert_eq!(with_token(page, "t"), expected, "{page}");
        }
    }
}
