//! A program without a context has no annotation.

use tower_tracks::{DefinitionError, MultiTrackSet, ParamTrackSet, SimpleTrackSet, TrackSet};

#[derive(Clone, TrackSet)]
enum Pricing {
    #[track(control)]
    Control,
    Cheap,
}

fn main() -> Result<(), DefinitionError> {
    let sets = MultiTrackSet::builder()
        .add(Pricing::track_set())
        .add(
            SimpleTrackSet::new("delay")
                .track("short", 500)
                .track("long", 2000),
        )
        .add(ParamTrackSet::new("prices", [-5, 5], |delta| {
            delta.to_string()
        }))
        .build()?;
    sets.assign("alice", &());

    let empty = MultiTrackSet::builder().build()?;
    empty.assign("alice", &());

    let alone = SimpleTrackSet::new("alone")
        .run("cheap", |price: &mut i64| *price -= 1)
        .build()?;
    alone.assign("alice", &()).run(&mut 50_i64);
    Ok(())
}
