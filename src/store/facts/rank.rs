//! The tie-break between two exposures at the same time. It does not use ids of a database, which
//! differ from store to store: definitions are compared by fingerprint, and segments by name.

use crate::store::timestamp::Timestamp;

use super::{batch::Batch, rows::ExposureRow};

/// The order in which one of two exposures of one unit and track stays, within a batch.
pub(crate) struct Ranks {
    definitions: Vec<u32>,
    segments: Vec<u32>,
}

/// The least stays: time, coin, then the ranks of definition and segment.
pub(crate) type Rank = (Timestamp, Option<bool>, u32, u32);

impl Ranks {
    /// Ranks the definitions of a batch by fingerprint, and its segments by name.
    pub(crate) fn of(batch: &Batch) -> Self {
        let names = batch.definition_names().iter();
        // Without the phase, since the exposures that are compared are of one track.
        let prints: Vec<_> = names.map(|name| name.fingerprint).collect();
        Self {
            definitions: ranks(&prints),
            segments: ranks(batch.segments()),
        }
    }

    /// Returns the rank of an exposure of the batch.
    pub(crate) fn rank(&self, row: &ExposureRow) -> Rank {
        let definition = rank(&self.definitions, row.definition);
        let segment = rank(&self.segments, row.segment);
        (row.first_at, row.coin, definition, segment)
    }
}

/// Returns what is not known as the last.
fn rank(ranks: &[u32], index: Option<u32>) -> u32 {
    let rank = index.and_then(|index| ranks.get(index as usize));
    // No list is so long that an item of it has this place.
    rank.copied().unwrap_or(u32::MAX)
}

/// Returns the place of each item among all; equal items have one place.
fn ranks<T: Ord>(items: &[T]) -> Vec<u32> {
    let mut sorted: Vec<&T> = items.iter().collect();
    sorted.sort_unstable();
    let place = |item: &T| sorted.partition_point(|other| *other < item) as u32;
    items.iter().map(place).collect()
}
