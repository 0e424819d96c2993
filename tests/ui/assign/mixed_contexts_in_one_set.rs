use tower_tracks::SimpleTrackSet;

struct Visitor;
struct Customer;

fn main() {
    let delay = SimpleTrackSet::new("delay").track("short", 500);
    let sets = delay
        .eligible(|_: &Visitor| true)
        .eligible(|_: &Customer| true)
        .build();
}
