use tower_tracks::TrackSet;

#[derive(TrackSet)]
enum Pricing {
    #[track(control)]
    Control,
}

fn main() {
    Pricing::track_set();
}
