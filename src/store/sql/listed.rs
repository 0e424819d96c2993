//! The ids of what a batch lists, in one database.

use crate::store::error::{StoreError, StoreErrorKind};

/// The ids of names, by their indices in a batch. Each database has its own type of an id.
pub(in crate::store) struct Listed<I> {
    pub(in crate::store) writers: Vec<I>,
    pub(in crate::store) phases: Vec<I>,
    /// With the ids of their phases.
    pub(in crate::store) tracks: Vec<(I, I)>,
    pub(in crate::store) goals: Vec<I>,
    pub(in crate::store) definitions: Vec<I>,
    pub(in crate::store) segments: Vec<I>,
}

impl<I: Copy> Listed<I> {
    /// Returns the id of a listed writer. The functions that follow do the same for other names.
    pub(in crate::store) fn writer(&self, index: u32) -> Result<I, StoreError> {
        at(&self.writers, index)
    }

    pub(in crate::store) fn phase(&self, index: u32) -> Result<I, StoreError> {
        at(&self.phases, index)
    }

    /// Returns the ids of the phase and of the track.
    pub(in crate::store) fn track(&self, index: u32) -> Result<(I, I), StoreError> {
        at(&self.tracks, index)
    }

    pub(in crate::store) fn goal(&self, index: u32) -> Result<I, StoreError> {
        at(&self.goals, index)
    }

    pub(in crate::store) fn definition(&self, index: u32) -> Result<I, StoreError> {
        at(&self.definitions, index)
    }

    pub(in crate::store) fn segment(&self, index: u32) -> Result<I, StoreError> {
        at(&self.segments, index)
    }
}

/// Returns the id at an index, or an error if the batch does not list it.
fn at<T: Copy>(ids: &[T], index: u32) -> Result<T, StoreError> {
    let message = "a row of a batch refers to what the batch does not list";
    let error = || StoreError::new(StoreErrorKind::Refused, message);
    ids.get(index as usize).copied().ok_or_else(error)
}
