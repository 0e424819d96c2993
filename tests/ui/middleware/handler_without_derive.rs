use tower_tracks::Assigned;

enum Pricing {
    Control,
    Cheap,
}

async fn catalog(_: Assigned<Pricing>) {}

async fn maybe(_: Option<Assigned<Pricing>>) {}

fn main() {
    let _ = (Pricing::Control, Pricing::Cheap);
    let _ = (catalog, maybe);
}
