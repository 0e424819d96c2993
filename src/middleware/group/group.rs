use std::{fmt, sync::Arc};

use http::request::Parts;

use crate::assign::{Key, MultiTrackSet, Pick, Sets};

use super::from_parts::FromParts;

/// A built group and how to make its context from a request.
#[derive(Clone)]
pub struct Group {
    pub(crate) sets: Arc<Sets>,
    pick: Arc<PickFor>,
}

/// Makes the context from the parts, and chooses.
type PickFor = dyn Fn(&Sets, Option<&Key<'_>>, &Parts) -> Pick + Send + Sync;

impl Group {
    /// Returns a group whose context is made by a closure, for a context that does not
    /// implement [`FromParts`]. The closure must not panic.
    ///
    /// ```
    /// use http::request::Parts;
    /// use tower_tracks::{Group, SimpleTrackSet, TracksLayer};
    ///
    /// let night = SimpleTrackSet::new("night").track("dark", "#000").eligible(|hour: &u8| *hour > 20);
    /// let layer = TracksLayer::new(Group::new(night.build()?, |_: &Parts| 22));
    /// # Ok::<(), tower_tracks::DefinitionError>(())
    /// ```
    pub fn new<C: 'static>(
        sets: MultiTrackSet<C>,
        context: impl Fn(&Parts) -> C + Send + Sync + 'static,
    ) -> Self {
        Self {
            sets: sets.into_inner(),
            pick: Arc::new(move |sets, key, parts| sets.pick_for(key, &context(parts))),
        }
    }

    pub(crate) fn pick(&self, key: Option<&Key<'_>>, parts: &Parts) -> Pick {
        (self.pick)(&self.sets, key, parts)
    }
}

impl fmt::Debug for Group {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Group")
            .field("sets", &self.sets)
            .field("context", &"<fn>")
            .finish()
    }
}

/// What a layer runs: a built set or [`MultiTrackSet`], or a [`Group`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a built set",
    label = "expected a built set, a `MultiTrackSet` or a `Group`",
    note = "finish the definition with `.build()?`"
)]
pub trait IntoGroup {
    /// Returns the group.
    fn into_group(self) -> Group;
}

impl IntoGroup for Group {
    fn into_group(self) -> Group {
        self
    }
}

impl<C: FromParts + 'static> IntoGroup for MultiTrackSet<C> {
    fn into_group(self) -> Group {
        Group {
            sets: self.into_inner(),
            pick: Arc::new(|sets, key, parts| {
                C::with_parts(parts, |context| sets.pick_for(key, context))
            }),
        }
    }
}
