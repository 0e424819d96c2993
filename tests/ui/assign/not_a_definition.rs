use tower_tracks::{DefinitionError, MultiTrackSet, SimpleTrackSet, TrackSet};

#[derive(Clone, TrackSet)]
enum Pricing {
    #[track(control)]
    Control,
    Cheap,
}

fn main() -> Result<(), DefinitionError> {
    let built = SimpleTrackSet::new("delay").track("short", 500).build()?;
    let sets = MultiTrackSet::builder().add(built).build()?;
    let sets = MultiTrackSet::builder().add(Pricing::Control).build()?;
    let sets = MultiTrackSet::builder().add(Pricing::track_set).build()?;
    let sets = MultiTrackSet::builder().add("delay").build()?;
    Ok(())
}
