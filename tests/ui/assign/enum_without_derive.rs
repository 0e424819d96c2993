use tower_tracks::TrackSet;

#[derive(Clone)]
enum Pricing {
    Control,
    Cheap,
}

fn needs<E: TrackSet>() {}

fn main() {
    needs::<Pricing>();
}
