use tower_tracks::{SimpleTrackSet, TracksLayer};

struct Visitor {
    is_vip: bool,
}

fn main() -> Result<(), tower_tracks::DefinitionError> {
    let delay = SimpleTrackSet::new("delay")
        .track("long", 2000)
        .eligible(|visitor: &Visitor| !visitor.is_vip)
        .build()?;
    let _ = TracksLayer::new(delay);
    Ok(())
}
