use std::sync::{Arc, Mutex, PoisonError};

use crate::event::{Exposure, Observe};

/// An observer that keeps what it is told, in order.
///
/// Clones of it are the same observer: one goes to the layer, and the test asks the other.
///
/// ```
/// use tower_tracks::{SimpleTrackSet, TracksLayer, testing::Exposures};
///
/// let exposures = Exposures::default();
/// let delay = SimpleTrackSet::new("delay").track("short", 500).build()?;
/// let layer = TracksLayer::new(delay).observe(exposures.clone());
/// // … send requests, and then:
/// assert!(exposures.is_empty());
/// # Ok::<(), tower_tracks::DefinitionError>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct Exposures(Arc<Mutex<Vec<Exposure>>>);

impl Exposures {
    /// Returns all that was told since the last time, and forgets it.
    pub fn take(&self) -> Vec<Exposure> {
        self.with(std::mem::take)
    }

    /// Returns all that was told so far, and keeps it.
    pub fn iter(&self) -> impl Iterator<Item = Exposure> + use<> {
        self.with(|told| told.clone()).into_iter()
    }

    /// Returns how many were told so far.
    pub fn len(&self) -> usize {
        self.with(|told| told.len())
    }

    /// Returns whether none was told so far.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn with<T>(&self, act: impl FnOnce(&mut Vec<Exposure>) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Observe for Exposures {
    fn observe(&self, exposure: &Exposure) {
        self.with(|told| told.push(exposure.clone()));
    }
}
