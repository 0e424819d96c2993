use tower_tracks::SimpleTrackSet;

fn main() {
    let discount = 5;
    let sets = SimpleTrackSet::new("pricing")
        .run_async("cheap", async move |price: &mut i64| *price -= discount)
        .build();
}
