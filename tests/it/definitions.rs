//! What definitions refuse, what they accept, and what they say of themselves.

mod choosing;
mod extremes;
mod fingerprint;
mod json;
mod pinned;
mod refused;
mod renamed;
mod running;
mod shown;

use tower_tracks::{
    SimpleTrackSet, TrackSet,
    assign::{TypedTrack, TypedTrackSet},
};

/// A typed set as the derive macro would write it.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Colour {
    Grey,
    Red,
}

impl TrackSet for Colour {
    const NAME: &'static str = "colour";

    fn track_set() -> TypedTrackSet<Self> {
        Self::named(Self::NAME)
    }

    fn control() -> Self {
        Self::Grey
    }
}

impl Colour {
    fn named(name: &str) -> TypedTrackSet<Self> {
        TypedTrackSet::new(
            name,
            [
                TypedTrack::new("red", Self::Red).weight(3),
                TypedTrack::new("grey", Self::Grey).control(),
            ],
        )
    }
}

/// A set of `control`, `short` and `long`.
fn delay() -> SimpleTrackSet<u32> {
    named("delay")
}

fn named(name: &str) -> SimpleTrackSet<u32> {
    SimpleTrackSet::new(name)
        .track("short", 500)
        .track("long", 2000)
}
