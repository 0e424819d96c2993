//! What is kept of requests, conversions and sets.

use std::{
    sync::Arc,
    time::{Duration, Instant, SystemTime},
};

use axum::{Router, http::StatusCode, routing::get};
use tower_tracks::{
    Assignment, Goal, Goals, Key, KeySource, Metric, Observe, Plan, SimpleTrackSet, TracksLayer,
    Units,
    assign::Sum,
    event::{Alias, Conversion},
    record::Recorder,
    store::{AskedGoal, Attribute, Measure, Memory, Question, RequestSums, Store, Timestamp},
};

use super::{
    super::support::send, LONG, builder, delay, exposure, exposure_at, faulty::Faulty,
    phase_of_delay, units,
};

fn shop(recorder: &Recorder) -> Router {
    async fn order(assignment: Assignment, goals: Goals) -> StatusCode {
        assert!(assignment.track().is_some());
        let order = goals.reached("purchase").value(19.90);
        order.once("order 17").unwrap();
        StatusCode::OK
    }
    async fn broken(assignment: Assignment) -> StatusCode {
        assert!(assignment.track().is_some());
        StatusCode::INTERNAL_SERVER_ERROR
    }
    let layer = TracksLayer::new(delay())
        .key(KeySource::cookie("id"))
        .observe(recorder.clone());
    Router::new()
        .route("/order", get(order))
        .route("/broken", get(broken))
        .layer(layer)
}

#[tokio::test]
async fn a_shop_records_who_saw_what_and_bought() {
    let store = Arc::new(Memory::default());
    let recorder = builder().store(store.clone()).start().unwrap();
    let shop = shop(&recorder);
    for visitor in ["id=alice", "id=bob", "id=carol"] {
        // Tried again, an order is one order.
        for _ in 0..2 {
            send(shop.clone(), "GET", "/order", &[("cookie", visitor)]).await;
        }
    }
    let tallies = recorder.flush().await.unwrap();
    let tally = tallies.get("store").unwrap();
    assert_eq!((tally.accepted, tally.written), (12, 6));
    assert_eq!((tally.duplicates, tally.waiting()), (6, 0));

    let purchase = AskedGoal::new(Goal::new("purchase").unwrap(), Measure::Total(Sum::Value));
    let tomorrow = Timestamp::now().plus(Duration::from_secs(86_400));
    let question = Question::new(phase_of_delay(), tomorrow).goal(purchase);
    let answer = store.attribute(&question).unwrap().unwrap();
    assert_eq!(answer.units.values().sum::<u64>(), 3);
    let sum: i128 = answer.goals[0]
        .cells
        .values()
        .map(|cells| cells.all().unwrap().sum)
        .sum();
    assert_eq!(sum, 3 * 19_900_000);
    // The coin and the track are those of the assignment.
    for visitor in ["alice", "bob", "carol"] {
        let sets = delay();
        let choice = sets.assign(visitor, &());
        let unit = units().unit("visitor", &Key::from(visitor));
        let history = store.history(unit).unwrap();
        let [(_, track, coin)] = &history.exposures[..] else {
            panic!("{history:?}");
        };
        assert_eq!(Some(&*track.track), choice.track());
        assert_eq!(*coin, choice.coin());
        assert_eq!(history.raw, None, "no key is kept beside a pseudonym");
    }
}

#[tokio::test]
async fn requests_are_summed_by_track_and_bucket() {
    let store = Arc::new(Memory::default());
    let recorder = builder().store(store.clone()).start().unwrap();
    let shop = shop(&recorder);
    for path in ["/order", "/broken", "/order", "/broken", "/broken"] {
        send(shop.clone(), "GET", path, &[("cookie", "id=alice")]).await;
    }
    recorder.flush().await.unwrap();
    let sums = store.sums(&phase_of_delay()).unwrap();
    let [((track, bucket), sums)] = &sums.into_iter().collect::<Vec<_>>()[..] else {
        panic!("one track and bucket");
    };
    assert_eq!(&*track.track, delay().assign("alice", &()).track().unwrap());
    let unit = units().unit("visitor", &Key::from("alice")).to_bytes();
    assert_eq!(*bucket, u16::from_be_bytes([unit[0], unit[1]]) >> 6);
    let RequestSums {
        requests,
        errors,
        aborted,
        duration_us,
        duration_us_sq,
        ..
    } = *sums;
    assert_eq!((requests, errors, aborted), (5, 3, 0));
    assert!(u128::from(duration_us).pow(2) <= 5 * duration_us_sq);
}

