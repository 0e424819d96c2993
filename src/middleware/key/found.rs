//! The result of a query of the sources of a key, before a new key is drawn.

use crate::assign::Key;

/// The result of a query of the sources of one unit.
///
/// A key is borrowed from the request if possible, so that a request that brings its key needs no copy
/// until the sources are done.
pub(crate) enum Found<'a> {
    /// The request brought this key.
    Given(Key<'a>),
    /// The request brought this key, in a cookie that is to be issued again.
    #[cfg(any(feature = "mask", feature = "overrides", feature = "units"))]
    Former(Key<'a>),
    /// The request gets a random key for itself alone.
    Random,
    /// No source has a key, and one of them is a visitor cookie, which is to be issued.
    NewVisitor,
}

impl Found<'_> {
    /// Returns whether it is in a cookie that is to be issued again.
    pub(crate) fn is_former(&self) -> bool {
        #[cfg(any(feature = "mask", feature = "overrides", feature = "units"))]
        return matches!(self, Self::Former(_));
        #[cfg(not(any(feature = "mask", feature = "overrides", feature = "units")))]
        false
    }
}
