use std::{
    sync::{Arc, Mutex},
    thread,
    time::{Duration, SystemTime},
};

use axum::{Router, routing::get};
use tower_tracks::{
    Assignment, Exposure, Goals, Key, KeySource, Observe, TracksLayer, VisitorCookie,
    assign::Set,
    event::{Alias, Conversion, GoalError},
    unit::Subject,
};

use super::super::support::{ALICE, always, layer, send};

/// Keeps all events except exposures.
#[derive(Clone, Default)]
struct Told {
    conversions: Arc<Mutex<Vec<Conversion>>>,
    aliases: Arc<Mutex<Vec<Alias>>>,
    sets: Arc<Mutex<Vec<String>>>,
    /// How long it takes to receive an exposure.
    takes: Duration,
}

impl Observe for Told {
    fn observe(&self, _: &Exposure) {
        thread::sleep(self.takes);
    }

    fn alias(&self, alias: &Alias) {
        self.aliases.lock().unwrap().push(alias.clone());
    }

    fn conversion(&self, conversion: &Conversion) {
        self.conversions.lock().unwrap().push(conversion.clone());
    }

    fn define(&self, set: &Arc<Set>) {
        self.sets.lock().unwrap().push(set.name().to_owned());
    }

    fn receipt(&self, subjects: &[Subject]) -> Option<String> {
        Some(subjects.iter().map(|subject| subject.kind()).collect())
    }
}

impl Told {
    /// Returns the kinds and keys of the conversions' subjects, in order.
    fn subjects(&self) -> Vec<String> {
        let text = |told: &Conversion| {
            let key = told.subject().key().unwrap();
            let key = String::from_utf8_lossy(key.as_bytes()).into_owned();
            format!("{}={key}", told.subject().kind())
        };
        let told = std::mem::take(&mut *self.conversions.lock().unwrap());
        told.iter().map(text).collect()
    }
}

async fn buy(goals: Goals) -> String {
    let order = goals.reached("purchase").value(19.90);
    order.once("order 17").unwrap();
    goals.receipt().unwrap_or_default()
}

fn shop(layer: TracksLayer) -> Router {
    Router::new().route("/buy", get(buy)).layer(layer)
}

#[tokio::test]
async fn a_visitor_reaches_a_goal() {
    let told = Told::default();
    let app = shop(layer(always("banner")).observe(told.clone()));
    let before = SystemTime::now();
    send(app, "GET", "/buy", &[("cookie", ALICE)]).await;

    let conversions = told.conversions.lock().unwrap().clone();
    let [conversion] = &conversions[..] else {
        panic!("one conversion, not {conversions:?}");
    };
    assert_eq!(conversion.goal().as_str(), "purchase");
    assert_eq!(conversion.micros(), 19_900_000);
    assert!(conversion.at() >= before);
    let again = Conversion::new(
        &Key::from("alice"),
        conversion.goal().clone(),
        conversion.at(),
    );
    assert_eq!(conversion, &again.value_micros(19_900_000).once("order 17"));
    // Once for each route, since axum puts the layer around each.
    let sets = told.sets.lock().unwrap();
    assert!(!sets.is_empty() && sets.iter().all(|set| set == "banner"));
}

#[tokio::test]
async fn a_conversion_belongs_to_the_signed_in_user() {
    let told = Told::default();
    let layer = layer(always("banner"))
        .and(discount())
        .unwrap()
        .key_of(
            "user",
            KeySource::trusted_header(http::HeaderName::from_static("x-user")),
        )
        .observe(told.clone());
    let headers = [("cookie", ALICE), ("x-user", "7")];
    let response = send(shop(layer.clone()), "GET", "/buy", &headers).await;
    assert_eq!(text(response).await, "user");
    assert_eq!(told.subjects(), ["user=7"]);
    // If the alias were later than the purchase, the purchase would belong to no visitor.
    let paired = told.aliases.lock().unwrap()[0].at();
    assert!(paired <= SystemTime::now());

    send(shop(layer), "GET", "/buy", &headers[..1]).await;
    assert_eq!(told.subjects(), ["visitor=alice"]);
}

/// The report of the exposures before it may take any time.
#[tokio::test]
async fn the_pairing_is_not_after_the_purchase() {
    let told = Told {
        takes: Duration::from_millis(20),
        ..Told::default()
    };
    let layer = layer(always("banner"))
        .and(discount())
        .unwrap()
        .key_of(
            "user",
            KeySource::trusted_header(http::HeaderName::from_static("x-user")),
        )
        .observe(told.clone());
    let headers = [("cookie", ALICE), ("x-user", "7")];
    let looks = |banner: Assignment, goals: Goals| async move {
        banner.track();
        buy(goals).await
    };
    let app = Router::new().route("/buy", get(looks)).layer(layer);
    send(app, "GET", "/buy", &headers).await;
    let conversion = told.conversions.lock().unwrap()[0].at();
    assert!(told.aliases.lock().unwrap()[0].at() <= conversion);
}

