use crate::assign::Key;

/// What the sources of a key answer.
pub(crate) enum Found<'a> {
    /// The request brought this key.
    Given(Key<'a>),
    /// The request brought this key, in a cookie that is to be issued again.
    #[cfg(any(feature = "mask", feature = "overrides", feature = "units"))]
    Former(Key<'a>),
    /// A random key is wanted, for this request alone.
    Random,
    /// There is no key, and a visitor's cookie is to be issued.
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
