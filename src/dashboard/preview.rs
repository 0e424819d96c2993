use std::time::SystemTime;

use crate::middleware::{Force, ForceError, Override, link};

/// Links that show a track of the application's pages.
pub(super) struct Preview {
    pub(super) overrides: Override,
    /// The page that they show.
    pub(super) page: String,
}

impl Preview {
    /// Returns a link that shows a track, which the caller knows to be there.
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
