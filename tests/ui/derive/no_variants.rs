use tower_tracks::TrackSet;

#[derive(Clone, TrackSet)]
enum Pricing {}

fn main() {
    Pricing::track_set();
}
