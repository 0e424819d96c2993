//! The tests. In a real system, each service has the definitions that it reads, from a shared crate.

use tower_tracks::{DefinitionError, MultiTrackSet, SimpleTrackSet};

/// Only the shop has this test.
pub(super) fn layout() -> Result<MultiTrackSet, DefinitionError> {
    let layout = SimpleTrackSet::new("layout");
    layout.track("wide", "wide").build()
}

pub(super) fn pricing() -> Result<MultiTrackSet, DefinitionError> {
    let pricing = SimpleTrackSet::new("pricing");
    let pricing = pricing.run("cheap", |euros: &mut i64| *euros -= 1);
    pricing.run("dear", |euros: &mut i64| *euros += 1).build()
}
