/// The name of a store's place in the help.
pub(super) const STORE: &str = if cfg!(feature = "postgres") {
    "PATH|URL"
} else {
    "PATH"
};

/// Returns how a store is called in a message: a URL may have a password, so it is not repeated.
pub(super) fn called(place: &str) -> String {
    match is_url(place) {
        true => "the store in PostgreSQL".to_owned(),
        false => format!("store {place:?}"),
    }
}

/// Whether a place is a URL or meant as one: what may have a password must not pass for a path, which
/// messages repeat.
pub(super) fn is_url(place: &str) -> bool {
    let is_postgres = place.starts_with("postgres:") || place.starts_with("postgresql:");
    is_postgres || place.contains("://") || place.contains("password=")
}
