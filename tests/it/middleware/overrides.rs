//! Tokens that force a track, through the layer.

use std::time::{Duration, SystemTime};

use axum::{Router, body::Body, routing::get as on_get};
use http::Response;
use tower_tracks::{
    Assignment, Key, MultiTrackSet, SimpleTrackSet, TracksLayer, VisitorCookie,
    middleware::{Clock, Counts, Force, Override, Refused},
    unit::CookieSigning,
};

use crate::support::{Observed, body_text, cookies, exposed, send};

const SECRET: &str = "a secret of the tests";
const VISITOR: &str = "tracks=AAECAwQFBgcICQoLDA0ODw";

fn noon() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000)
}

fn overrides() -> Override {
    Override::new(SECRET).unwrap()
}

fn token(force: Force) -> String {
    overrides().mint(&force).unwrap()
}

fn force(track: &str) -> Force {
    Force::new("delay", track, noon() + Duration::from_secs(60))
}

/// Returns a set without eligible visitors: only a token forces its track.
fn nobody() -> MultiTrackSet {
    let set = SimpleTrackSet::new("delay")
        .track("long", 2000)
        .eligible(|(): &()| false);
    set.build().unwrap()
}

struct Shop {
    app: Router,
    observed: Observed,
    counts: Counts,
}

fn shop_at(now: SystemTime) -> Shop {
    shop_of(nobody(), now)
}

fn shop_of(sets: MultiTrackSet, now: SystemTime) -> Shop {
    let observed = Observed::default();
    let layer = TracksLayer::new(sets)
        .key(VisitorCookie::plain())
        .clock(Clock::from_fn(move || now))
        .observe(observed.clone())
        .sign(CookieSigning::off())
        .overrides(overrides());
    let counts = layer.counts();
    let read = async |assignment: Assignment| assignment.to_string();
    let app = Router::new()
        .route("/", on_get(read))
        .route("/static", on_get(async || ""));
    Shop {
        app: app.layer(layer),
        observed,
        counts,
    }
}

impl Shop {
    async fn visit(&self, path: &str, cookie: &str) -> Response<Body> {
        send(self.app.clone(), "GET", path, &[("cookie", cookie)]).await
    }

    async fn text(&self, path: &str, cookie: &str) -> String {
        body_text(self.visit(path, cookie).await).await
    }
}

#[tokio::test]
async fn a_token_forces_its_track_is_kept_and_can_be_cleared() {
    let shop = shop_at(noon());
    let token = token(force("long"));
    let response = shop.visit(&format!("/?tracks={token}"), VISITOR).await;
    assert_eq!(exposed(&response), ["delay=long;forced"]);
    assert_eq!(response.headers()["cache-control"], "private");
    let kept = format!("tracks-override={token}; Path=/; Max-Age=60; HttpOnly; SameSite=Lax");
    assert_eq!(cookies(response.headers()), [&*kept]);
    assert_eq!(body_text(response).await, "delay/long");

    let with_token = format!("{VISITOR}; tracks-override={token}");
    let response = shop.visit("/", &with_token).await;
    assert!(cookies(response.headers()).is_empty());
    assert_eq!(body_text(response).await, "delay/long");

    let response = shop.visit("/static?tracks=clear", &with_token).await;
    let gone = "tracks-override=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax";
    assert_eq!(cookies(response.headers()), [gone]);
    assert_eq!(shop.text("/", VISITOR).await, "(ineligible)");
    assert!(
        shop.observed.take().is_empty(),
        "a forced track was counted"
    );
}

#[tokio::test]
async fn a_token_of_before_a_rename_forces_its_track() {
    let renamed = SimpleTrackSet::new("wait")
        .formerly("delay")
        .track("short", 500)
        .track("long", 2000)
        .eligible(|(): &()| false);
    let shop = shop_of(renamed.build().unwrap(), noon());
    let former = format!("{VISITOR}; tracks-override={}", token(force("long")));
    assert_eq!(shop.text("/", &former).await, "wait/long");
    // A later token of the present name takes its place.
    let later = Force::new("wait", "short", noon() + Duration::from_secs(60));
    let response = shop
        .visit(&format!("/?tracks={}", token(later)), &former)
        .await;
    let kept = cookies(response.headers())[0]
        .split_once(';')
        .unwrap()
        .0
        .to_owned();
    assert_eq!(body_text(response).await, "wait/short");
    let both = format!("{VISITOR}; {kept}");
    assert_eq!(shop.text("/", &both).await, "wait/short");
}

