use axum::response::Response;

/// The access of a request to the dashboard. Each level includes the previous ones.
///
/// The application's own sign-in decides; see the [module docs](super).
#[derive(Debug, Default)]
#[non_exhaustive]
pub enum Access {
    /// No access: the response is 403 and does not reveal whether a set exists.
    #[default]
    None,
    /// No access, with this response, such as a redirect to the sign-in.
    Refused(Response),
    /// May see results, and the state of the recorder and of pauses, but no key, no pseudonym and no
    /// unit.
    Numbers,
    /// May see all pages, including the facts of a unit, with its key if the store has keys.
    Read,
    /// May see all pages, pause and resume sets, and create links. The name is logged with each of
    /// these actions.
    Act(String),
}
