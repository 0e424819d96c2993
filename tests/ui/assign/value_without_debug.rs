use tower_tracks::SimpleTrackSet;

struct Delay(u64);

fn main() {
    let sets = SimpleTrackSet::new("delay")
        .track("short", Delay(500))
        .build();
}
