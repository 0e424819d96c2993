//! No duration that an application gives is too short or too long.

use std::{sync::Arc, time::Duration};

use tower_tracks::{
    Exposure, Goal, Key, Metric, Observe, Plan, SimpleTrackSet, Units,
    record::Recorder,
    store::{Memory, PhaseName, Question, Store, Timestamp},
};

const ODD: [Duration; 9] = [
    Duration::ZERO,
    Duration::from_nanos(1),
    Duration::from_nanos(999_999),
    Duration::from_secs(1),
    Duration::from_secs(i32::MAX as u64 + 1),
    Duration::from_secs(i64::MAX as u64 / 1_000_000 + 1),
    Duration::from_secs(i64::MAX as u64),
    Duration::from_secs(u64::MAX),
    Duration::MAX,
];

fn units() -> Units {
    Units::pseudonym("0123456789abcdef").unwrap()
}

fn exposure(sets: &tower_tracks::MultiTrackSet) -> Exposure {
    let key = Key::from("alice");
    let now = std::time::SystemTime::now();
    Exposure::new(sets.assign(key.clone(), &()), key, now).unwrap()
}

fn delay() -> tower_tracks::MultiTrackSet {
    let set = SimpleTrackSet::new("delay").track("long", 2_000_u64);
    set.build().unwrap()
}

#[tokio::test]
async fn of_recorders() {
    for odd in ODD {
        let recorder = Recorder::builder(units()).age(odd).settle(odd);
        let recorder = recorder.store(Memory::default()).start().unwrap();
        recorder.observe(&exposure(&delay()));
        let tally = recorder.flush().await.unwrap().get("store").unwrap();
        assert_eq!(tally.written, 1, "{odd:?}");
        recorder.observe(&exposure(&delay()));
        let tally = recorder.shutdown(odd).await.get("store").unwrap();
        assert_eq!((tally.accepted, tally.waiting()), (2, 0), "{odd:?}");
        let tally = recorder.shutdown(odd).wait().get("store").unwrap();
        assert_eq!((tally.accepted, tally.waiting()), (2, 0), "{odd:?}");
        if odd >= Duration::from_secs(60) {
            assert_eq!(tally.dropped, 0, "{odd:?}");
        }
    }
}

#[test]
fn of_plans_and_their_metrics() {
    use tower_tracks::report::Reporter;

    for odd in ODD {
        let from = odd.saturating_sub(Duration::from_nanos(1));
        let metric = Metric::rate("purchase").window(odd).window_from(from);
        let plan = Plan::default().window(odd).units(10);
        let plan = plan.primary(metric).exploratory(Metric::value("purchase"));
        let set = SimpleTrackSet::new("delay").track("long", 2_000_u64);
        // A window that is empty is refused.
        let Ok(sets) = set.plan(plan).build() else {
            assert!(odd.is_zero(), "{odd:?}");
            continue;
        };
        let store = Arc::new(Memory::default());
        let recorder = Recorder::builder(units()).store(store.clone());
        let recorder = recorder.start().unwrap();
        recorder.observe(&exposure(&sets));
        let reached = recorder.reached(&Key::from("alice"), "purchase");
        reached.once("1").unwrap();
        recorder.flush().wait().unwrap();
        for as_of in [Timestamp::MIN, Timestamp::now(), Timestamp::MAX] {
            let report = Reporter::new(&*store, as_of).compute().unwrap();
            assert!(report.phases.len() <= 1, "{odd:?}");
        }
    }
}

/// Returns a store that knows of one exposure and one conversion.
fn filled<S: Store>(store: S) -> Arc<S> {
    let store = Arc::new(store);
    let recorder = Recorder::builder(units()).store(store.clone());
    let recorder = recorder.start().unwrap();
    recorder.observe(&exposure(&delay()));
    let reached = recorder.reached(&Key::from("alice"), "purchase");
    reached.once("1").unwrap();
    recorder.flush().wait().unwrap();
    store
}

