//! A choice as indices, and its reason. It is `Copy` and borrows nothing, so that a request keeps
//! it beside the group.

use std::fmt;

/// A digest as four independent numbers.
pub(super) type Words = [u64; 4];

/// A choice, as indices into its group.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pick {
    /// The index of the chosen set; none if no set was chosen.
    pub(crate) set: Option<usize>,
    /// The index of the track in that set; none if the key is in no track.
    pub(crate) track: Option<usize>,
    /// The reason of both.
    pub(crate) reason: Reason,
    /// The digest of the chosen set, which has the coin. A choice that was not drawn has none, and
    /// neither has the Python scheme.
    pub(crate) words: Option<Words>,
    /// The coin of a choice whose digest is not known here.
    pub(super) coin: Option<bool>,
    /// The number of the segment in the segments of the set.
    pub(super) segment: Option<u8>,
}

/// The reason of a choice.
///
/// Only [`Bucketed`](Self::Bucketed) is counted: an exposure to a track is recorded for this reason
/// alone.
///
/// ```
/// use tower_tracks::{Reason, SimpleTrackSet};
///
/// let delay = SimpleTrackSet::new("delay").track("short", 500).weight(0).build()?;
/// let reason = delay.assign("alice", &()).reason();
/// assert_eq!((reason, reason.to_string()), (Reason::Ineligible, "ineligible".to_owned()));
/// # Ok::<(), tower_tracks::DefinitionError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Reason {
    /// The hash of the key chose the track. It is the reason of every exposure.
    Bucketed,
    /// A set was chosen, but the key is outside its share, so it is in no track.
    OutsideShare,
    /// The key is held out of all sets by a [`Holdout`](crate::Holdout). The code path is that of control, and
    /// nothing is counted in the set.
    HeldOut,
    /// The group has no set with a weight above 0 for which the unit is eligible.
    ///
    /// It is also the reason in a group without sets.
    Ineligible,
    /// The chosen set is paused in the layer. The request gets control, and is not counted.
    Paused,
    /// A track of the set was shipped: every eligible request that is not held out gets it, because the test has ended. It is
    /// never counted.
    Shipped,
    /// The request had no key: no source of the layer found one, and none issues a visitor cookie.
    NoKey,
    /// An override put the request into the track; it is never counted.
    Forced,
    /// The definition pins the key, or the context, to the track; it is never counted.
    Pinned,
    /// The request is from a bot, by its `User-Agent`. It gets control and no cookie.
    Bot,
    /// The request is a prefetch or a prerender, whose page may never be shown. It gets control and
    /// no cookie.
    Speculative,
    /// A closure of the application excludes the request, with `Exclusion::when`.
    Excluded,
    /// The visitor did not consent. The request gets control and no cookie.
    NoConsent,
}

