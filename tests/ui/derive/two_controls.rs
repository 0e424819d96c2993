use tower_tracks::TrackSet;

#[derive(Clone, TrackSet)]
enum Pricing {
    #[track(control)]
    Control,
    #[track(control)]
    Cheap,
    #[track(name = "more", control)]
    Expensive,
}

fn main() {}
