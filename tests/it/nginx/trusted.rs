//! A trusted header that the client sends, too: the proxy's counts, or none.

use http::HeaderName;
use tower_tracks::{KeySource, TracksLayer};

use super::{
    app::{app, serve, sets},
    server::Nginx,
    traffic::send,
};

/// A proxy that sets the header, one that adds a line, one that adds to the client's list, and one
/// that leaves it alone.
const PROXIES: &str = "
server {
    listen 80;

    location /read {
        proxy_pass http://127.0.0.1:3000;
        proxy_set_header X-Bucket ours;
    }
    location /added/ {
        proxy_pass http://127.0.0.1:3000/;
        proxy_set_header X-Bucket $http_x_bucket;
        proxy_set_header X-Bucket ours;
    }
    location /listed/ {
        proxy_pass http://127.0.0.1:3000/;
        proxy_set_header X-Bucket \"$http_x_bucket, ours\";
    }
    location /left/ {
        proxy_pass http://127.0.0.1:3000/;
    }
}
";

/// What the client sends, the page that it asks a proxy for, and whose track it gets.
const CASES: [(&[&str], &str, Option<&str>); 14] = [
    (&[], "/read", Some("ours")),
    (&["theirs"], "/read", Some("ours")),
    (&["theirs", "others"], "/read", Some("ours")),
    (&["theirs,others"], "/read", Some("ours")),
    (&[], "/added/read", Some("ours")),
    (&["theirs"], "/added/read", None),
    (&["theirs", "others"], "/added/read", None),
    (&["theirs"], "/listed/read", None),
    (&["theirs", "others"], "/listed/read", None),
    (&[], "/left/read", None),
    (&["theirs"], "/left/read", Some("theirs")),
    (&["theirs", "ours"], "/left/read", None),
    (&["theirs, ours"], "/left/read", None),
    (&["ours", "ours"], "/left/read", None),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_header_with_several_values_is_no_key() {
    let key = KeySource::trusted_header(HeaderName::from_static("x-bucket"));
    let server = serve(app(TracksLayer::new(sets()).key(key))).await;
    let Some(nginx) = Nginx::start(PROXIES, server) else {
        return;
    };
    let sets = sets();
    let asked = |case: &(&[&'static str], &'static str, Option<&str>)| {
        let lines = case.0.iter().map(|line| ("x-bucket", (*line).to_owned()));
        (case.1, lines.collect())
    };
    for ((sent, path, key), page) in send(nginx.address, CASES.to_vec(), asked).await {
        let choice = key.map(|key| sets.assign(key, &()));
        let track = choice.map_or("none", |choice| choice.track().unwrap());
        let found = page.body.rsplit_once(' ').unwrap().1;
        assert_eq!(found, track, "{sent:?} by {path}");
    }
}
