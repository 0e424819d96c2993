use crate::assign::Key;

/// The key of a request, and where it comes from.
#[derive(Debug, Clone)]
pub(crate) struct RequestKey {
    pub(crate) key: Key<'static>,
    pub(crate) origin: Origin,
    /// Whether it is in a cookie that is to be issued again, as it should be by now.
    pub(crate) is_former: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    /// The request brought it.
    Given,
    /// It is a new visitor's, who does not know it yet.
    Issued,
    /// It is of this request alone.
    Random,
}

impl RequestKey {
    pub(crate) fn is_issued(&self) -> bool {
        self.origin == Origin::Issued
    }

    /// Returns whether its cookie is to be issued, if only again.
    pub(crate) fn is_to_be_issued(&self) -> bool {
        self.is_issued() || self.is_former
    }
}
