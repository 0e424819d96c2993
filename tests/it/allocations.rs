//! How much is allocated, pinned: the benches print the same figures.

use allocation_counter::measure;
use axum::{Router, body::Body, extract::Request, response::Response, routing::get};
use futures_util::FutureExt;
use http::header::COOKIE;
use tower::Service;
use tower_tracks::{
    Assigned, Assignment, Key, MultiTrackSet, SimpleTrackSet, TrackSet, TracksLayer,
    assign::TypedTrackSet,
    control::{Act, ChangeLog, Controls, Draft, MemoryLog},
    unit::CookieSigning,
};

const VISITOR: &str = "AAECAwQFBgcICQoLDA0ODw";

#[derive(Clone, Copy, Debug, TrackSet)]
enum Pricing {
    #[track(control)]
    Control,
    Cheap,
}

fn pricing() -> TypedTrackSet<Pricing> {
    let _ = Pricing::Cheap;
    Pricing::track_set()
}

#[track_caller]
fn check(sets: &MultiTrackSet, key: impl Into<Key<'static>>) {
    let key = key.into();
    let allocations = measure(|| assert!(sets.assign(&key, &()).is_enrolled()));
    assert_eq!(allocations.count_total, 0);
}

#[test]
fn assigning_allocates_nothing() {
    let set = |index| SimpleTrackSet::new(format!("delay-{index}")).track("short", 500);
    let eight = (0..8).fold(MultiTrackSet::builder(), |builder, index| {
        builder.add(set(index))
    });
    let eight = eight.build().unwrap();
    for sets in [set(0).build().unwrap(), eight] {
        check(&sets, "alice");
        check(&sets, u64::MAX);
        check(&sets, "a".repeat(10_000));
    }
}

#[test]
fn a_key_of_an_integer_allocates_nothing() {
    let keys = || [Key::from(i64::MIN), Key::from(u128::MAX)];
    assert_eq!(measure(|| drop(keys())).count_total, 0);
}

fn app(handler: axum::routing::MethodRouter) -> Router {
    Router::new().route("/", handler)
}

/// A service that does nothing, so that what `Router::layer` allocates is not counted against
/// ours.
fn no_op<S>(inner: S) -> tower::util::MapResponse<S, fn(Response) -> Response> {
    tower::util::MapResponse::new(inner, std::convert::identity)
}

/// Returns the number of allocations of one request, the second of its kind.
fn allocations(app: Router) -> u64 {
    allocations_for(app, VISITOR)
}

/// Returns them for a visitor whose cookie has this value.
fn allocations_for(app: Router, visitor: &str) -> u64 {
    let mut app = app.with_state(());
    let mut answer = |request: Request| app.call(request).now_or_never().unwrap().unwrap();
    let request = || {
        Request::get("/")
            .header(COOKIE, format!("__Host-tracks={visitor}"))
            .header("user-agent", crate::support::BROWSER)
            .body(Body::empty())
            .unwrap()
    };
    drop(answer(request()));
    let request = request();
    measure(|| drop(answer(request))).count_total
}

/// The headers of a response that read a track are made when the layer is, or are constant: two
/// handlers that differ only in reading allocate alike.
#[test]
fn the_headers_allocate_nothing() {
    let looks = app(get(async |assignment: Assignment| {
        assert!(assignment.peek().is_enrolled());
        "coconut"
    }));
    let reads = app(get(async |assignment: Assignment| {
        assert!(assignment.track().is_some());
        "coconut"
    }));
    let layer = || TracksLayer::new(pricing().build().unwrap());
    assert_eq!(
        allocations(reads.layer(layer())),
        allocations(looks.layer(layer()))
    );
}

