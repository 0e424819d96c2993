use axum::response::Response;

/// The access of a request to the dashboard. Each level includes the previous ones.
///
/// The closure of [`Dashboard::new`](crate::dashboard::Dashboard::new) returns it for every
/// request; see the [module docs](super). A pseudonym is data about a person, so `Numbers` is the
/// level for readers who only compare tracks.
///
/// ```
/// use axum::response::{IntoResponse, Redirect};
/// use tower_tracks::dashboard::Access;
///
/// /// The signed-in user.
/// struct User {
///     name: String,
///     is_owner: bool,
/// }
///
/// fn access(user: Option<&User>) -> Access {
///     match user {
///         Some(user) if user.is_owner => Access::Act(user.name.clone()),
///         Some(_) => Access::Numbers,
///         None => Access::Refused(Redirect::to("/login").into_response()),
///     }
/// }
/// assert!(matches!(access(None), Access::Refused(_)));
/// ```
#[derive(Debug, Default)]
#[non_exhaustive]
pub enum Access {
    /// No access: the response is 403 and does not reveal whether a set exists.
    #[default]
    None,
    /// No access, with this response, such as a redirect to the sign-in.
    Refused(Response),
    /// May see results, changes, and the state of the recorder and of pauses, but no key, no pseudonym and
    /// no unit.
    Numbers,
    /// May see all pages, including the facts of a unit, with its key if the store has keys.
    Read,
    /// May see all pages, change running sets, pause and resume them on this server, and create links. The
    /// name is the author of each change, and is logged with each pause.
    Act(String),
}
