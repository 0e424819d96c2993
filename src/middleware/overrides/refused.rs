use std::{error, fmt};

/// The reason why a token was refused. The request continues without it.
///
/// [`Counts::refused`](crate::middleware::Counts::refused) counts each of them.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Refused {
    /// It is malformed, or longer than 512 bytes.
    Malformed,
    /// None of the secrets signed it.
    Signature,
    /// It has expired.
    Expired,
    /// It is for another visitor or user.
    OtherUnit,
    /// The layer does not have the set.
    UnknownSet,
    /// The set does not have the track.
    UnknownTrack,
    /// The set is in another phase.
    OtherPhase,
    /// It expires more than 90 days from now: [`Force::LONGEST`](crate::middleware::Force::LONGEST).
    TooLong,
}

impl Refused {
    /// How many reasons there are: one more than the index of the last.
    pub(in crate::middleware) const COUNT: usize = Self::TooLong as usize + 1;

    /// Returns the name of the reason, such as `other_unit`.
    ///
    /// The header `Tracks-Override` has it. `Display` writes a sentence instead.
    ///
    /// ```
    /// use tower_tracks::middleware::Refused;
    ///
    /// assert_eq!(Refused::OtherUnit.as_str(), "other_unit");
    /// assert_eq!(Refused::OtherUnit.to_string(), "the token is for another unit");
    /// ```
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Malformed => "malformed",
            Self::Signature => "signature",
            Self::Expired => "expired",
            Self::OtherUnit => "other_unit",
            Self::UnknownSet => "unknown_set",
            Self::UnknownTrack => "unknown_track",
            Self::OtherPhase => "other_phase",
            Self::TooLong => "too_long",
        }
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Malformed => "the token has not the shape of one",
            Self::Signature => "the token was signed by none of the secrets",
            Self::Expired => "the time of the token is over",
            Self::OtherUnit => "the token is for another unit",
            Self::UnknownSet => "the token is for a set that is not here",
            Self::UnknownTrack => "the token is for a track that its set does not have",
            Self::OtherPhase => "the token is for another phase of its set",
            Self::TooLong => "the token ends more than 90 days from now",
        })
    }
}

debug_as_message!(Refused);

impl error::Error for Refused {}

#[cfg(test)]
mod tests {
    use super::*;

    /// They are counted by their place.
    #[test]
    fn all_reasons_are_in_their_order() {
        let all = [
            Refused::Malformed,
            Refused::Signature,
            Refused::Expired,
            Refused::OtherUnit,
            Refused::UnknownSet,
            Refused::UnknownTrack,
            Refused::OtherPhase,
            Refused::TooLong,
        ];
        assert_eq!(all.len(), Refused::COUNT);
        for (index, reason) in all.into_iter().enumerate() {
            assert_eq!(reason as usize, index, "{reason}");
        }
    }
}
