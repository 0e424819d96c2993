use tower_tracks::TrackSet;

#[derive(Clone, TrackSet)]
enum Pricing {
    #[track(control)]
    Control,
    Cheap(u8),
    Expensive {
        by: u8,
    },
}

fn main() {
    Pricing::track_set();
}
