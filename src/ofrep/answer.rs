//! The answer about one flag, as JSON.

use serde::Serialize;
use serde_json::Value;

use super::{flags::Flag, refusal::Failure};
use crate::{assign::Reason, middleware::Looked};

/// A flag in the answer about all.
#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum Answer<'a> {
    Success(&'a Success<'a>),
    Failure(Failure<'a>),
}

/// The answer about a flag that was evaluated.
#[derive(Serialize)]
pub(super) struct Success<'a> {
    key: &'a str,
    /// None where the client is to use the default of its code.
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<Value>,
    reason: OfReason,
    /// Empty without a track, since some clients need it to be there.
    variant: &'a str,
    metadata: Metadata,
}

#[derive(Serialize)]
struct Metadata {
    phase: u32,
    reason: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    receipt: Option<String>,
}

/// The reasons that the protocol has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum OfReason {
    Static,
    TargetingMatch,
    Split,
    Disabled,
    Unknown,
}

/// The reason of a set if its group has chosen another one.
const OTHER_SET: &str = "other-set";

/// The reason of a key for one request alone. At the next request, a page would show another track.
const EPHEMERAL: &str = "ephemeral";

impl<'a> Success<'a> {
    /// Returns the answer about a flag under the name that the client has used.
    pub(super) fn new(
        key: &'a str,
        flag: &'a Flag,
        looked: Looked<'a>,
        receipt: Option<String>,
    ) -> Self {
        let is_lasting = looked.is_lasting;
        let chosen = looked.choice.filter(|_| is_lasting);
        let track = chosen.and_then(|choice| choice.track());
        let is_elsewhere = looked.choice.is_none() && is_by_chance(looked.reason);
        let (reason, ours) = match looked.reason {
            _ if is_elsewhere => (OfReason::Split, OTHER_SET),
            _ if !is_lasting => (OfReason::TargetingMatch, EPHEMERAL),
            reason => (OfReason::of(reason), reason.as_str()),
        };
        Self {
            key,
            value: track.and_then(|track| flag.value(track)),
            reason,
            variant: track.unwrap_or_default(),
            metadata: Metadata {
                phase: flag.set.phase(),
                reason: ours,
                receipt,
            },
        }
    }
}

/// Returns whether the group has chosen a set, by the key or otherwise.
fn is_by_chance(reason: Reason) -> bool {
    use Reason::{Bucketed, Forced, HeldOut, OutsideShare, Paused, Pinned, Shipped};
    matches!(
        reason,
        Bucketed | OutsideShare | HeldOut | Paused | Shipped | Forced | Pinned
    )
}

impl OfReason {
    fn of(reason: Reason) -> Self {
        match reason {
            Reason::Bucketed | Reason::OutsideShare | Reason::HeldOut => Self::Split,
            Reason::Paused => Self::Disabled,
            Reason::Shipped => Self::Static,
            Reason::NoKey => Self::Unknown,
            Reason::Ineligible
            | Reason::Forced
            | Reason::Pinned
            | Reason::Bot
            | Reason::Speculative
            | Reason::Excluded
            | Reason::NoConsent => Self::TargetingMatch,
        }
    }
}
