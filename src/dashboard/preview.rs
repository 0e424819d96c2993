use std::time::SystemTime;

use crate::middleware::{Force, ForceError, Override, link};

/// The settings of links that show a track.
pub(super) struct Preview {
    pub(super) overrides: Override,
    /// The address of the page that links show.
    pub(super) page: String,
}

impl Preview {
    /// Returns a link that shows a track. The caller has checked that the track exists.
    pub(super) fn link(
        &self,
        set: &str,
        phase: u32,
        track: &str,
        expires: SystemTime,
    ) -> Result<String, ForceError> {
        let force = Force::new(set, track, expires).phase(phase);
        let token = self.overrides.mint(&force)?;
        Ok(link::with_token(&self.page, &token))
    }
}
