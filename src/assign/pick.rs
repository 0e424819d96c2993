use std::fmt;

use super::bucketing::{Drawn, Words};

/// A choice, as indices into its group.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pick {
    pub(crate) set: Option<usize>,
    pub(crate) track: Option<usize>,
    pub(crate) reason: Reason,
    pub(crate) words: Option<Words>,
}

/// Why a choice is as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Reason {
    /// The key was bucketed into a track.
    Bucketed,
    /// A set was chosen, and the key is outside its share.
    OutsideShare,
    /// The group has no set of weight above 0 that the unit is eligible for.
    Ineligible,
    /// A set was chosen that is paused.
    Paused,
    /// The request had no key.
    NoKey,
    /// An override put the request into the track; it is never counted.
    Forced,
    /// The definition pins the key, or the context, to the track; it is never counted.
    Pinned,
    /// The request is a bot's.
    Bot,
    /// The request is a prefetch or a prerender.
    Speculative,
    /// The application excludes the request.
    Excluded,
    /// The visitor did not agree.
    NoConsent,
}

impl Reason {
    /// Returns the reason as it is recorded, such as `bucketed` or `outside-share`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Bucketed => "bucketed",
            Self::OutsideShare => "outside-share",
            Self::Ineligible => "ineligible",
            Self::Paused => "paused",
            Self::NoKey => "no-key",
            Self::Forced => "forced",
            Self::Pinned => "pinned",
            Self::Bot => "bot",
            Self::Speculative => "speculative",
            Self::Excluded => "excluded",
            Self::NoConsent => "no-consent",
        }
    }

    /// Returns whether the track was not drawn but given, by an override or a pin: then it is never
    /// counted, and the header marks it as `forced`.
    pub fn is_forced(self) -> bool {
        matches!(self, Self::Forced | Self::Pinned)
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl From<Option<Drawn>> for Pick {
    fn from(drawn: Option<Drawn>) -> Self {
        let Some(drawn) = drawn else {
            return Self::nothing(Reason::Ineligible);
        };
        Self {
            set: Some(drawn.set),
            track: drawn.track,
            reason: match drawn.track {
                Some(_) => Reason::Bucketed,
                None => Reason::OutsideShare,
            },
            words: drawn.words,
        }
    }
}

impl Pick {
    /// The choice of nothing.
    pub(crate) fn nothing(reason: Reason) -> Self {
        Self {
            set: None,
            track: None,
            reason,
            words: None,
        }
    }

    /// The choice of an override.
    #[cfg(feature = "overrides")]
    pub(crate) fn forced(set: usize, track: usize) -> Self {
        Self::given(set, track, Reason::Forced)
    }

    /// Returns a choice that was not drawn.
    pub(crate) fn given(set: usize, track: usize, reason: Reason) -> Self {
        Self {
            set: Some(set),
            track: Some(track),
            ..Self::nothing(reason)
        }
    }

    /// Returns the same choice while its set is paused: without a track.
    #[cfg(feature = "tower")]
    pub(crate) fn paused(self) -> Self {
        Self {
            track: None,
            reason: Reason::Paused,
            ..self
        }
    }
}
