use axum::response::Response;

/// What a request may do on the dashboard: each level includes those before it.
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
    /// See results, and the state of the recorder and of pauses: no key, no pseudonym, and no
    /// look-up of a unit.
    Numbers,
    /// See all pages, also what is known of a unit, with its key where the store keeps keys.
    Read,
    /// See all pages, pause and resume sets, and make links. The name of who that is stands beside
    /// what was done.
    Act(String),
}
