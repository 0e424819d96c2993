use crate::assign::{eligible::Eligible, key::Key};

/// A key or a context, and the name of its track.
pub(in crate::assign) struct Pin {
    pub(in crate::assign) track: String,
    pub(in crate::assign) who: Pinned,
}

pub(in crate::assign) enum Pinned {
    Key(Key<'static>),
    When(Eligible),
}
