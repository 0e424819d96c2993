//! The rows that a store passes to the fold. Both streams are sorted by unit; the fold does not
//! check that.

use std::sync::Arc;

use crate::{
    store::{catalog::Definition, timestamp::Timestamp},
    unit::Unit,
};

/// What the rows name by an index.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Listed<'a> {
    /// The names of tracks.
    pub(crate) tracks: &'a [Arc<str>],
    /// The definitions of the phase, the earliest first, then by fingerprint.
    pub(crate) definitions: &'a [Definition],
    /// The names of segments.
    pub(crate) segments: &'a [Arc<str>],
}

/// A row of the exposures of a phase, which come in the order of their units.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ExposedUnit {
    /// The unit, by which the rows are sorted.
    pub(crate) unit: Unit,
    /// The index of the track in the list that the fold was given.
    pub(crate) track: usize,
    /// The time of the first exposure to this track.
    pub(crate) first_at: Timestamp,
    pub(crate) coin: Option<bool>,
    /// The index of the definition in the list that the fold was given; `None` where it was not
    /// recorded.
    pub(crate) definition: Option<usize>,
    /// The index of the segment; `None` if there is none.
    pub(crate) segment: Option<usize>,
}

/// A row of the conversions of a goal, which come in the order of their units; within a unit in
/// any order, and with repetitions.
///
/// The order of the fields is that in which one of two with the same key is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ReachedGoal {
    pub(crate) unit: Unit,
    pub(crate) idem: [u8; 16],
    pub(crate) at: Timestamp,
    /// The value in millionths.
    pub(crate) value: i64,
}

impl ReachedGoal {
    /// Returns whether the unit reached the goal. A conversion of a negative value, such as a
    /// refund, takes back what others were worth, and reaches nothing.
    pub(crate) fn reaches(&self) -> bool {
        self.value >= 0
    }
}
