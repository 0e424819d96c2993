//! The places of stores: paths and URLs.

/// The name of a store's place in the help.
pub(super) const STORE: &str = if cfg!(feature = "postgres") {
    "PATH|URL"
} else {
    "PATH"
};

/// Returns a store as messages call it. A URL may have a password, so it is not repeated.
pub(super) fn called(place: &str) -> String {
    match is_url(place) {
        true => "the store in PostgreSQL".to_owned(),
        false => format!("store {place:?}"),
    }
}

/// Returns whether a place is a URL, or looks like one: a text with a password must not pass for a
/// path, which messages repeat.
pub(super) fn is_url(place: &str) -> bool {
    let is_postgres = place.starts_with("postgres:") || place.starts_with("postgresql:");
    is_postgres || place.contains("://") || place.contains("password=")
}
