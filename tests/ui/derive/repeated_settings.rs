use tower_tracks::TrackSet;

#[derive(Clone, TrackSet)]
#[track_set(weight = 1, name = "pricing", weight = 2)]
#[track_set(name = "prices")]
enum Pricing {
    #[track(control, control)]
    Control,
}

fn main() {}
