use tower_tracks::{MultiTrackSet, SimpleTrackSet, TracksLayer};

fn main() {
    let _ = TracksLayer::new(SimpleTrackSet::new("delay").track("long", 2000));
    let _ = TracksLayer::new(MultiTrackSet::builder());
    let _ = TracksLayer::new(SimpleTrackSet::new("delay").track("long", 2000).build());
}
