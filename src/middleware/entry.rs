use crate::assign::{Pick, RunId};

use super::reading::Reading;

/// What one group chose for a request, and whether that was read.
#[derive(Debug)]
pub(super) struct Entry {
    /// The index of the group in its layer.
    pub(super) group: usize,
    pub(super) pick: Pick,
    pub(super) run_id: Option<RunId>,
    pub(super) reading: Reading,
}

impl Entry {
    pub(super) fn new(group: usize, pick: Pick, run_id: Option<RunId>) -> Self {
        Self {
            group,
            pick,
            run_id,
            reading: Reading::default(),
        }
    }
}
