//! What the change in force makes of the assignments of a set at a moment.

use serde::Serialize;

use crate::{
    control::{Act, Change, Code, Mode, state},
    figures::round_percent,
    report::Utc,
    store::Timestamp,
    text::control,
};

/// The change that decides about the requests of a set at a moment.
#[derive(Debug, Clone)]
pub(super) struct InForce {
    pub(super) mode: Mode,
    change: Change,
    since: Timestamp,
    /// The track that every request gets.
    pub(super) shipped: Option<String>,
}

/// A change in force, as JSON has it.
#[derive(Debug, Serialize)]
pub(super) struct Effect {
    /// `pause`, `ship`, `share` or `ramp`.
    act: &'static str,
    /// The number of the change.
    change: u64,
    since: Utc,
    author: String,
    reason: String,
    /// The track of the key if there were no changes and the share were 1.
    would_be: Option<String>,
}

impl InForce {
    /// Returns the change in force; `None` if the code decides.
    pub(super) fn of(code: Code<'_>, changes: &[Change], at: Timestamp) -> Option<Self> {
        let state = state(code, changes, at);
        let number = match state.mode {
            Mode::Code => None,
            Mode::Paused => state.paused,
            Mode::Shipped(_) => state.shipped.map(|shipped| shipped.by),
            Mode::Share(_) => state.share_by,
        };
        let change = changes.iter().find(|one| Some(one.number) == number)?;
        let shipped = match state.mode {
            Mode::Shipped(track) => code.set().tracks().get(track),
            _ => None,
        };
        Some(Self {
            mode: state.mode,
            since: since(change, changes),
            change: change.clone(),
            shipped: shipped.map(|track| track.name().to_owned()),
        })
    }

    /// Returns the share that a change has set.
    pub(super) fn share(&self) -> Option<f64> {
        match self.mode {
            Mode::Share(share) => Some(share),
            _ => None,
        }
    }

    /// Returns whether no exposure of a key is recorded, as the set is paused, a track is shipped, or the key
    /// is outside the share.
    pub(super) fn excludes(&self, digest: Option<[u8; 32]>) -> bool {
        self.share().is_none_or(|share| !is_enrolled(digest, share))
    }

    /// Returns the sentence about a key with this digest, such as
    /// `not in the share of 10% since 2026-03-01 08:00 UTC by alice: too many errors (change 2)`.
    pub(super) fn sentence(&self, digest: Option<[u8; 32]>) -> String {
        let what = match (self.share(), &self.shipped) {
            (Some(share), _) => {
                let is_in = if is_enrolled(digest, share) {
                    "in"
                } else {
                    "not in"
                };
                format!("{is_in} the share of {}", round_percent(share))
            }
            (None, Some(track)) => format!("shipped: {track}"),
            (None, None) => "paused".to_owned(),
        };
        let Change {
            number,
            author,
            reason,
            ..
        } = &self.change;
        let sentence = format!(
            "{what} since {} by {author}: {reason} (change {number})",
            Utc(self.since)
        );
        control::one_line(&sentence).into_owned()
    }

    /// Returns the sentence, with the track that the key would have without the change.
    pub(super) fn told(&self, digest: Option<[u8; 32]>, would_be: Option<&str>) -> String {
        let sentence = self.sentence(digest);
        match would_be.filter(|_| self.excludes(digest)) {
            Some(track) => format!("{sentence}, would be {track}"),
            None => sentence,
        }
    }

    /// Returns the change for JSON.
    pub(super) fn effect(&self, would_be: Option<&str>) -> Effect {
        Effect {
            act: self.change.act.name(),
            change: self.change.number,
            since: Utc(self.since),
            author: self.change.author.clone(),
            reason: self.change.reason.clone(),
            would_be: would_be.map(str::to_owned),
        }
    }
}

impl Effect {
    pub(super) fn is_shipped(&self) -> bool {
        self.act == "ship"
    }

    pub(super) fn is_share(&self) -> bool {
        matches!(self.act, "share" | "ramp")
    }
}

/// Returns whether a key is in a share: its second word is below the share times 2^64. A scheme without a
/// digest has no shares.
pub(super) fn is_enrolled(digest: Option<[u8; 32]>, share: f64) -> bool {
    digest.is_none_or(|digest| {
        let (words, _) = digest.as_chunks();
        // A share of 1 is 2^64, which 64 bits do not hold.
        let limit = (share * 2_f64.powi(64)).round() as u128;
        words
            .get(1)
            .is_none_or(|word| u128::from(u64::from_be_bytes(*word)) < limit)
    })
}

/// Returns when a change came into force: one that needed approval, with the approval.
fn since(change: &Change, changes: &[Change]) -> Timestamp {
    let approves = |other: &&Change| {
        let number = change.number;
        matches!(other.act, Act::Approve { change } if change == number)
    };
    let approval = changes.iter().filter(approves);
    let approval = approval.map(|approval| approval.effective_at).max();
    change
        .effective_at
        .max(approval.unwrap_or(change.effective_at))
}
