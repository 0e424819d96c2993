use tower_tracks::TrackSet;

#[derive(Clone, TrackSet)]
#[track_set(name = "Pricing", unit_kind = "a user")]
enum Written {
    #[track(control, name = "")]
    Control,
    #[track(name = "10 off")]
    Cheap,
}

#[derive(Clone, TrackSet)]
enum Größe {
    #[track(control)]
    Control,
    Größer,
}

#[derive(Clone, TrackSet)]
#[track_set(
    name = "",
    unit_kind = "a_name_that_is_longer_than_the_sixty_four_bytes_a_name_may_be_long"
)]
enum Short {
    #[track(control)]
    Control,
}

fn main() {}
