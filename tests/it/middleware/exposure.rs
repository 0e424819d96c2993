//! What is an exposure, when it is reported, and how its request ended.

use std::{
    convert::Infallible,
    future::{pending, ready},
    sync::{Arc, Mutex},
    time::{Duration, SystemTime},
};

use axum::{Router, body::Body, routing::get as on_get};
use http::{Request, Response, StatusCode};
use tokio::task::JoinSet;
use tower::{ServiceBuilder, ServiceExt, service_fn};
use tower_http::catch_panic::CatchPanicLayer;
use tower_tracks::{
    Assignment, Assignments, Exposure, MultiTrackSet, SimpleTrackSet, TracksLayer, event::Outcome,
    middleware::Clock,
};

use crate::support::{ALICE, Observed, always, exposed, get, layer, request, send};

/// Asks one handler for `/`, and returns what the header and the observer say.
async fn ask<H, T>(sets: MultiTrackSet, handler: H) -> (Vec<String>, Vec<String>)
where
    H: axum::handler::Handler<T, ()>,
    T: 'static,
{
    let observed = Observed::default();
    let layer = layer(sets).observe(observed.clone());
    let app: Router = Router::new().route("/", on_get(handler)).layer(layer);
    let response = get(app, "/").await;
    let header = exposed(&response).into_iter().map(str::to_owned).collect();
    (header, observed.texts())
}

#[tokio::test]
async fn having_an_assignment_is_none() {
    let (header, told) = ask(
        always("delay"),
        async |assignment: Assignment, all: Assignments| {
            // None of this is a reading, however much it is looked at.
            let _ = (assignment.set(), assignment.reason(), assignment.phase());
            let _ = (assignment.peek().track(), format!("{assignment:?} {all:?}"));
            let _ = all.iter().count();
        },
    )
    .await;
    assert!(header.is_empty() && told.is_empty(), "{header:?} {told:?}");
}

#[tokio::test]
async fn reading_the_track_is_one() {
    let readings: [fn(&Assignment); 4] = [
        |assignment| assert_eq!(assignment.track(), Some("on")),
        |assignment| assert!(!assignment.is_control()),
        |assignment| assert_eq!(assignment.value(), Some(&1_u8)),
        |assignment| assert_eq!(assignment.to_string(), "delay/on"),
    ];
    for read in readings {
        let handler = async move |assignment: Assignment| read(&assignment);
        let (header, told) = ask(always("delay"), handler).await;
        assert_eq!(
            (header, told),
            (vec!["delay=on".to_owned()], vec!["delay/on".to_owned()])
        );
    }
}

#[tokio::test]
async fn it_is_told_once_however_often_the_track_is_read() {
    let (header, told) = ask(
        always("delay"),
        async |all: Assignments, again: Assignment| {
            for assignment in all.iter().chain([again.clone(), again]) {
                assignment.track();
            }
        },
    )
    .await;
    assert_eq!((header.len(), told.len()), (1, 1));
}

/// A set in which everybody is control, though its other track carries a value.
fn only_control<T: tower_tracks::assign::TrackValue>(value: T) -> MultiTrackSet {
    let set = SimpleTrackSet::new("banner").track("long", value);
    set.track_weight("long", 0).build().unwrap()
}

#[tokio::test]
async fn control_is_exposed_though_it_carries_nothing() {
    let (_, told) = ask(only_control(2000_u32), async |assignment: Assignment| {
        assert_eq!(assignment.value::<u32>(), None);
    })
    .await;
    assert_eq!(told, ["banner/control"]);
}

#[tokio::test]
async fn a_value_that_the_set_does_not_carry_is_no_exposure() {
    let (_, told) = ask(only_control(2000_u32), async |assignment: Assignment| {
        assert_eq!(assignment.value::<String>(), None);
    })
    .await;
    assert!(told.is_empty());
}

/// Reading a value that no set of the group carries changes nothing.
#[tokio::test]
async fn a_value_that_the_group_does_not_carry_leaves_no_trace() {
    let layer = TracksLayer::new(always("delay"))
        .and(only_control("banner"))
        .unwrap();
    let handler = async |all: Assignments| {
        let delay = all.get("delay").unwrap();
        assert_eq!(delay.value::<&str>(), None);
        all.run(&mut 1_i64);
    };
    let response = send(
        Router::new().route("/", on_get(handler)).layer(layer),
        "GET",
        "/",
        &[],
    )
    .await;
    assert!(
        exposed(&response).is_empty() && crate::support::cookies(response.headers()).is_empty()
    );
}

