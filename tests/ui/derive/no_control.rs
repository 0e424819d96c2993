use tower_tracks::TrackSet;

#[derive(Clone, TrackSet)]
enum Pricing {
    Control,
    Cheap,
}

fn main() {
    Pricing::control();
}
