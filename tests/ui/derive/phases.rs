use tower_tracks::TrackSet;

#[derive(Clone, TrackSet)]
#[track_set(phase = 0)]
enum Zeroth {
    #[track(control)]
    Control,
}

#[derive(Clone, TrackSet)]
#[track_set(phase = 4294967296)]
enum Last {
    #[track(control)]
    Control,
}

fn main() {}