#[tokio::test]
async fn a_token_that_is_not_valid_is_ignored_and_counted() {
    let check = async |token: String, now: SystemTime, reason: Refused| {
        let shop = shop_at(now);
        let response = shop.visit(&format!("/?tracks={token}"), VISITOR).await;
        assert_eq!(response.status(), 200);
        assert!(exposed(&response).is_empty() && cookies(response.headers()).is_empty());
        assert_eq!(shop.counts.refused(reason), 1, "{reason:?}");
        // What is kept and not valid any more is forgotten.
        let cookie = format!("{VISITOR}; tracks-override={token}");
        assert_eq!(shop.text("/", &cookie).await, "(ineligible)");
    };
    let later = noon() + Duration::from_secs(61);
    check(token(force("long")), later, Refused::Expired).await;
    check(token(force("longest")), noon(), Refused::UnknownTrack).await;
    check(token(force("long").phase(2)), noon(), Refused::OtherPhase).await;
    let unknown = Force::new("pricing", "long", later);
    check(token(unknown), noon(), Refused::UnknownSet).await;
    let long = Force::new(
        "delay",
        "long",
        noon() + Force::LONGEST + Duration::from_secs(1),
    );
    check(token(long), noon(), Refused::TooLong).await;
    let forged = token(force("long")).replace("long", "control");
    check(forged, noon(), Refused::Signature).await;
    let other = force("long").only_for("visitor", Key::from("bob"));
    check(token(other), noon(), Refused::OtherUnit).await;
}

/// A link cannot remove a stored token: only a valid one replaces it.
#[tokio::test]
async fn a_refused_token_leaves_a_kept_one() {
    let kept = token(force("long"));
    let cookie = format!("{VISITOR}; tracks-override={kept}");
    let later = noon() + Duration::from_secs(60);
    let too_long = noon() + Force::LONGEST + Duration::from_secs(1);
    for (refused, reason) in [
        ("v2~delay~1~long~x".to_owned(), Refused::Malformed),
        (kept.replace("long", "control"), Refused::Signature),
        ("delay~control".to_owned(), Refused::Signature),
        (token(Force::new("delay", "long", noon())), Refused::Expired),
        (
            token(Force::new("delay", "long", too_long)),
            Refused::TooLong,
        ),
        (token(force("short")), Refused::UnknownTrack),
        (token(force("control").phase(2)), Refused::OtherPhase),
        (
            token(force("control").only_for("visitor", "bob")),
            Refused::OtherUnit,
        ),
        (
            token(Force::new("pricing", "long", later)),
            Refused::UnknownSet,
        ),
    ] {
        let shop = shop_at(noon());
        let response = shop.visit(&format!("/?tracks={refused}"), &cookie).await;
        assert!(cookies(response.headers()).is_empty(), "{reason:?}");
        assert_eq!(body_text(response).await, "delay/long", "{reason:?}");
        assert_eq!(shop.counts.refused(reason), 1, "{reason:?}");
    }
}

#[tokio::test]
async fn refused_tokens_push_no_kept_one_out() {
    let set = |number: usize| {
        Force::new(
            format!("set{number}"),
            "long",
            noon() + Duration::from_secs(60),
        )
    };
    let mut kept = vec![token(force("long"))];
    kept.extend((0..7).map(|number| token(set(number))));
    let cookie = format!("{VISITOR}; tracks-override={}", kept.join("!"));
    let shop = shop_at(noon());
    let response = shop
        .visit(&format!("/?tracks={}", token(set(7))), &cookie)
        .await;
    assert!(cookies(response.headers()).is_empty());
    assert_eq!(body_text(response).await, "delay/long");
}