#[tokio::test]
async fn nested_layers_are_one_request() {
    let (inner, outer) = (Told::default(), Told::default());
    let by_user = TracksLayer::new(discount())
        .key_of(
            "user",
            KeySource::trusted_header(http::HeaderName::from_static("x-user")),
        )
        .observe(inner.clone());
    let app = shop(by_user).layer(layer(always("banner")).observe(outer.clone()));
    send(app, "GET", "/buy", &[("cookie", ALICE), ("x-user", "7")]).await;
    let first = |told: &Told| told.conversions.lock().unwrap()[0].clone();
    assert_eq!(first(&inner), first(&outer));
    assert_eq!(inner.subjects(), ["user=7"]);
    assert_eq!(outer.subjects(), ["user=7"]);
}

#[tokio::test]
async fn uncounted_requests_reach_no_goal() {
    let told = Told::default();
    let app = shop(layer(always("banner")).observe(told.clone()));
    let bot = [("cookie", ALICE), ("user-agent", "Googlebot/2.1")];
    let response = send(app.clone(), "GET", "/buy", &bot).await;
    assert_eq!(text(response).await, "");
    let prefetch = [("cookie", ALICE), ("sec-purpose", "prefetch")];
    send(app.clone(), "GET", "/buy", &prefetch).await;
    send(app.clone(), "HEAD", "/buy", &[("cookie", ALICE)]).await;
    // Without a lasting key there is no subject.
    send(app, "GET", "/buy", &[]).await;
    assert_eq!(told.subjects(), [""; 0]);
}

#[tokio::test]
async fn forced_requests_reach_no_goal() {
    use tower_tracks::middleware::{Force, Override};

    let told = Told::default();
    let overrides = Override::new("0123456789abcdef").unwrap();
    let soon = SystemTime::now() + Duration::from_secs(60);
    let force = Force::new("banner", "on", soon).only_for("visitor", "alice");
    let token = overrides.mint(&force).unwrap();
    let app = shop(
        layer(always("banner"))
            .overrides(overrides)
            .observe(told.clone()),
    );
    let path = format!("/buy?tracks={token}");
    send(app, "GET", &path, &[("cookie", ALICE)]).await;
    assert_eq!(told.subjects(), [""; 0]);
}

#[tokio::test]
async fn a_new_visitor_reaches_goals_under_the_new_key() {
    let told = Told::default();
    let layer = TracksLayer::new(always("banner"))
        .key(VisitorCookie::plain())
        .observe(told.clone());
    send(shop(layer), "GET", "/buy", &[]).await;
    let subjects = told.subjects();
    assert_eq!(subjects.len(), 1);
    assert_eq!(subjects[0].len(), "visitor=".len() + 22);
}

#[tokio::test]
async fn invalid_goals_are_errors() {
    async fn wrong(goals: Goals) -> String {
        let name = goals.reached("Purchase!").once("17");
        let value = goals.reached("purchase").value(f64::NAN).every_time();
        assert!(matches!(name, Err(GoalError::Name { .. })));
        assert!(matches!(value, Err(GoalError::Value { .. })));
        String::new()
    }
    let told = Told::default();
    let app = Router::new().route("/", get(wrong));
    let app = app.layer(layer(always("banner")).observe(told.clone()));
    let response = send(app, "GET", "/", &[("cookie", ALICE)]).await;
    assert_eq!(response.status(), 200);
    assert_eq!(told.subjects(), [""; 0]);
}

#[tokio::test]
async fn every_telling_counts_when_asked_to() {
    async fn view(goals: Goals) {
        goals.reached("view").every_time().unwrap();
        goals.reached("view").every_time().unwrap();
    }
    let told = Told::default();
    let app = Router::new().route("/", get(view));
    let app = app.layer(layer(always("banner")).observe(told.clone()));
    send(app, "GET", "/", &[("cookie", ALICE)]).await;
    let told = told.conversions.lock().unwrap();
    assert_eq!(told.len(), 2);
    assert_ne!(told[0].id(), told[1].id());
}

fn discount() -> tower_tracks::MultiTrackSet {
    let set = tower_tracks::SimpleTrackSet::new("discount").track("five", 5_u8);
    set.unit_kind("user").build().unwrap()
}

async fn text(response: axum::response::Response) -> String {
    let body = axum::body::to_bytes(response.into_body(), 1000).await;
    String::from_utf8(body.unwrap().to_vec()).unwrap()
}
