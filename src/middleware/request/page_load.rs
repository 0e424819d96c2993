//! What a browser loads: a document, or a fragment that a script of a document fetches.

use std::hash::{DefaultHasher, Hash, Hasher};

use http::{
    HeaderMap, HeaderName,
    header::{ACCEPT, ACCEPT_LANGUAGE, REFERER, USER_AGENT},
    request::Parts,
};

/// What a request loads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PageLoad {
    Document,
    Fragment(Fragment),
    Other,
}

/// What a script fetches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Fragment {
    /// A hash of the document that it is for, and of the browser, as far as it is known.
    pub(crate) page: u64,
    /// A hash of what is fetched.
    pub(crate) target: u64,
}

static SEC_FETCH_DEST: HeaderName = HeaderName::from_static("sec-fetch-dest");

impl PageLoad {
    /// Returns what a request loads. Over http, browsers say it to the own machine alone; elsewhere
    /// a document is what may be HTML.
    pub(crate) fn of(parts: &Parts) -> Self {
        let destination = parts.headers.get(&SEC_FETCH_DEST);
        match destination.map(|destination| destination.as_bytes()) {
            Some(b"document") => Self::Document,
            Some(b"empty") => Self::Fragment(Fragment::of(parts)),
            None if accepts_html(&parts.headers) => Self::Document,
            _ => Self::Other,
        }
    }
}

impl Fragment {
    fn of(parts: &Parts) -> Self {
        let headers = [REFERER, USER_AGENT, ACCEPT_LANGUAGE].map(|name| parts.headers.get(name));
        Self {
            page: hash(headers.map(|value| value.map(|value| value.as_bytes()))),
            target: hash(&parts.uri),
        }
    }
}

fn hash(value: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

fn accepts_html(headers: &HeaderMap) -> bool {
    let is_html = |item: &[u8]| {
        let start = item.trim_ascii_start().get(.."text/html".len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(b"text/html"))
    };
    let mut lines = headers.get_all(ACCEPT).iter();
    lines.any(|line| line.as_bytes().split(|byte| *byte == b',').any(is_html))
}
