//! Forced tracks behind an edge that sets the bucket: no visitor gets a forced page of another.

use std::time::{Duration, SystemTime};

use http::HeaderName;
use tower_tracks::{
    KeySource, MultiTrackSet, TracksLayer,
    middleware::{Force, Override},
};

use super::{
    app::{app, serve, sets},
    caches,
    server::Nginx,
    traffic::{Page, send},
};

const COOKIE: &str = "__Host-tracks-override";

/// How a visitor gets a forced track.
#[derive(Debug, Clone, Copy)]
enum Way {
    KeptToken,
    TokenInQuery,
    KeptByStaff,
    NamedByStaff,
}

const WAYS: [Way; 4] = [
    Way::KeptToken,
    Way::TokenInQuery,
    Way::KeptByStaff,
    Way::NamedByStaff,
];

fn overrides() -> Override {
    Override::new("a secret of the tests").unwrap()
}

/// Two visitors of one bucket: one who is forced, and one who is not.
struct Pair {
    bucket: String,
    own: String,
    forced: &'static str,
    way: Way,
}

impl Pair {
    fn new(sets: &MultiTrackSet, number: usize, way: Way) -> Self {
        let bucket = format!("{number:02x}");
        let own = sets.assign(&*bucket, &()).track().unwrap().to_owned();
        let forced = if own == "1s" { "2s" } else { "1s" };
        Self {
            bucket,
            own,
            forced,
            way,
        }
    }

    fn token(&self) -> String {
        let hour = SystemTime::now() + Duration::from_secs(3600);
        let force = Force::new("delay", self.forced, hour);
        match self.way {
            Way::KeptToken | Way::TokenInQuery => overrides().mint(&force).unwrap(),
            Way::KeptByStaff | Way::NamedByStaff => format!("delay~{}", self.forced),
        }
    }

    /// Returns the page that both ask for.
    fn path(&self, token: &str) -> &'static str {
        match self.way {
            Way::KeptToken | Way::KeptByStaff => "/read/public",
            Way::TokenInQuery | Way::NamedByStaff => {
                String::leak(format!("/read/public?tracks={token}"))
            }
        }
    }

    fn cookie(&self, last: char) -> String {
        format!("visitor={}{}{last}", self.bucket, "0".repeat(29))
    }

    /// Returns the headers of who is forced.
    fn headers(&self, token: &str) -> Vec<(&'static str, String)> {
        let visitor = self.cookie('1');
        match self.way {
            Way::TokenInQuery => vec![("cookie", visitor)],
            Way::KeptToken => vec![("cookie", format!("{visitor}; {COOKIE}={token}"))],
            Way::KeptByStaff => vec![
                ("cookie", format!("{visitor}; {COOKIE}={token}")),
                ("x-verified-staff", "1".to_owned()),
            ],
            Way::NamedByStaff => vec![("cookie", visitor), ("x-verified-staff", "1".to_owned())],
        }
    }

    #[track_caller]
    fn check_forced(&self, page: &Page) {
        assert_eq!(page.body, format!("{} {}", self.bucket, self.forced));
        let exposed = page.header("tracks-exposure").unwrap();
        assert!(exposed.ends_with(";forced"), "{exposed}");
        assert!(!page.is_hit(), "{:?}", self.way);
    }

    #[track_caller]
    fn check_own(&self, page: &Page) {
        assert_eq!(page.body, format!("{} {}", self.bucket, self.own));
        let exposed = page.header("tracks-exposure").unwrap();
        assert!(!exposed.contains("forced"), "{:?}: {exposed}", self.way);
    }
}

async fn start(edge: &str, has_staff: bool) -> Option<Nginx> {
    let bucket = HeaderName::from_static("x-bucket");
    let layer = TracksLayer::new(sets())
        .key(KeySource::trusted_header(bucket))
        .overrides(overrides());
    let layer = if has_staff {
        layer.overrides_when(|parts| parts.headers.contains_key("x-verified-staff"))
    } else {
        layer
    };
    Nginx::start(edge, serve(app(layer)).await)
}

async fn get(nginx: &Nginx, path: &'static str, headers: Vec<(&'static str, String)>) -> Page {
    let asked = |(): &()| (path, headers.clone());
    send(nginx.address, vec![()], asked).await.remove(0).1
}

/// Also at an edge without a bypass.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn forced_pages_are_never_shared() {
    let [_, edge] = caches();
    let is_kept = |line: &&str| !line.contains("proxy_cache_bypass");
    let edge: Vec<&str> = edge.lines().filter(is_kept).collect();
    let Some(nginx) = start(&edge.join("\n"), true).await else {
        return;
    };
    let sets = sets();
    for (number, way) in WAYS.into_iter().enumerate() {
        let pair = Pair::new(&sets, number, way);
        let token = pair.token();
        let path = pair.path(&token);
        // Twice, since what was stored would show itself at the second time.
        for _ in 0..2 {
            pair.check_forced(&get(&nginx, path, pair.headers(&token)).await);
        }
        if !matches!(way, Way::TokenInQuery) {
            let other = vec![("cookie", pair.cookie('2'))];
            pair.check_own(&get(&nginx, path, other).await);
        }
    }
}

/// A request with a token gets its track, and not the bucket's page from the cache.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_edge_lets_through_who_is_forced() {
    check_edge(&WAYS[..2], false).await;
}

/// A predicate decides who is staff, so no page of the layer is shared.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_edge_shares_no_page_where_a_predicate_forces_tracks() {
    check_edge(&WAYS, true).await;
}

async fn check_edge(ways: &[Way], has_staff: bool) {
    let [_, edge] = caches();
    let Some(nginx) = start(edge, has_staff).await else {
        return;
    };
    let sets = sets();
    for (number, way) in ways.iter().enumerate() {
        let pair = Pair::new(&sets, number, *way);
        let token = pair.token();
        let other = || vec![("cookie", pair.cookie('2'))];
        pair.check_own(&get(&nginx, "/read/public", other()).await);
        let again = get(&nginx, "/read/public", other()).await;
        assert_eq!(again.is_hit(), !has_staff, "{way:?}");
        let path = pair.path(&token);
        pair.check_forced(&get(&nginx, path, pair.headers(&token)).await);
        let page = get(&nginx, "/read/public", other()).await;
        pair.check_own(&page);
        assert_eq!(page.is_hit(), !has_staff, "{way:?}");
    }
}
