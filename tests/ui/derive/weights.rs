use tower_tracks::TrackSet;

#[derive(Clone, TrackSet)]
#[track_set(weight = 4294967297)]
enum Heavy {
    #[track(control, weight = -1)]
    Control,
    #[track(weight = 99999999999999999999999999)]
    Cheap,
}

#[derive(Clone, TrackSet)]
#[track_set(weight = 0)]
enum Weightless {
    #[track(control, weight = 0)]
    Control,
    #[track(weight = 0)]
    Cheap,
}

fn main() {}
