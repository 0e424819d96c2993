//! Loads that a browser, or a script in a page, makes before anybody asked for the page.

use http::HeaderMap;

use super::fragments::begins_with;

/// The purposes of a speculative load, as prefixes: `prefetch;prerender` begins with the first.
const PURPOSES: [&[u8]; 3] = [b"prefetch", b"prerender", b"preview"];

/// Returns whether a request is a prefetch, a prerender or a preview.
///
/// All headers are read once, because a look-up of each of these names would cost more.
pub(crate) fn is_speculative(headers: &HeaderMap) -> bool {
    let mut headers = headers.iter();
    headers.any(|(name, value)| {
        let (name, value) = (name.as_str(), value.as_bytes());
        browser_says_so(name, value) || script_says_so(name, value)
    })
}

/// Returns whether the browser itself makes the load, and repeats it when it is refused. A script would
/// show the refusal.
pub(crate) fn is_by_browser(headers: &HeaderMap) -> bool {
    let says_so = headers
        .iter()
        .any(|(name, value)| browser_says_so(name.as_str(), value.as_bytes()));
    // Inertia sends `Purpose` as older browsers do.
    says_so && !headers.contains_key("x-inertia")
}

/// Returns whether the header is that of the standard (`Sec-Purpose`), or one of older browsers.
fn browser_says_so(name: &str, value: &[u8]) -> bool {
    matches!(name, "sec-purpose" | "purpose" | "x-purpose" | "x-moz") && is_purpose(value)
}

/// Returns whether a library that prefetches pages by a script has set the header.
fn script_says_so(name: &str, value: &[u8]) -> bool {
    match name {
        // Turbo: a script may not send `Sec-Purpose`.
        "x-sec-purpose" => is_purpose(value),
        // htmx.
        "hx-preloaded" => value.eq_ignore_ascii_case(b"true"),
        // Next.js, whose values are modes or paths.
        "next-router-prefetch" | "next-router-segment-prefetch" | "x-middleware-prefetch" => {
            !value.is_empty() && value != b"0"
        }
        _ => false,
    }
}

/// Returns whether the value begins with a speculative purpose, ignoring case.
fn is_purpose(value: &[u8]) -> bool {
    PURPOSES.iter().any(|purpose| begins_with(value, purpose))
}
