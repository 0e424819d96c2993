use crate::{event::Unit, record::Timestamp};

/// A row of the exposures of a phase, which come in the order of their units.
#[derive(Debug, Clone, Copy)]
pub(in crate::record) struct ExposedUnit {
    pub(in crate::record) unit: Unit,
    /// The index of the track in the list that the fold was given.
    pub(in crate::record) track: usize,
    pub(in crate::record) first_at: Timestamp,
    pub(in crate::record) coin: Option<bool>,
    /// The index of the definition in the list that the fold was given; `None` where it was not
    /// recorded.
    pub(in crate::record) definition: Option<usize>,
}

/// A row of the conversions of a goal, which come in the order of their units; within a unit in
/// any order, and with repetitions.
///
/// The order of the fields is that in which one of two with the same key is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::record) struct ReachedGoal {
    pub(in crate::record) unit: Unit,
    pub(in crate::record) idem: [u8; 16],
    pub(in crate::record) at: Timestamp,
    pub(in crate::record) value: i64,
}

impl ReachedGoal {
    /// Returns whether the unit reached the goal. A conversion of a negative value, such as a
    /// refund, takes back what others were worth, and reaches nothing.
    pub(in crate::record) fn reaches(&self) -> bool {
        self.value >= 0
    }
}
