use tower_tracks::TrackSet;

const WEIGHT: u64 = 1000;

#[derive(Clone, TrackSet)]
#[track_set(name = pricing, weight = WEIGHT, salt = b"x", phase = "2", unit_kind)]
enum Pricing {
    #[track(control = true, name("control"), weight = 1.5)]
    Control,
    #[track(weight = 1 << 32)]
    Cheap,
    #[track(weight = 3u64)]
    Dear,
    #[track(name = "dearest" weight = 2)]
    Dearest,
}

fn main() {}
