//! Loads that a browser, or a script in a page, makes before anybody asked for the page.

use http::HeaderMap;

/// The purposes that are speculative. `prefetch;prerender` begins like the first.
const PURPOSES: [&[u8]; 3] = [b"prefetch", b"prerender", b"preview"];

/// Returns whether a request is a prefetch, a prerender or a preview.
///
/// All headers are looked through once: looking up each of these names would cost more.
pub(crate) fn is_speculative(headers: &HeaderMap) -> bool {
    let mut headers = headers.iter();
    headers.any(|(name, value)| {
        let (name, value) = (name.as_str(), value.as_bytes());
        browser_says_so(name, value) || script_says_so(name, value)
    })
}

/// Returns whether it is one that the browser makes by itself, and makes again when it is refused.
/// A script would show the refusal.
pub(crate) fn is_by_browser(headers: &HeaderMap) -> bool {
    let says_so = headers
        .iter()
        .any(|(name, value)| browser_says_so(name.as_str(), value.as_bytes()));
    // Inertia sends `Purpose` as older browsers do.
    says_so && !headers.contains_key("x-inertia")
}

/// The header of the standard, and those of older browsers.
fn browser_says_so(name: &str, value: &[u8]) -> bool {
    matches!(name, "sec-purpose" | "purpose" | "x-purpose" | "x-moz") && is_purpose(value)
}

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

fn is_purpose(value: &[u8]) -> bool {
    let begins = |purpose: &&[u8]| {
        let start = value.get(..purpose.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(purpose))
    };
    PURPOSES.iter().any(begins)
}
