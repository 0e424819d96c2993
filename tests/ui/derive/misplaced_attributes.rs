use tower_tracks::TrackSet;

#[derive(Clone, TrackSet)]
#[track(name = "pricing")]
enum Pricing {
    #[track_set(control)]
    Control,
}

fn main() {}
