//! What a browser loads: a document, or a fragment that a script of a document fetches.

use std::hash::{DefaultHasher, Hash, Hasher};

use http::{
    HeaderMap, HeaderName,
    header::{ACCEPT, ACCEPT_LANGUAGE, REFERER, USER_AGENT},
    request::Parts,
};

use crate::middleware::screening::begins_with;

/// The kind of a load, by the headers of the browser.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PageLoad {
    /// A page that a browser opens.
    Document,
    /// A request of a script in a page.
    Fragment(Fragment),
    /// Anything else, such as an image, or a request of a program.
    Other,
}

/// The identity of a fragment, as two hashes. Nothing in it is stored or logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Fragment {
    /// A hash of the address of the document and of the browser: referrer, user agent and language.
    pub(crate) page: u64,
    /// A hash of the URI of the fragment.
    pub(crate) target: u64,
}

/// The header with the destination of a request (Fetch Metadata). Scripts cannot set it.
static SEC_FETCH_DEST: HeaderName = HeaderName::from_static("sec-fetch-dest");

impl PageLoad {
    /// Returns the kind of a load.
    ///
    /// Over HTTP, browsers send `Sec-Fetch-Dest` only to their own machine. If it is missing, a request
    /// that accepts HTML is a document.
    pub(crate) fn of(parts: &Parts) -> Self {
        let destination = parts.headers.get(&SEC_FETCH_DEST);
        match destination.map(|destination| destination.as_bytes()) {
            Some(b"document") => Self::Document,
            // The destination of what a script fetches is empty (Fetch Metadata, W3C).
            Some(b"empty") => Self::Fragment(Fragment::of(parts)),
            None if accepts_html(&parts.headers) => Self::Document,
            _ => Self::Other,
        }
    }
}

impl Fragment {
    /// Returns the hashes of a fragment. A missing header is part of the hash.
    fn of(parts: &Parts) -> Self {
        let headers = [REFERER, USER_AGENT, ACCEPT_LANGUAGE].map(|name| parts.headers.get(name));
        Self {
            page: hash(headers.map(|value| value.map(|value| value.as_bytes()))),
            target: hash(&parts.uri),
        }
    }
}

/// Returns a hash with fixed keys: the same document has the same hash in each request.
fn hash(value: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

/// Returns whether an item of `Accept` is `text/html`. `*/*` alone is not: programs send that.
fn accepts_html(headers: &HeaderMap) -> bool {
    let is_html = |item: &[u8]| begins_with(item.trim_ascii_start(), b"text/html");
    let mut lines = headers.get_all(ACCEPT).iter();
    lines.any(|line| line.as_bytes().split(|byte| *byte == b',').any(is_html))
}