impl Reason {
    /// Returns the reason as it is recorded, such as `bucketed` or `outside-share`.
    ///
    /// The texts are stable: stores and logs keep them.
    ///
    /// ```
    /// use tower_tracks::Reason;
    ///
    /// assert_eq!(Reason::OutsideShare.as_str(), "outside-share");
    /// ```
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Bucketed => "bucketed",
            Self::OutsideShare => "outside-share",
            Self::HeldOut => "held-out",
            Self::Ineligible => "ineligible",
            Self::Paused => "paused",
            Self::Shipped => "shipped",
            Self::NoKey => "no-key",
            Self::Forced => "forced",
            Self::Pinned => "pinned",
            Self::Bot => "bot",
            Self::Speculative => "speculative",
            Self::Excluded => "excluded",
            Self::NoConsent => "no-consent",
        }
    }

    /// Returns the reason of a text of [`as_str`](Self::as_str).
    #[cfg(feature = "propagation")]
    pub(crate) fn read(text: &str) -> Option<Self> {
        let mut all = Self::ALL.into_iter();
        all.find(|reason| reason.as_str() == text)
    }

    /// All reasons.
    #[cfg(feature = "propagation")]
    const ALL: [Self; 13] = [
        Self::Bucketed,
        Self::OutsideShare,
        Self::HeldOut,
        Self::Ineligible,
        Self::Paused,
        Self::Shipped,
        Self::NoKey,
        Self::Forced,
        Self::Pinned,
        Self::Bot,
        Self::Speculative,
        Self::Excluded,
        Self::NoConsent,
    ];

    /// Returns whether an override or a pin chose the track. Such a track is never counted, and the header
    /// marks it as `forced`.
    ///
    /// ```
    /// use tower_tracks::{Reason, SimpleTrackSet};
    ///
    /// let delay = SimpleTrackSet::new("delay").track("short", 500).pin_keys([("tester", "short")]);
    /// let delay = delay.build()?;
    /// assert!(delay.assign("tester", &()).reason().is_forced());
    /// assert!(!Reason::Bucketed.is_forced());
    /// # Ok::<(), tower_tracks::DefinitionError>(())
    /// ```
    pub fn is_forced(self) -> bool {
        matches!(self, Self::Forced | Self::Pinned)
    }

    /// Returns whether a track of this reason is part of the test.
    pub(crate) fn is_counted(self) -> bool {
        !self.is_forced() && self != Self::Shipped
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
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
            coin: None,
            segment: None,
        }
    }

    /// The choice that a scheme drew; it is outside the share if it has no track.
    #[inline]
    pub(super) fn drawn(set: usize, track: Option<usize>, words: Option<Words>) -> Self {
        Self {
            set: Some(set),
            track,
            reason: match track {
                Some(_) => Reason::Bucketed,
                None => Reason::OutsideShare,
            },
            words,
            coin: None,
            segment: None,
        }
    }

    /// Returns a choice that was drawn before, without its digest.
    #[cfg(any(feature = "ofrep", feature = "propagation"))]
    pub(crate) fn redeemed(
        set: usize,
        track: usize,
        coin: Option<bool>,
        segment: Option<u8>,
    ) -> Self {
        Self {
            coin,
            segment,
            ..Self::given(set, track, Reason::Bucketed)
        }
    }

    /// Returns a choice that was not drawn.
    pub(crate) fn given(set: usize, track: usize, reason: Reason) -> Self {
        Self {
            set: Some(set),
            track: Some(track),
            ..Self::nothing(reason)
        }
    }

    /// Returns a choice that another service made, for the same reason. It has no track if that reason gives none.
    #[cfg(feature = "propagation")]
    pub(crate) fn propagated(
        set: usize,
        track: Option<usize>,
        reason: Reason,
        coin: Option<bool>,
        segment: Option<u8>,
    ) -> Self {
        let drawn = Self::redeemed(set, track.unwrap_or_default(), coin, segment);
        Self {
            track,
            reason,
            ..drawn
        }
    }

    /// Returns the same choice under another share of its set. Only a choice that was drawn has a share.
    #[cfg(feature = "control")]
    #[inline]
    pub(super) fn enrolled(self, track: Option<usize>) -> Self {
        match (self.reason, self.set) {
            (Reason::Bucketed | Reason::OutsideShare, Some(set)) => {
                Self::drawn(set, track, self.words).in_segment(self.segment)
            }
            _ => self,
        }
    }

    /// Adds the segment of the context.
    #[inline]
    pub(super) fn in_segment(self, segment: Option<u8>) -> Self {
        Self { segment, ..self }
    }

    /// Takes part in nothing, if it is a choice by the key or a shipped track. What was forced, and what is in no
    /// set or paused, stays.
    #[cfg(feature = "tower")]
    pub(crate) fn held_out(self) -> Self {
        match self.can_be_held_out() {
            true => Self {
                track: None,
                reason: Reason::HeldOut,
                ..self
            },
            false => self,
        }
    }

    /// Returns whether a holdout decides about it, or has decided.
    #[cfg(feature = "tower")]
    pub(crate) fn can_be_held_out(&self) -> bool {
        use Reason::{Bucketed, HeldOut, OutsideShare, Shipped};
        matches!(self.reason, Bucketed | OutsideShare | Shipped | HeldOut)
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
