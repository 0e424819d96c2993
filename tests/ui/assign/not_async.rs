use std::rc::Rc;

use tower_tracks::SimpleTrackSet;

fn cheap(price: &mut i64) {
    *price -= 1;
}

async fn not_send(price: &mut i64) {
    let discount = Rc::new(1);
    std::future::ready(()).await;
    *price -= *discount;
}

fn main() {
    let _ = SimpleTrackSet::new("pricing").run_async("cheap", cheap);
    let _ = SimpleTrackSet::new("pricing").run_async("cheap", not_send);
}
