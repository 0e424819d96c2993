/// The group of a set in the list, the most urgent first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::dashboard) enum Rank {
    Untrusted,
    Found,
    Open,
    Early,
}

impl Rank {
    /// Returns the title of the group.
    pub(in crate::dashboard) fn title(self) -> &'static str {
        match self {
            Self::Untrusted => "Look here first",
            Self::Found => "Something was found",
            Self::Open => "Nothing found so far",
            Self::Early => "Too early to tell",
        }
    }
}
