use tower_tracks::SimpleTrackSet;

fn cheap(price: &mut i64) {
    *price -= 1;
}

async fn slow(price: &mut i64) {
    *price -= 1;
}

fn main() {
    let simple = SimpleTrackSet::new("pricing").track("cheap", cheap);
    let slow = SimpleTrackSet::new("pricing").track("slow", slow);
}
