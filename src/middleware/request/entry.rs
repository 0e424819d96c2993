use crate::assign::{Pick, RunId};

use super::reading::Reading;

/// What one group chose for a request, and whether that was read.
#[derive(Debug)]
pub(crate) struct Entry {
    /// The index of the group in its layer.
    pub(crate) group: usize,
    pub(crate) pick: Pick,
    pub(crate) run_id: Option<RunId>,
    pub(crate) reading: Reading,
}

impl Entry {
    pub(crate) fn new(group: usize, pick: Pick, run_id: Option<RunId>) -> Self {
        Self {
            group,
            pick,
            run_id,
            reading: Reading::default(),
        }
    }
}
