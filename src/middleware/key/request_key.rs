//! The key of one unit in one request, and what the sources know of it before a new key is drawn.

use crate::assign::Key;

/// The result of a query of the sources of one unit.
///
/// A key is borrowed from the request if possible, so that a request that brings its key needs no copy
/// until the sources are done.
pub(crate) enum Found<'a> {
    /// The request brought this key.
    Given {
        key: Key<'a>,
        /// Whether its cookie is to be issued again: it is unsigned, or a former secret signed it.
        is_former: bool,
    },
    /// The request gets a random key for itself alone.
    Random,
    /// No source has a key, and one of them is a visitor cookie, which is to be issued.
    NewVisitor,
}

/// The key of a request and its origin.
#[derive(Debug, Clone)]
pub(crate) struct RequestKey {
    pub(crate) key: Key<'static>,
    pub(crate) origin: Origin,
    /// Whether the key is in a cookie that is to be issued again.
    pub(crate) is_former: bool,
}

/// The origin decides what may be recorded: a random key never is, and an issued one is recorded as
/// new.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    /// The request has the key.
    Given,
    /// The key is new, and the response issues its cookie. The visitor may never receive it.
    Issued,
    /// The key is random, and belongs to this request alone.
    Random,
}

impl RequestKey {
    /// Returns whether the key is that of a new visitor.
    pub(crate) fn is_issued(&self) -> bool {
        self.origin == Origin::Issued
    }
}