/// A visitor who opened a link without knowing is soon in their own track again.
#[tokio::test]
async fn a_browser_keeps_a_token_for_an_hour_at_most() {
    let shop = shop_at(noon());
    for (seconds, expected) in [(60, 60), (3600, 3600), (3601, 3600), (80 * 86400, 3600)] {
        let force = Force::new("delay", "long", noon() + Duration::from_secs(seconds));
        let token = token(force);
        let with_token = format!("{VISITOR}; tracks-override={token}");
        let response = shop.visit(&format!("/?tracks={token}"), VISITOR).await;
        let kept =
            format!("tracks-override={token}; Path=/; Max-Age={expected}; HttpOnly; SameSite=Lax");
        assert_eq!(cookies(response.headers()), [&*kept]);
        // Coming again does not make it longer, not even by the link.
        for path in ["/".to_owned(), format!("/?tracks={token}")] {
            let response = shop.visit(&path, &with_token).await;
            assert!(cookies(response.headers()).is_empty(), "{path}");
        }
    }
}

#[tokio::test]
async fn a_token_may_be_for_one_visitor() {
    let visitor = Key::from("AAECAwQFBgcICQoLDA0ODw");
    let token = token(force("long").only_for("visitor", &visitor));
    let text = shop_at(noon())
        .text(&format!("/?tracks={token}"), VISITOR)
        .await;
    assert_eq!(text, "delay/long");
}

#[tokio::test]
async fn excluded_requests_and_heads_keep_no_token() {
    let shop = shop_at(noon());
    let path = format!("/?tracks={}", token(force("long")));
    let bot = [("user-agent", "Googlebot/2.1")];
    let response = send(shop.app.clone(), "GET", &path, &bot).await;
    assert!(cookies(response.headers()).is_empty());
    assert_eq!(body_text(response).await, "(bot)");
    let response = send(shop.app.clone(), "HEAD", &path, &[("cookie", VISITOR)]).await;
    assert!(cookies(response.headers()).is_empty() && exposed(&response).is_empty());
}

#[tokio::test]
async fn the_cookie_is_for_https_where_the_visitors_is() {
    let layer = TracksLayer::new(nobody())
        .clock(Clock::from_fn(noon))
        .overrides(overrides());
    let app: Router = Router::new().route("/", on_get(async || "")).layer(layer);
    let path = format!("/?tracks={}", token(force("long")));
    let response = send(app, "GET", &path, &[]).await;
    let [cookie] = &cookies(response.headers())[..] else {
        panic!("one cookie")
    };
    assert!(cookie.starts_with("__Host-tracks-override=") && cookie.contains("; Secure;"));
}

#[tokio::test]
async fn names_may_be_masked_and_units_told() {
    let mask = tower_tracks::middleware::Mask::new(SECRET).unwrap();
    let expected = format!("{}={}", mask.set("delay"), mask.track("delay", "on"));
    let units = tower_tracks::Units::pseudonym(SECRET).unwrap();
    let unit = units.unit("visitor", &Key::from("AAECAwQFBgcICQoLDA0ODw"));
    let layer = TracksLayer::new(crate::support::always("delay")).key(VisitorCookie::plain());
    let layer = layer.sign(CookieSigning::off());
    let read = async |assignment: Assignment| assignment.to_string();
    let ask = async |layer: TracksLayer| {
        let app: Router = Router::new().route("/", on_get(read)).layer(layer);
        let response = send(app, "GET", "/", &[("cookie", VISITOR)]).await;
        exposed(&response).join("")
    };
    assert_eq!(ask(layer.clone().mask(mask)).await, expected);
    assert_eq!(
        ask(layer.units(units)).await,
        format!("delay=on;unit=\"{unit}\"")
    );
}

#[tokio::test]
async fn staff_names_a_track() {
    let layer = TracksLayer::new(nobody())
        .key(VisitorCookie::plain())
        .overrides_when(|parts| parts.headers.contains_key("x-verified-staff"));
    let counts = layer.counts();
    let read = async |assignment: Assignment| assignment.to_string();
    let app: Router = Router::new().route("/", on_get(read)).layer(layer);
    let staff = ("x-verified-staff", "1");
    let named = "tracks-override=delay~long";

    let response = send(app.clone(), "GET", "/?tracks=delay~long", &[staff]).await;
    let kept = format!("{named}; Path=/; Max-Age=3600; HttpOnly; SameSite=Lax");
    assert_eq!(cookies(response.headers())[0], kept);
    assert_eq!(exposed(&response), ["delay=long;forced"]);
    let response = send(app.clone(), "GET", "/", &[staff, ("cookie", named)]).await;
    assert_eq!(body_text(response).await, "delay/long");
    // A visitor who is not staff, or no longer, has their own track.
    for (path, cookie) in [("/?tracks=delay~long", ""), ("/", named)] {
        let response = send(app.clone(), "GET", path, &[("cookie", cookie)]).await;
        assert_eq!(body_text(response).await, "(ineligible)");
    }
    assert_eq!(counts.refused(Refused::Signature), 2);
    let response = send(app, "GET", "/?tracks=delay~longest", &[staff]).await;
    assert_eq!(body_text(response).await, "(ineligible)");
    assert_eq!(counts.refused(Refused::UnknownTrack), 1);
}

