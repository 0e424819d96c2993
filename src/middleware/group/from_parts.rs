use http::request::Parts;

/// A context that is made from a request's parts: what eligibility looks at.
///
/// It is made once per group and request. It sees the headers, and what outer layers put
/// into the extensions, so a logged-in user is at hand. For a type of another crate, give
/// [`Group::new`](crate::Group::new) a closure instead.
///
/// ```
/// use http::{header::COOKIE, request::Parts};
/// use tower_tracks::FromParts;
///
/// struct Visitor {
///     is_vip: bool,
/// }
///
/// impl FromParts for Visitor {
///     fn from_parts(parts: &Parts) -> Self {
///         Self { is_vip: parts.headers.contains_key("x-vip") }
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "a `{Self}` cannot be made from a request",
    label = "the sets look at a `{Self}`",
    note = "implement `FromParts` for it, or say how: `Group::new(sets, |parts| …)`"
)]
pub trait FromParts: Sized {
    /// Makes the context. It cannot fail, and must not panic: what is missing is part of the
    /// context.
    fn from_parts(parts: &Parts) -> Self;

    /// Calls `look` with the context of these parts. Of use to those contexts alone that
    /// can be borrowed from the parts.
    fn with_parts<R>(parts: &Parts, look: impl FnOnce(&Self) -> R) -> R {
        look(&Self::from_parts(parts))
    }
}

impl FromParts for () {
    fn from_parts(_: &Parts) -> Self {}
}

/// The parts themselves, which are borrowed.
impl FromParts for Parts {
    fn from_parts(parts: &Parts) -> Self {
        parts.clone()
    }

    fn with_parts<R>(parts: &Parts, look: impl FnOnce(&Self) -> R) -> R {
        look(parts)
    }
}