/// Other data of sets may fail for a while: the facts are written, and once.
#[tokio::test]
async fn failed_sums_and_losses_are_tried_again() {
    let store = Arc::new(Faulty::new(|_| Ok(())).unreadable(3));
    let recorder = builder().store(store.clone()).start().unwrap();
    send(shop(&recorder), "GET", "/order", &[("cookie", "id=alice")]).await;
    let planned = SimpleTrackSet::new("planned").track("on", ());
    let planned = planned.plan(Plan::default().primary(Metric::rate("purchase")));
    recorder.observe(&exposure(&planned.build().unwrap(), "alice"));
    let begin = Instant::now();
    while recorder.flush().await.is_err() {
        assert!(begin.elapsed() < LONG);
    }
    let tally = recorder.tallies().get("store").unwrap();
    let numbers = (tally.accepted, tally.written, tally.duplicates, tally.aside);
    assert_eq!(numbers, (3, 3, 0, 0));
    let sums = store.sums(&phase_of_delay()).unwrap();
    let requests = sums.into_values().map(|sums| sums.requests);
    assert_eq!(requests.collect::<Vec<_>>(), [1]);
    let phases = store.phases().unwrap();
    let planned = phases.iter().find(|phase| &*phase.name.set == "planned");
    assert_eq!(planned.unwrap().plans.len(), 1);
}

#[tokio::test]
async fn a_set_that_is_built_twice_is_one_set() {
    let store = Arc::new(Memory::default());
    let recorder = builder().store(store.clone()).start().unwrap();
    for _ in 0..2 {
        let shop = shop(&recorder);
        send(shop, "GET", "/broken", &[("cookie", "id=alice")]).await;
        recorder.flush().await.unwrap();
    }
    let sums = store.sums(&phase_of_delay()).unwrap();
    let sums: Vec<RequestSums> = sums.into_values().collect();
    assert_eq!(sums.len(), 1);
    assert_eq!((sums[0].requests, sums[0].errors), (2, 2));
}

#[tokio::test]
async fn a_disconnect_counts_as_aborted_and_exposed() {
    async fn slow(assignment: Assignment) {
        assert!(assignment.track().is_some());
        std::future::pending::<()>().await;
    }
    let store = Arc::new(Memory::default());
    let recorder = builder().store(store.clone()).start().unwrap();
    let layer = TracksLayer::new(delay())
        .key(KeySource::cookie("id"))
        .observe(recorder.clone());
    let app = Router::new().route("/", get(slow)).layer(layer);
    let request = send(app, "GET", "/", &[("cookie", "id=alice")]);
    assert!(
        tokio::time::timeout(Duration::from_millis(20), request)
            .await
            .is_err()
    );
    recorder.flush().await.unwrap();
    let sums = store.sums(&phase_of_delay()).unwrap();
    let sums: Vec<RequestSums> = sums.into_values().collect();
    assert_eq!(
        (sums[0].requests, sums[0].aborted, sums[0].errors),
        (1, 1, 0)
    );
    let unit = units().unit("visitor", &Key::from("alice"));
    assert_eq!(store.history(unit).unwrap().exposures.len(), 1);
}