#[tokio::test]
async fn a_value_is_found_in_whichever_group_carries_it() {
    let banner = SimpleTrackSet::new("banner").without_control();
    let banner = banner.track("green", 7_i64).build().unwrap();
    let layer = TracksLayer::new(always("delay")).and(banner).unwrap();
    let handler = async |all: Assignments| {
        assert_eq!(all.value::<char>(), None);
        assert_eq!(all.value::<i64>(), Some(&7));
    };
    let app: Router = Router::new().route("/", on_get(handler)).layer(layer);
    assert_eq!(exposed(&get(app, "/").await), ["banner=green"]);
}

#[tokio::test]
async fn a_track_that_is_run_is_exposed() {
    let plain = SimpleTrackSet::new("price")
        .without_control()
        .run("cheap", |price: &mut i64| *price -= 1);
    let (_, told) = ask(plain.build().unwrap(), async |assignment: Assignment| {
        let mut price = 50_i64;
        assignment.run(&mut "not what the track takes");
        assignment.run(&mut price);
        assert_eq!(price, 49);
    })
    .await;
    assert_eq!(told, ["price/cheap"]);

    async fn cheap(price: &mut i64) {
        *price -= 1;
    }
    let later = SimpleTrackSet::new("price")
        .without_control()
        .run_async("cheap", cheap);
    let (_, told) = ask(later.build().unwrap(), async |assignment: Assignment| {
        let mut price = 50_i64;
        assignment.run_async(&mut price).await;
        assert_eq!(price, 49);
    })
    .await;
    assert_eq!(told, ["price/cheap"]);
}

#[tokio::test]
async fn a_request_in_no_track_is_not_exposed() {
    let outside = SimpleTrackSet::new("delay")
        .track("long", 1)
        .share(0.0)
        .build()
        .unwrap();
    let (header, told) = ask(outside, async |assignment: Assignment| {
        assert_eq!(
            (assignment.track(), assignment.set()),
            (None, Some("delay"))
        );
        assert_eq!(assignment.to_string(), "delay (outside-share)");
    })
    .await;
    assert!(header.is_empty() && told.is_empty());
}

#[tokio::test]
async fn head_and_options_are_none() {
    let observed = Observed::default();
    let layer = layer(always("delay")).observe(observed.clone());
    let handler = async |assignment: Assignment| assert_eq!(assignment.track(), Some("on"));
    let app: Router = Router::new()
        .route("/", on_get(handler).options(handler))
        .layer(layer);
    for method in ["HEAD", "OPTIONS"] {
        let response = send(app.clone(), method, "/", &[("cookie", ALICE)]).await;
        assert_eq!(response.status(), StatusCode::OK);
        assert!(exposed(&response).is_empty());
    }
    assert!(observed.take().is_empty());
}

#[tokio::test]
async fn it_says_what_the_request_was() {
    let noon = SystemTime::UNIX_EPOCH + Duration::from_secs(43_200);
    let observed = Observed::default();
    let layer = layer(always("delay"))
        .observe(observed.clone())
        .clock(Clock::from_fn(move || noon))
        .run_ids();
    let handler = async |assignment: Assignment| {
        assignment.track();
        (
            StatusCode::IM_A_TEAPOT,
            assignment.run_id().unwrap().to_string(),
        )
    };
    let response = get(Router::new().route("/", on_get(handler)).layer(layer), "/").await;
    let header = exposed(&response).join("");

    let [exposure] = &observed.take()[..] else {
        panic!("one exposure")
    };
    assert_eq!(
        (exposure.set(), exposure.track(), exposure.unit_kind()),
        ("delay", "on", "visitor")
    );
    assert_eq!(
        exposure.key().map(|key| key.as_bytes()),
        Some(&b"alice"[..])
    );
    assert_eq!(exposure.at(), noon);
    assert_eq!(exposure.outcome(), Some(Outcome::Completed { status: 418 }));
    assert!(exposure.duration().is_some() && !exposure.is_late());
    assert!(exposure.choice().coin().is_some());
    let run_id = exposure.run_id().unwrap();
    assert_eq!(header, format!("delay=on;run=\"{run_id}\""));
    assert!(!format!("{exposure:?}").contains("alice"));
}

