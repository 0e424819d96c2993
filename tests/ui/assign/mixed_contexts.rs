use tower_tracks::{MultiTrackSet, SimpleTrackSet};

struct Visitor;
struct Customer;

fn main() {
    let delay = SimpleTrackSet::new("delay").track("short", 500);
    let banner = SimpleTrackSet::new("banner").track("blue", "#00f");
    let sets = MultiTrackSet::builder()
        .add(delay.eligible(|_: &Visitor| true))
        .add(banner.eligible(|_: &Customer| true))
        .build();
}
