//! What all definitions share: their settings, and how these are checked.

mod check;
mod draft;
mod methods;

use super::ContextState;

pub(crate) use self::draft::DEFAULT_UNIT;
pub(super) use self::{
    draft::{Control, Draft, Order, Pinned},
    methods::{control_methods, definition_methods},
};

/// A set that is not built yet: a [`SimpleTrackSet`](crate::SimpleTrackSet), a
/// [`ParamTrackSet`](crate::ParamTrackSet) or a [`TypedTrackSet`](crate::assign::TypedTrackSet).
///
/// It cannot be implemented outside this crate.
///
/// ```
/// use tower_tracks::{DefinitionError, MultiTrackSet, SimpleTrackSet, assign::{Definition, NoContext}};
///
/// fn alone(set: impl Definition<State = NoContext>) -> Result<MultiTrackSet, DefinitionError> {
///     MultiTrackSet::builder().add(set).build()
/// }
///
/// assert_eq!(alone(SimpleTrackSet::new("delay").track("short", 500))?.name(), "delay");
/// # Ok::<(), tower_tracks::DefinitionError>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the definition of a set",
    label = "expected a `SimpleTrackSet`, a `ParamTrackSet` or a `TypedTrackSet`",
    note = "an enum with `#[derive(TrackSet)]` is added by its definition: `.add(Pricing::track_set())`",
    note = "a group that is already built is another group: `TracksLayer::new(first).and(second)?`"
)]
pub trait Definition: sealed::IntoDraft {
    /// Whether its eligibility looks at a context, and at which.
    type State: ContextState;
}

pub(super) mod sealed {
    /// Keeps [`Definition`](crate::assign::Definition) to this crate.
    pub trait IntoDraft {
        /// Returns the draft.
        fn into_draft(self) -> super::Draft;
    }
}