/// A request can ask for the result of its token, and learns nothing else.
#[tokio::test]
async fn a_request_may_ask_why_its_token_was_refused() {
    let other = Override::new("another secret of the tests").unwrap();
    let gone = Force::new("gone", "long", noon() + Duration::from_secs(60));
    for (token, expected) in [
        (token(force("long")), "accepted"),
        ("v2~delay~1~long~x".to_owned(), "refused;reason=malformed"),
        (
            other.mint(&force("long")).unwrap(),
            "refused;reason=signature",
        ),
        (
            token(Force::new("delay", "long", noon())),
            "refused;reason=expired",
        ),
        (token(gone), "refused;reason=unknown_set"),
        (token(force("short")), "refused;reason=unknown_track"),
        (token(force("long").phase(2)), "refused;reason=other_phase"),
        (
            token(force("long").only_for("visitor", "else")),
            "refused;reason=other_unit",
        ),
        // There is no staff here.
        ("delay~long".to_owned(), "refused;reason=signature"),
    ] {
        let app = shop_at(noon()).app;
        let response = get_at(&app, &format!("/?tracks={token}&tracks-why")).await;
        assert_eq!(told(&response), [expected], "{token}");
        let private = &response.headers()["cache-control"];
        assert_eq!(private, "private", "{token}");
        let response = get_at(&app, &format!("/?tracks={token}")).await;
        assert!(told(&response).is_empty(), "{token}");
    }
    let app = shop_at(noon()).app;
    for query in [
        "tracks-why",
        "tracks=clear&tracks-why",
        "tracks=&tracks-why",
        "xtracks-why",
    ] {
        let response = get_at(&app, &format!("/?{query}")).await;
        assert!(told(&response).is_empty(), "{query}");
    }
}

async fn get_at(app: &Router, path: &str) -> Response<Body> {
    send(app.clone(), "GET", path, &[("cookie", VISITOR)]).await
}

fn told(response: &Response<Body>) -> Vec<&str> {
    let lines = response.headers().get_all("tracks-override").iter();
    lines.map(|line| line.to_str().unwrap()).collect()
}

/// A link that shows nothing is never handed on.
#[test]
fn a_link_is_made_for_tracks_that_there_are() {
    let delay = SimpleTrackSet::new("delay")
        .track("long", 2000)
        .phase(2)
        .build()
        .unwrap();
    let pricing = SimpleTrackSet::new("pricing")
        .track("cheap", 49)
        .build()
        .unwrap();
    let link = |set: &str, track: &str, phase| {
        let force = Force::new(set, track, noon()).phase(phase);
        let sets = delay.sets().chain(pricing.sets());
        overrides().link("https://shop.example/?a=b", sets, &force)
    };
    let token = token(Force::new("delay", "long", noon()).phase(2));
    let expected = format!("https://shop.example/?a=b&tracks={token}");
    assert_eq!(link("delay", "long", 2).unwrap(), expected);
    for (set, track, phase, expected) in [
        (
            "pricng",
            "cheap",
            1,
            "unknown set \"pricng\"; known sets: delay, pricing",
        ),
        (
            "pricing",
            "chaep",
            1,
            "set \"pricing\" has no track \"chaep\"; it has control, cheap",
        ),
        (
            "delay",
            "long",
            1,
            "set \"delay\" is in phase 2, not in phase 1",
        ),
    ] {
        assert_eq!(link(set, track, phase).unwrap_err().to_string(), expected);
    }
    let force = Force::new("delay", "long", noon());
    let refused = overrides().mint_for([], &force).unwrap_err().to_string();
    assert_eq!(refused, "unknown set \"delay\"; no sets are defined");
}
