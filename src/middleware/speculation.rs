//! Loads that a browser makes before anybody asked for the page.

use http::{HeaderMap, HeaderName};

/// The headers that say so: that of the standard, and those of older browsers.
static HEADERS: [HeaderName; 4] = [
    HeaderName::from_static("sec-purpose"),
    HeaderName::from_static("purpose"),
    HeaderName::from_static("x-purpose"),
    HeaderName::from_static("x-moz"),
];

/// The purposes that are speculative. `prefetch;prerender` begins like the first.
const PURPOSES: [&[u8]; 3] = [b"prefetch", b"prerender", b"preview"];

/// Returns whether a request is a prefetch or a prerender.
pub(super) fn is_speculative(headers: &HeaderMap) -> bool {
    let mut values = HEADERS.iter().filter_map(|name| headers.get(name));
    values.any(|value| {
        let begins = |purpose: &&[u8]| {
            let start = value.as_bytes().get(..purpose.len());
            start.is_some_and(|start| start.eq_ignore_ascii_case(purpose))
        };
        PURPOSES.iter().any(begins)
    })
}