fn ask(store: &dyn Store) {
    let phase = PhaseName::of(delay().sets().next().unwrap());
    for odd in ODD {
        let as_of = Timestamp::MAX;
        let mut question = Question::new(phase.clone(), as_of);
        question.skew = odd;
        let goal = Goal::new("purchase").unwrap();
        let mut asked =
            tower_tracks::store::AskedGoal::new(goal, tower_tracks::store::Measure::Rate);
        (asked.window, asked.window_from) = (odd, odd);
        let answer = store.attribute(&question.goal(asked)).unwrap();
        assert!(answer.is_some(), "{odd:?}");
        let overlap = store.overlap(&phase, Some((&phase, odd)), as_of).unwrap();
        // Stores round what is below a microsecond as they like.
        let is_within = u64::from(odd > Duration::from_millis(1));
        let within = overlap.of_previous_phase;
        assert!(
            within == is_within || odd < Duration::from_millis(1),
            "{odd:?}"
        );
        let (now, latest) = (Timestamp::now(), Timestamp::MAX);
        assert!(now.plus(odd) <= latest && now.minus(odd) <= now);
    }
}

#[test]
fn of_questions() {
    ask(&*filled(Memory::default()));
}

#[test]
fn of_sqlite() {
    use tower_tracks::store::Sqlite;

    let name = format!("tower-tracks-durations-{}", std::process::id());
    let directory = std::env::temp_dir().join(name);
    std::fs::create_dir_all(&directory).unwrap();
    let file = directory.join("facts.db");
    for odd in ODD {
        drop(Sqlite::open(&file).unwrap().busy_timeout(odd).unwrap());
    }
    ask(&*filled(Sqlite::open(&file).unwrap()));
    std::fs::remove_dir_all(&directory).unwrap();
}

#[test]
fn of_postgres() {
    if let Some(schema) = crate::record::postgres::schema::Schema::new() {
        ask(&*filled(schema.store()));
    }
}

#[test]
fn of_visitor_cookies() {
    use tower_tracks::VisitorCookie;

    for odd in ODD {
        let is_allowed = VisitorCookie::default().max_age(odd).is_ok();
        assert_eq!(is_allowed, odd == Duration::from_secs(1), "{odd:?}");
    }
}

#[tokio::test]
async fn of_clocks() {
    use axum::{Router, routing::get as on_get};
    use tower_tracks::{Assignment, testing::FixedClock};

    use crate::support::{always, get, layer};

    for odd in ODD {
        for start in [Duration::ZERO, Duration::from_secs(1 << 40)] {
            let store = Arc::new(Memory::default());
            let recorder = Recorder::builder(units()).store(store.clone());
            let recorder = recorder.start().unwrap();
            let clock = FixedClock::new(std::time::SystemTime::UNIX_EPOCH + start);
            let advanced = clock.clone();
            let handler = async move |assignment: Assignment| {
                assignment.track();
                advanced.advance(odd);
            };
            let layer = layer(always("delay")).clock(clock.clock());
            let app: Router = Router::new()
                .route("/", on_get(handler))
                .layer(layer.observe(recorder.clone()));
            get(app, "/").await;
            let tally = recorder.flush().await.unwrap().get("store").unwrap();
            assert_eq!(tally.written + tally.aside, 1, "{odd:?} after {start:?}");
        }
    }
}

#[tokio::test]
async fn of_dashboards() {
    use axum::Router;
    use tower_tracks::dashboard::{Access, Dashboard};

    use crate::support::{body_text, get};

    for odd in ODD {
        let store = filled(Memory::default());
        let dashboard = Dashboard::new(store, |_| Access::Read).refresh(odd);
        let router: Router = dashboard.into_router();
        // Until its thread has read the store, which a panic would end.
        for round in 0.. {
            let response = get(router.clone(), "/sets.json").await;
            assert!(response.status().is_success(), "{odd:?}");
            if !body_text(response).await.contains("\"read-at\":null") {
                break;
            }
            assert!(round < 3_000, "{odd:?}");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
}

#[test]
fn a_plan_of_a_time_that_is_none_has_no_start() {
    let read = |seconds: u64| {
        let json = format!("{{\"start\":{seconds}}}");
        serde_json::from_str::<Plan>(&json).unwrap().planned_start()
    };
    assert!(read(1).is_some());
    assert_eq!(read(u64::MAX), None);
}