#[test]
fn known_facts_are_not_written_again() {
    let store = super::faulty::Faulty::new(|_| Ok(()));
    let recorder = builder().store(store.clone()).start().unwrap();
    let sets = delay();
    for _ in 0..3 {
        recorder.conversion(&view("alice"));
        recorder.observe(&exposure(&sets, "alice"));
        recorder.alias(&alias("alice", 7));
        recorder.flush().wait().unwrap();
    }
    assert_eq!(store.exposure_rows(), 1);
    let tally = recorder.tallies().get("store").unwrap();
    assert_eq!((tally.accepted, tally.written), (9, 5));
    // An earlier time is news.
    let earlier = SystemTime::now() - Duration::from_secs(60);
    recorder.observe(&exposure_at(&sets, "alice", earlier));
    recorder.flush().wait().unwrap();
    assert_eq!(store.exposure_rows(), 2);
    let unit = units().unit("visitor", &Key::from("alice"));
    let history = store.history(unit).unwrap();
    assert_eq!(history.exposures[0].0, Timestamp::from(earlier));
}

#[test]
fn events_of_the_future_are_set_aside() {
    let store = Arc::new(Memory::default());
    let recorder = builder().store(store.clone()).start().unwrap();
    let sets = delay();
    let hours = |hours: u64| SystemTime::now() + Duration::from_secs(hours * 3600);
    recorder.observe(&exposure_at(&sets, "alice", hours(2)));
    recorder.observe(&exposure(&sets, "bob"));
    recorder.flush().wait().unwrap();
    let tally = recorder.tallies().get("store").unwrap();
    assert_eq!((tally.accepted, tally.written, tally.aside), (2, 1, 1));
    let mut aside = Vec::new();
    let mut keep = |batch: tower_tracks::store::Batch| {
        aside.extend(batch.aside);
        Ok(())
    };
    store.dump(&mut keep).unwrap();
    let unit = units().unit("visitor", &Key::from("alice")).to_string();
    assert_eq!(
        &*aside[0].reason,
        "its time is more than an hour in the future"
    );
    assert!(aside[0].payload.contains(&unit) && !aside[0].payload.contains("alice"));
}

#[test]
fn raw_units_keep_their_keys() {
    let store = Arc::new(Memory::default());
    let recorder = Recorder::builder(Units::raw());
    let recorder = recorder.store(store.clone()).start().unwrap();
    recorder.observe(&exposure(&delay(), "alice"));
    recorder
        .reached(("user", &Key::from(42)), "renewal")
        .once("1")
        .unwrap();
    recorder.flush().wait().unwrap();
    for (kind, key) in [("visitor", "alice"), ("user", "42")] {
        let unit = Units::raw().unit(kind, &Key::from(key));
        let raw = store.history(unit).unwrap().raw.unwrap();
        assert_eq!((&*raw.0, &*raw.1), (kind, key.as_bytes()));
    }
}

#[test]
fn another_secret_is_refused() {
    let store = Arc::new(Memory::default());
    builder().store(store.clone()).start().unwrap();
    builder().store(store.clone()).start().unwrap();
    let other = Units::pseudonym("fedcba9876543210").unwrap();
    for units in [other, Units::raw()] {
        let error = Recorder::builder(units).store(store.clone()).start();
        let error = error.unwrap_err().to_string();
        assert!(error.contains("units of another secret"), "{error}");
        assert!(!error.contains("fedcba"), "{error}");
    }
}

#[test]
fn a_dropped_recorder_writes_its_queue() {
    let store = Arc::new(Memory::default());
    let recorder = Recorder::builder(units()).age(super::LONG);
    let recorder = recorder.store(store.clone()).start().unwrap();
    recorder.observe(&exposure(&delay(), "alice"));
    let clone = recorder.clone();
    drop(recorder);
    drop(clone);
    let unit = units().unit("visitor", &Key::from("alice"));
    assert_eq!(store.history(unit).unwrap().exposures.len(), 1);
}

fn view(key: &'static str) -> Conversion {
    let goal = Goal::new("view").unwrap();
    Conversion::new(&Key::from(key), goal, SystemTime::now())
}

fn alias(visitor: &'static str, user: u64) -> Alias {
    Alias::new(
        Key::from(visitor),
        "user",
        Key::from(user),
        SystemTime::now(),
    )
}
