use axum::response::Response;

/// What a request may do on the dashboard.
///
/// The application's own sign-in decides; see the [module docs](super).
#[derive(Debug, Default)]
#[non_exhaustive]
pub enum Access {
    /// Nothing: the answer is 403, without a word about any set.
    #[default]
    None,
    /// Nothing, and the answer is this one, such as a redirect to where one signs in.
    Refused(Response),
    /// See all pages.
    Read,
    /// See all pages, and pause and resume sets. The name of who that is stands beside what was
    /// done.
    Act(String),
}