#[test]
fn checking_a_signed_cookie_allocates_nothing() {
    let reads = || {
        app(get(async |assignment: Assignment| {
            assert!(assignment.track().is_some());
            "coconut"
        }))
    };
    let layer = || TracksLayer::new(pricing().build().unwrap());
    let signing = CookieSigning::new("0123456789abcdef").unwrap();
    let signed = signing.value(VISITOR);
    let former = CookieSigning::new("fedcba9876543210")
        .unwrap()
        .value(VISITOR);
    let unsigned = allocations(reads().layer(layer()));
    let signs = || reads().layer(layer().sign(signing.clone()));
    assert_eq!(allocations_for(signs(), &signed), unsigned);
    // A new visitor's cookie is written; to find out that there is one takes nothing more.
    let new = allocations_for(signs(), "");
    assert_eq!(allocations_for(signs(), &former), new);
}

#[test]
fn a_request_allocates_little() {
    let bare = || app(get(async || "coconut"));
    let reading = app(get(
        async |Assigned(pricing): Assigned<Pricing>| match pricing {
            Pricing::Control | Pricing::Cheap => "coconut",
        },
    ));
    let layer = || TracksLayer::new(pricing().build().unwrap());
    let floor = allocations(bare().layer(tower::layer::layer_fn(no_op)));
    let not_read = allocations(bare().layer(layer())) - floor;
    let read = allocations(reading.layer(layer())) - floor;
    println!("more than a no-op layer: {not_read} when not read, {read} when read");
    assert!(not_read <= 3, "{not_read}");
    assert!(read <= 5, "{read}");
}

/// Returns a layer with controls, under a change or without one.
fn controlled(act: Option<Act>) -> TracksLayer {
    let log = MemoryLog::default();
    if let Some(act) = act {
        let draft = Draft::new("pricing", 1, act, "alice", "a reason");
        let _ = log.append(&draft, 0).unwrap();
    }
    let controls = Controls::builder(log).start().unwrap();
    TracksLayer::new(pricing().build().unwrap()).controls(&controls)
}

/// Controls are a number that a request reads, so under each change it allocates what the code alone would: a
/// deploy with that share, or a pause of this process.
#[test]
fn controls_allocate_nothing() {
    let of = |layer: TracksLayer, is_in_track: bool| {
        let reads = get(async move |assignment: Assignment| {
            assert_eq!(assignment.track().is_some(), is_in_track);
            "coconut"
        });
        allocations(app(reads).layer(layer))
    };
    let layer = |share| TracksLayer::new(pricing().share(share).build().unwrap());
    let share = |share| Some(Act::Share { share, over: 1.0 });
    let paused = layer(1.0);
    paused.pauses().pause("pricing").unwrap();
    let [read, outside, paused] = [
        of(layer(1.0), true),
        of(layer(0.0), false),
        of(paused, false),
    ];
    assert_eq!(of(controlled(None), true), read);
    assert_eq!(of(controlled(share(0.999)), true), read);
    assert_eq!(of(controlled(share(0.0)), false), outside);
    assert_eq!(of(controlled(Some(Act::Pause)), false), paused);
    let ship = Act::Ship {
        track: "cheap".into(),
    };
    let shipped = of(controlled(Some(ship)), true);
    println!("read {read}, outside the share {outside}, paused {paused}, shipped {shipped}");
    // A shipped track needs no key, and has no header.
    assert!(shipped <= read, "{shipped}");
}

/// A layer inside another one allocates its own request and extension. A list of the layers around it
/// would be one more, for a known visitor as for a new one.
#[test]
fn a_nested_layer_allocates_no_list_of_the_outer_ones() {
    let banner = || SimpleTrackSet::new("banner").track("blue", 1);
    let outer = || TracksLayer::new(banner().build().unwrap());
    let inside = || {
        let reads = get(async |Assigned(pricing): Assigned<Pricing>| match pricing {
            Pricing::Control | Pricing::Cheap => "coconut",
        });
        app(reads).layer(TracksLayer::new(pricing().build().unwrap()))
    };
    for visitor in [VISITOR, ""] {
        let alone = inside().layer(tower::layer::layer_fn(no_op));
        let alone = allocations_for(alone, visitor);
        let nested = allocations_for(inside().layer(outer()), visitor);
        println!(
            "more than a no-op layer around it, {visitor:?}: {}",
            nested - alone
        );
        assert_eq!(nested - alone, 2, "{visitor:?}");
    }
}
