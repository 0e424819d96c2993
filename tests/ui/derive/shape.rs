use tower_tracks::TrackSet;

#[derive(Clone, TrackSet)]
struct Unit;

#[derive(Clone, TrackSet)]
#[track_set(nonsense)]
struct Fields {
    a: u8,
}

#[derive(Clone, Copy, TrackSet)]
union Union {
    a: u8,
    b: i8,
}

fn needs<E: TrackSet>() {}

fn main() {
    needs::<Unit>();
    needs::<Fields>();
    needs::<Union>();
}