/// Sends a request to a service that reads the track and then does `ending`.
async fn outcome<F, E>(ending: fn() -> F) -> Vec<Exposure>
where
    F: Future<Output = Result<Response<Body>, E>> + 'static,
    E: 'static,
{
    let observed = Observed::default();
    let service = layer(always("delay")).observe(observed.clone());
    let service =
        ServiceBuilder::new()
            .layer(service)
            .service(service_fn(move |request: Request<Body>| {
                request
                    .extensions()
                    .get::<Assignments>()
                    .unwrap()
                    .get("delay")
                    .unwrap()
                    .track();
                ending()
            }));
    let call = service.oneshot(request("GET", "/", &[("cookie", ALICE)]));
    // What never answers is dropped, as when its client went away.
    let _ = tokio::time::timeout(Duration::from_millis(20), call).await;
    observed.take()
}

#[track_caller]
fn check_outcome(told: &[Exposure], expected: Outcome) {
    let outcomes: Vec<_> = told.iter().map(Exposure::outcome).collect();
    assert_eq!(outcomes, [Some(expected)]);
}

#[tokio::test]
async fn it_is_told_however_the_request_ends() {
    let told = outcome(|| ready(Ok::<_, Infallible>(Response::new(Body::empty())))).await;
    check_outcome(&told, Outcome::Completed { status: 200 });
    let told = outcome(|| ready(Err("no"))).await;
    check_outcome(&told, Outcome::Failed);
    let told = outcome(pending::<Result<_, Infallible>>).await;
    check_outcome(&told, Outcome::Cancelled);
}

#[tokio::test]
async fn a_panic_is_told_as_one_even_when_it_is_caught_further_out() {
    let observed = Observed::default();
    let handler = async |assignment: Assignment| -> () {
        assignment.track();
        panic!("by the handler");
    };
    let app: Router = Router::new()
        .route("/", on_get(handler))
        .layer(layer(always("delay")).observe(observed.clone()))
        .layer(CatchPanicLayer::new());
    let response = get(app, "/").await;
    assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
    check_outcome(&observed.take(), Outcome::Panicked);
}

#[tokio::test]
async fn a_panic_before_there_is_a_future_is_told_too() {
    let observed = Observed::default();
    let layer = layer(always("delay")).observe(observed.clone());
    let service =
        ServiceBuilder::new()
            .layer(layer)
            .service(service_fn(|request: Request<Body>| {
                request
                    .extensions()
                    .get::<Assignments>()
                    .unwrap()
                    .get("delay")
                    .unwrap()
                    .track();
                if request.uri().path() == "/" {
                    panic!("by the service");
                }
                ready(Ok::<_, Infallible>(Response::new(Body::empty())))
            }));
    let call = service.oneshot(request("GET", "/", &[("cookie", ALICE)]));
    tokio::spawn(call).await.unwrap_err();
    check_outcome(&observed.take(), Outcome::Panicked);
}

#[tokio::test]
async fn a_body_that_reads_is_late_and_in_no_header() {
    let observed = Observed::default();
    let handler = async |assignment: Assignment| {
        let read = move || assignment.track().map(str::to_owned).unwrap_or_default();
        let chunks = futures_util::stream::iter([0, 1]).map(move |_| Ok::<_, Infallible>(read()));
        Body::from_stream(chunks)
    };
    let layer = layer(always("delay")).observe(observed.clone());
    let response = get(Router::new().route("/", on_get(handler)).layer(layer), "/").await;
    assert!(exposed(&response).is_empty());
    assert!(observed.take().is_empty());

    assert_eq!(crate::support::body_text(response).await, "onon");
    let [exposure] = &observed.take()[..] else {
        panic!("one exposure")
    };
    assert!(exposure.is_late());
    assert_eq!(exposure.outcome(), Some(Outcome::Completed { status: 200 }));
}

