use tower_tracks::{MultiTrackSet, TrackSet};

#[derive(Clone, TrackSet)]
#[track_set(name = "Pricing", weight = 5000000000, salt = "x@1", phase = 0)]
enum Pricing {
    #[track(name = "ten off")]
    Cheap(u8),
}

fn main() {
    let _ = MultiTrackSet::builder().add(Pricing::track_set()).build();
    let _ = Pricing::control();
    let _ = Pricing::NAME;
}
