use tower_tracks::TrackSet;

#[derive(Clone, TrackSet)]
#[track_set(wieght = 1000, share = 0.5, type = "user")]
enum Pricing {
    #[track(contrl)]
    Control,
    #[track("cheap", salt = "x")]
    Cheap,
    #[track]
    Expensive,
    #[track = "dear"]
    Dear,
}

fn main() {}
