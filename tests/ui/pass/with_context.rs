//! A program with a context names it in the closures' arguments alone.

use tower_tracks::{DefinitionError, MultiTrackSet, SimpleTrackSet, TrackSet};

#[derive(Clone, TrackSet)]
enum Pricing {
    #[track(control)]
    Control,
    Cheap,
}

struct Visitor {
    is_vip: bool,
    country: &'static str,
}

fn main() -> Result<(), DefinitionError> {
    let sets = MultiTrackSet::builder()
        .add(SimpleTrackSet::new("delay").track("short", 500))
        .add(
            Pricing::track_set()
                .eligible(|visitor: &Visitor| !visitor.is_vip)
                .eligible(|visitor| visitor.country == "hu"),
        )
        .add(SimpleTrackSet::new("banner").track("blue", "#00f"))
        .add(
            SimpleTrackSet::new("news")
                .track("big", 'B')
                .eligible(|v: &Visitor| v.is_vip),
        )
        .build()?;
    sets.assign(
        "alice",
        &Visitor {
            is_vip: true,
            country: "hu",
        },
    );
    Ok(())
}
