use tower_tracks::TrackSet;

#[derive(Clone, TrackSet)]
enum Pricing {
    #[track(control)]
    Control,
    TenOff,
    #[track(name = "ten_off")]
    Cheap,
    #[allow(non_camel_case_types)]
    ten_off,
}

fn main() {}
