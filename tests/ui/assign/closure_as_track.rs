use tower_tracks::SimpleTrackSet;

fn main() {
    let sets = SimpleTrackSet::new("pricing")
        .track("cheap", |price: &mut i64| *price -= 1)
        .build();
}
