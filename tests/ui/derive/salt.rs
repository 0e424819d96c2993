use tower_tracks::TrackSet;

#[derive(Clone, TrackSet)]
#[track_set(salt = "pricing@2")]
enum Pricing {
    #[track(control)]
    Control,
}

fn main() {}
