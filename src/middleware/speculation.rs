//! Loads that a browser, or a script in a page, makes before anybody asked for the page.

use http::HeaderMap;

/// The purposes that are speculative. `prefetch;prerender` begins like the first.
const PURPOSES: [&[u8]; 3] = [b"prefetch", b"prerender", b"preview"];

/// Returns whether a request is a prefetch, a prerender or a preview.
///
/// All headers are looked through once: looking up each of these names would cost more.
pub(super) fn is_speculative(headers: &HeaderMap) -> bool {
    let mut headers = headers.iter();
    headers.any(|(name, value)| says_so(name.as_str(), value.as_bytes()))
}

fn says_so(name: &str, value: &[u8]) -> bool {
    match name {
        // The standard, and older browsers; scripts may not send `Sec-`, so Turbo sends `X-Sec-`.
        "sec-purpose" | "x-sec-purpose" | "purpose" | "x-purpose" | "x-moz" => {
            let begins = |purpose: &&[u8]| {
                let start = value.get(..purpose.len());
                start.is_some_and(|start| start.eq_ignore_ascii_case(purpose))
            };
            PURPOSES.iter().any(begins)
        }
        // htmx.
        "hx-preloaded" => value.eq_ignore_ascii_case(b"true"),
        // Next.js, whose values are modes or paths.
        "next-router-prefetch" | "next-router-segment-prefetch" | "x-middleware-prefetch" => {
            !value.is_empty() && value != b"0"
        }
        _ => false,
    }
}