use futures_util::StreamExt as _;

#[tokio::test]
async fn a_random_key_is_not_told() {
    let observed = Observed::default();
    let layer = TracksLayer::new(always("delay"))
        .key(tower_tracks::KeySource::random())
        .observe(observed.clone());
    let handler = async |assignment: Assignment| drop(assignment.track().map(str::to_owned));
    get(Router::new().route("/", on_get(handler)).layer(layer), "/").await;
    let [exposure] = &observed.take()[..] else {
        panic!("one exposure")
    };
    assert_eq!(exposure.key(), None);
}

#[tokio::test]
async fn an_observer_that_panics_costs_no_request() {
    let layer = layer(always("delay")).observe(|_: &Exposure| panic!("by the observer"));
    let handler = async |assignment: Assignment| drop(assignment.track().map(str::to_owned));
    let response = get(Router::new().route("/", on_get(handler)).layer(layer), "/").await;
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(exposed(&response), ["delay=on"]);
}

/// Many threads read while the request ends: each reading is reported exactly once.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_race_of_reading_and_ending_tells_once() {
    for _ in 0..500 {
        let observed = Observed::default();
        let readers = Arc::new(Mutex::new(JoinSet::new()));
        let spawned = Arc::clone(&readers);
        let handler = async move |assignment: Assignment| {
            for _ in 0..3 {
                let assignment = assignment.clone();
                let read = async move { assignment.track().is_some() };
                spawned.lock().unwrap().spawn(read);
            }
            tokio::task::yield_now().await;
        };
        let layer = layer(always("delay")).observe(observed.clone());
        let response = get(Router::new().route("/", on_get(handler)).layer(layer), "/").await;
        let readers = std::mem::take(&mut *readers.lock().unwrap());
        assert_eq!(readers.join_all().await, [true; 3]);
        let [exposure] = &observed.take()[..] else {
            panic!("one exposure")
        };
        assert_eq!(exposure.is_late(), exposed(&response).is_empty());
    }
}

#[tokio::test]
async fn the_duration_is_until_the_head() {
    let start = SystemTime::UNIX_EPOCH;
    let now = Arc::new(Mutex::new(start));
    let (clock, time) = (Arc::clone(&now), Arc::clone(&now));
    let observed = Observed::default();
    let handler = async move |assignment: Assignment| {
        *time.lock().unwrap() += Duration::from_secs(2);
        assignment.track();
        *time.lock().unwrap() += Duration::from_secs(1);
    };
    let layer = layer(always("delay"))
        .observe(observed.clone())
        .clock(Clock::from_fn(move || *clock.lock().unwrap()));
    get(Router::new().route("/", on_get(handler)).layer(layer), "/").await;
    let [exposure] = &observed.take()[..] else {
        panic!("one exposure")
    };
    assert_eq!(exposure.at(), start + Duration::from_secs(2));
    assert_eq!(exposure.duration(), Some(Duration::from_secs(3)));
}

/// A visitor who leaves before the head never receives the key.
#[tokio::test]
async fn a_new_visitor_is_told_as_one() {
    for (cookie, is_new) in [("", true), ("__Host-tracks=AAECAwQFBgcICQoLDA0ODw", false)] {
        let observed = Observed::default();
        let layer = TracksLayer::new(always("delay")).observe(observed.clone());
        let handler = async |assignment: Assignment| drop(assignment.to_string());
        let app: Router = Router::new().route("/", on_get(handler)).layer(layer);
        send(app, "GET", "/", &[("cookie", cookie)]).await;
        let told: Vec<_> = observed.take().iter().map(Exposure::is_new).collect();
        assert_eq!(told, [is_new]);
    }
}

#[tokio::test]
async fn every_observer_is_told_in_the_order_of_adding() {
    let (first, second) = (Observed::default(), Observed::default());
    let layer = layer(always("delay"));
    let layer = layer.observe(first.clone()).observe(second.clone());
    let handler = async |assignment: Assignment| assignment.to_string();
    let app: Router = Router::new().route("/", on_get(handler)).layer(layer);
    get(app, "/").await;
    assert_eq!(
        [first.texts(), second.texts()],
        [["delay/on"], ["delay/on"]]
    );
}
