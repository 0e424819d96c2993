use tower_tracks::{DefinitionError, SimpleTrackSet};

struct Visitor;

fn main() -> Result<(), DefinitionError> {
    let delay = SimpleTrackSet::new("delay").track("short", 500);
    let sets = delay.eligible(|_: &Visitor| true).build()?;
    sets.assign("alice", &());
    Ok(())
}
