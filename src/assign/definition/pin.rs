//! Pins as they are given: by the name of a track, since the order of the tracks is not known
//! before `build`.

use crate::assign::{eligible::Eligible, key::Key};

/// A key or a context, and the name of its track.
pub(in crate::assign) struct Pin {
    /// A name: it becomes an index when the tracks are sorted.
    pub(in crate::assign) track: String,
    /// What is pinned.
    pub(in crate::assign) who: Pinned,
}

/// What a pin is for. A predicate also pins requests without a key.
pub(in crate::assign) enum Pinned {
    Key(Key<'static>),
    When(Eligible),
}
