//! An edge that knows the visitors and sends only a bucket to the application.

use std::collections::HashSet;

use http::HeaderName;
use tower_tracks::{KeySource, TracksLayer};

use super::{
    app::{app, serve, sets},
    caches, report,
    server::Nginx,
    traffic::send,
};

const VISITORS: u32 = 500;
const ROUNDS: u32 = 4;

/// A visitor's cookie, which nginx would have issued: 32 hexadecimal digits.
fn cookie(number: u32) -> String {
    let spread = u128::from(number).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835);
    format!("{spread:032x}")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn visitors_of_one_bucket_share_its_pages() {
    let key = KeySource::trusted_header(HeaderName::from_static("x-bucket"));
    let server = serve(app(TracksLayer::new(sets()).key(key))).await;
    let [_, edge] = caches();
    let Some(nginx) = Nginx::start(edge, server) else {
        return;
    };
    let sets = sets();
    let visits = (0..VISITORS * ROUNDS)
        .map(|visit| visit % VISITORS)
        .collect();
    let asked = |number: &u32| {
        let cookie = format!("visitor={}", cookie(*number));
        // What a client says of its bucket counts for nothing.
        let forged = ("x-bucket", "zz".to_owned());
        ("/read/public", vec![("cookie", cookie), forged])
    };
    let (mut hits, mut buckets) = (0, HashSet::new());
    for (number, page) in send(nginx.address, visits, asked).await {
        let bucket = cookie(number)[..2].to_owned();
        let choice = sets.assign(&*bucket, &());
        assert_eq!(page.body, format!("{bucket} {}", choice.track().unwrap()));
        assert_eq!(page.header("set-cookie"), None);
        hits += usize::from(page.is_hit());
        buckets.insert(bucket);
    }
    report(&format!(
        "nginx sets the bucket: {} requests of {VISITORS} visitors in {} buckets, {hits} from the cache",
        VISITORS * ROUNDS,
        buckets.len(),
    ));
    assert!(hits > 1000);
}

/// Who is new is given an identity by the edge, and is in its bucket at once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_edge_issues_the_cookie() {
    let key = KeySource::trusted_header(HeaderName::from_static("x-bucket"));
    let server = serve(app(TracksLayer::new(sets()).key(key))).await;
    let [_, edge] = caches();
    let Some(nginx) = Nginx::start(edge, server) else {
        return;
    };
    let asked = |_: &u32| ("/read/public", Vec::new());
    let mut visitors = HashSet::new();
    for (_, page) in send(nginx.address, (0..1000).collect(), asked).await {
        let set = page.header("set-cookie").unwrap();
        let (visitor, _) = set["visitor=".len()..].split_once(';').unwrap();
        assert!(
            page.body.starts_with(&format!("{} ", &visitor[..2])),
            "{set}: {}",
            page.body
        );
        assert!(
            visitors.insert(visitor.to_owned()),
            "{visitor} was issued twice"
        );
    }
}
