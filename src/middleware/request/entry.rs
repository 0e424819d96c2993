//! One group in one request.

use crate::assign::{Pick, RunId};

use super::reading::Reading;

/// The choice of one group for a request, and the state of its reading.
#[derive(Debug)]
pub(crate) struct Entry {
    /// The index of the group in its layer.
    pub(crate) group: usize,
    /// The choice. It never changes after the request began, even if the set is paused in between.
    pub(crate) pick: Pick,
    /// The run, if the layer has runs.
    pub(crate) run_id: Option<RunId>,
    /// Whether the track was read, and when.
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
