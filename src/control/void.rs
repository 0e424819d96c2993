use std::fmt;

/// Why a change has no effect.
///
/// A void change harms nothing: the other changes of its set are in force. Another version of the program
/// may see the same change as valid.
///
/// ```
/// use tower_tracks::control::Void;
///
/// assert_eq!(Void::OtherShare.to_string(), "it was made over another share in code");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Void {
    /// A share was made over another share in code, which a deploy replaced.
    OtherShare,
    /// The scheme of the set has no shares.
    Scheme,
    /// The share is not from 0 to 1.
    NoShare,
    /// The times or the shares of a ramp do not rise.
    NotRising,
    /// The set has no track of that name.
    NoTrack,
    /// The set shares its group with other sets, so no track of it can be shipped.
    NotAlone,
    /// A span ends before it begins.
    NoSpan,
    /// It approves no change that needs approval.
    NothingToApprove,
    /// A change was approved by its own author.
    SameAuthor,
    /// The author or the reason is missing.
    Unsigned,
}

impl fmt::Display for Void {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::OtherShare => "it was made over another share in code",
            Self::Scheme => "the scheme of the set has no shares",
            Self::NoShare => "a share is from 0 to 1",
            Self::NotRising => "the times and the shares of a ramp have to rise",
            Self::NoTrack => "the set has no track of that name",
            Self::NotAlone => {
                "the set shares its group with others; remove them from the group in code, then ship"
            }
            Self::NoSpan => "the span ends before it begins",
            Self::NothingToApprove => "no change of that number waits for approval",
            Self::SameAuthor => "a change is approved by another person than its author",
            Self::Unsigned => "a change needs an author and a reason",
        })
    }
}
