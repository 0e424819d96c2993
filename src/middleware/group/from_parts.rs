//! The context of eligibility, made from a request.

use http::request::Parts;

/// A context that is made from a request's parts, for eligibility and pins.
///
/// It is made once per group and request. It has access to the headers and to the extensions of outer
/// layers, such as a signed-in user. For a type of another crate, use [`Group::new`](crate::Group::new)
/// with a closure instead.
///
/// ```
/// use http::request::Parts;
/// use tower_tracks::{FromParts, SimpleTrackSet, TracksLayer};
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
///
/// let pricing = SimpleTrackSet::new("pricing")
///     .track("cheap", 49)
///     .eligible(|visitor: &Visitor| !visitor.is_vip)
///     .build()?;
/// let layer = TracksLayer::new(pricing);
/// # Ok::<(), tower_tracks::DefinitionError>(())
/// ```
///
/// `()` is the context of sets without eligibility. [`Parts`] is itself a context, and is not copied.
#[diagnostic::on_unimplemented(
    message = "a `{Self}` cannot be made from a request",
    label = "the sets look at a `{Self}`",
    note = "implement `FromParts` for it, or say how: `Group::new(sets, |parts| …)`"
)]
pub trait FromParts: Sized {
    /// Makes the context. It cannot fail and must not panic: model missing data as part of the context,
    /// for instance as an `Option`.
    fn from_parts(parts: &Parts) -> Self;

    /// Calls `look` with the context. Override it only for a context that can be borrowed from the
    /// parts, to save a copy.
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
