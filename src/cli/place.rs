//! The places of stores: paths and URLs.

/// The name of a store's place in the help.
pub(super) const STORE: &str = if cfg!(any(feature = "clickhouse", feature = "postgres")) {
    "PATH|URL"
} else {
    "PATH"
};

/// Returns a store as messages call it. A URL may have a password, so it is not repeated.
pub(super) fn called(place: &str) -> String {
    match is_url(place) {
        true if is_http(place) => "the store in ClickHouse".to_owned(),
        true => "the store in PostgreSQL".to_owned(),
        false => format!("store {place:?}"),
    }
}

/// Returns whether a place is the URL of a store in ClickHouse.
pub(super) fn is_http(place: &str) -> bool {
    place.starts_with("http:") || place.starts_with("https:")
}

/// Returns whether a place is a URL, or looks like one: a text with a password must not pass for a
/// path, which messages repeat.
pub(super) fn is_url(place: &str) -> bool {
    let schemes = ["http:", "https:", "postgres:", "postgresql:"];
    let has_scheme = schemes.iter().any(|scheme| place.starts_with(scheme));
    has_scheme || place.contains("://") || place.contains("password=")
}
