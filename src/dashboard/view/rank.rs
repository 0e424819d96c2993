/// In what group of the list it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::dashboard) enum Rank {
    Untrusted,
    Found,
    Open,
    Early,
}

impl Rank {
    pub(in crate::dashboard) fn title(self) -> &'static str {
        match self {
            Self::Untrusted => "Look here first",
            Self::Found => "Something was found",
            Self::Open => "Nothing found so far",
            Self::Early => "Too early to tell",
        }
    }
}
