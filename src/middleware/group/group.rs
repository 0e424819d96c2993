//! A group of sets with the function that makes its context.

use std::{any::Any, fmt, sync::Arc};

use http::request::Parts;

use crate::assign::{Key, MultiTrackSet, Pick, Sets};

use super::from_parts::FromParts;

/// A built group, and the closure that makes its context from a request.
///
/// A built set or [`MultiTrackSet`](crate::MultiTrackSet) whose context implements
/// [`FromParts`](crate::FromParts) needs no `Group`: a layer accepts it directly.
#[derive(Clone)]
pub struct Group {
    /// The sets, which exposures and handles share.
    pub(crate) sets: Arc<Sets>,
    /// Hides the type of the context, so that groups of different contexts are in one layer.
    pick: Arc<PickFor>,
}

/// Makes the context from the parts, and chooses.
type PickFor = dyn Fn(&Sets, Asked<'_>, &Parts) -> Pick + Send + Sync;

/// The question to a group.
#[derive(Clone, Copy)]
enum Asked<'a> {
    Key(&'a Key<'a>),
    NoKey,
    /// The eligibility alone, while this track is shipped.
    #[cfg(feature = "control")]
    Shipped(usize),
}

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
            sets: sets.sets,
            pick: Arc::new(move |sets, asked, parts| asked.pick(sets, &context(parts))),
        }
    }

    /// Makes the context and chooses, with a key or without one.
    pub(crate) fn pick(&self, key: Option<&Key<'_>>, parts: &Parts) -> Pick {
        let asked = key.map_or(Asked::NoKey, Asked::Key);
        (self.pick)(&self.sets, asked, parts)
    }

    /// Returns the choice while a track is shipped.
    #[cfg(feature = "control")]
    pub(crate) fn ship(&self, track: usize, parts: &Parts) -> Pick {
        (self.pick)(&self.sets, Asked::Shipped(track), parts)
    }
}

impl Asked<'_> {
    #[inline]
    fn pick(self, sets: &Sets, context: &dyn Any) -> Pick {
        match self {
            Self::Key(key) => sets.pick_for(Some(key), context),
            Self::NoKey => sets.pick_for(None, context),
            #[cfg(feature = "control")]
            Self::Shipped(track) => sets.ship(track, context),
        }
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

/// A value that a layer accepts: a built set, a [`MultiTrackSet`](crate::MultiTrackSet), or a
/// [`Group`](crate::Group).
///
/// ```
/// use tower_tracks::{SimpleTrackSet, TracksLayer, middleware::IntoGroup};
///
/// /// Returns the layer of a shop for any sets.
/// fn layer(sets: impl IntoGroup) -> TracksLayer {
///     TracksLayer::new(sets).run_ids()
/// }
///
/// let layer = layer(SimpleTrackSet::new("delay").track("short", 500).build()?);
/// # Ok::<(), tower_tracks::DefinitionError>(())
/// ```
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
            sets: self.sets,
            pick: Arc::new(|sets, asked, parts| {
                C::with_parts(parts, |context| asked.pick(sets, context))
            }),
        }
    }
}
