//! Links with a token.

/// The name of the query parameter with a token, or with `clear`.
pub(in crate::middleware) const PARAMETER: &str = "tracks";

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
