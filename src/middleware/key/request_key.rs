//! The key of one unit in one request.

use crate::assign::Key;

/// The key of a request and its origin.
#[derive(Debug, Clone)]
pub(crate) struct RequestKey {
    pub(crate) key: Key<'static>,
    pub(crate) origin: Origin,
    /// Whether the key is in a cookie that is to be issued again: an unsigned one, or one that a former
    /// secret signed.
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

    /// Returns whether its cookie is to be issued, if only again.
    pub(crate) fn is_to_be_issued(&self) -> bool {
        self.is_issued() || self.is_former
    }
}
