//! What changes made of a phase over time, to find the exposures that they exclude.

use std::{collections::HashSet, time::Duration};

use crate::{
    cli::{
        definitions::{InCode, Replay},
        in_force::InForce,
    },
    control::{Act, Change},
    store::Timestamp,
};

/// How much the clocks of a node and of the log may differ.
const SKEW: Duration = Duration::from_secs(2);

/// The changes in force in a phase, by the time from which they are.
pub(super) struct Timeline {
    /// The spans in their order, the first one without a beginning.
    spans: Vec<Span>,
    /// How long a change takes at most to reach a node.
    delay: Duration,
}

/// A time in which the same changes are in force.
struct Span {
    from: Timestamp,
    /// The change in force, for each share that the code may have had; `None` where the code decides.
    in_force: Vec<Option<InForce>>,
}

impl Timeline {
    /// Returns the spans of a phase with this definition. `delay` is how long a change takes at most to
    /// reach a node.
    ///
    /// The store does not know when which share was in code. Besides the known `shares`, it may have been one
    /// that a change replaced.
    pub(super) fn of(replay: &Replay, shares: &[f64], changes: &[Change], delay: Duration) -> Self {
        let shares = all_shares(shares, changes).into_iter();
        // A log may have a change over a share that no code can have.
        let in_code = shares.filter_map(|share| replay.in_code(share).ok());
        let in_code: Vec<InCode> = in_code.collect();
        let in_force = |code: &InCode, at| code.in_force(changes, at);
        let spans = beginnings(changes).into_iter().map(|from| Span {
            in_force: in_code.iter().map(|code| in_force(code, from)).collect(),
            from,
        });
        Self {
            spans: spans.collect(),
            delay,
        }
    }

    /// Returns why changes exclude an exposure at a time of a key with this digest; `None` if they do not.
    ///
    /// An exposure is excluded if every state excludes it that a node may have known at the time.
    pub(super) fn excluded(&self, at: Timestamp, digest: Option<[u8; 32]>) -> Option<String> {
        let first = self.place(at.minus(self.delay));
        let last = self.place(at.plus(SKEW));
        let mut known = self.spans[first..=last]
            .iter()
            .flat_map(|span| &span.in_force);
        let admits = |in_force: &Option<InForce>| match in_force {
            Some(in_force) => !in_force.excludes(digest),
            None => true,
        };
        if known.any(admits) {
            return None;
        }
        let mut in_force = self.spans[self.place(at)].in_force.iter().flatten();
        in_force.next().map(|in_force| in_force.sentence(digest))
    }

    /// Returns the index of the span of a time.
    fn place(&self, at: Timestamp) -> usize {
        let begun = self.spans.partition_point(|span| span.from <= at);
        begun.saturating_sub(1)
    }
}

/// Returns the shares that the code may have had, each once.
fn all_shares(shares: &[f64], changes: &[Change]) -> Vec<f64> {
    let of_changes = changes.iter().filter_map(|change| match change.act {
        Act::Share { over, .. } | Act::Ramp { over, .. } => Some(over),
        _ => None,
    });
    let mut known = HashSet::new();
    let all = shares.iter().copied().chain(of_changes);
    all.filter(|share| known.insert(share.to_bits())).collect()
}

/// Returns when what is in force may change, the earliest time first.
fn beginnings(changes: &[Change]) -> Vec<Timestamp> {
    let mut beginnings = vec![Timestamp::MIN];
    for change in changes {
        beginnings.push(change.effective_at);
        if let Act::Ramp { steps, .. } = &change.act {
            beginnings.extend(steps.iter().map(|step| step.at));
        }
    }
    beginnings.sort_unstable();
    beginnings.dedup();
    beginnings
}
