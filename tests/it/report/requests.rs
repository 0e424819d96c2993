//! Guardrails without code: errors, aborts and durations of requests.

use std::{sync::Arc, time::Duration};

use axum::{Router, http::StatusCode, routing::get};
use tower_tracks::{
    Assignment, KeySource, TracksLayer,
    record::Recorder,
    report::{GoalRole, GoalSource, PhaseReport, VerdictKind},
    store::{Memory, Store},
    testing::FixedClock,
};

use super::{
    super::support::send,
    shop::{DAY, only, plan, pricing, report, start, units},
};

/// Lets visitors come to a handler that takes `slow` milliseconds in one track and 100 in the other,
/// and fails for every tenth visitor, in both tracks or in that track alone.
async fn serve(slow: u64, control_fails: bool) -> PhaseReport {
    let store = Arc::new(Memory::default());
    let recorder = Recorder::builder(units()).store(store.clone());
    let recorder = recorder.start().unwrap();
    let clock = FixedClock::new(start());
    let time = clock.clone();
    let handler = async move |assignment: Assignment| {
        let is_cheap = assignment.track() == Some("cheap");
        let millis = if is_cheap { slow } else { 100 };
        let jitter = time.now().duration_since(start()).unwrap().subsec_millis() % 40;
        time.advance(Duration::from_millis(millis + u64::from(jitter)));
        let fails = time
            .now()
            .duration_since(start())
            .unwrap()
            .as_millis()
            .is_multiple_of(10);
        if fails && (is_cheap || control_fails) {
            StatusCode::INTERNAL_SERVER_ERROR
        } else {
            StatusCode::OK
        }
    };
    let layer = TracksLayer::new(pricing(plan()))
        .key(KeySource::cookie("id"))
        .clock(clock.clock())
        .observe(recorder.clone());
    let app = Router::new().route("/", get(handler)).layer(layer);
    for visitor in 0..800 {
        let cookie = format!("id=visitor-{visitor}");
        for _ in 0..1 + visitor % 3 {
            clock.advance(Duration::from_millis(7));
            send(app.clone(), "GET", "/", &[("cookie", &cookie)]).await;
        }
    }
    clock.advance(30 * DAY);
    recorder.shutdown(Duration::from_secs(30)).await;
    assert!(
        !store
            .sums(&super::shop::phase_of(&pricing(plan())))
            .unwrap()
            .is_empty()
    );
    only(report(&*store))
}

fn verdict(phase: &PhaseReport, index: usize) -> VerdictKind {
    phase.requests[index].tracks[1]
        .verdict
        .as_ref()
        .unwrap()
        .kind
}

#[tokio::test]
async fn a_slow_track_shows() {
    let phase = serve(150, true).await;
    let sources: Vec<&GoalSource> = phase.requests.iter().map(|goal| &goal.source).collect();
    let expected = [
        &GoalSource::Errors,
        &GoalSource::Aborts,
        &GoalSource::Duration,
        &GoalSource::P95,
    ];
    assert_eq!(sources, expected);
    let duration = &phase.requests[2];
    assert_eq!(
        (duration.role, duration.less_is_better),
        (GoalRole::Guardrail, true)
    );
    assert_eq!(verdict(&phase, 2), VerdictKind::Worse, "{duration:?}");
    let values = [0, 1].map(|track| duration.tracks[track].value.known().unwrap().value);
    assert!((100.0..140.0).contains(&values[0]), "{values:?}");
    assert!((150.0..190.0).contains(&values[1]), "{values:?}");
    let requests: f64 = duration.tracks.iter().map(|track| track.by).sum();
    assert_eq!(
        requests,
        (0..800)
            .map(|visitor| f64::from(1 + visitor % 3))
            .sum::<f64>()
    );
    // One of twenty requests takes longer than 138 and 188 milliseconds.
    let p95 = &phase.requests[3];
    assert_eq!(verdict(&phase, 3), VerdictKind::Worse, "{p95:?}");
    let values = [0, 1].map(|track| p95.tracks[track].percentiles.unwrap());
    for (all, slow) in values.iter().zip([100.0, 150.0]) {
        let slower = |share: f64| slow + 40.0 * share;
        for (read, share) in [(all.p50, 0.5), (all.p95, 0.95), (all.p99, 0.99)] {
            let expected = slower(share);
            assert!(
                (read.value / expected - 1.0).abs() < 0.09,
                "{read:?} {expected}"
            );
            assert!(
                read.interval
                    .is_some_and(|limits| limits.lower <= read.value)
            );
        }
    }
    assert_eq!(p95.tracks[0].by + p95.tracks[1].by, requests);
    assert!(
        phase
            .to_text()
            .contains("p95 milliseconds (guardrail, less is better)")
    );
    assert!(phase.to_text().contains("ms"));
    assert!(phase.to_text().contains("cannot be subtracted"));
}

#[tokio::test]
async fn tracks_that_are_alike_do_not_show() {
    let phase = serve(100, true).await;
    assert_eq!(verdict(&phase, 2), VerdictKind::NotFound);
    assert_ne!(verdict(&phase, 0), VerdictKind::Worse);
}

/// Control without errors has no lift, so the difference is in percentage points.
#[tokio::test]
async fn a_difference_of_errors_is_in_percentage_points() {
    let phase = serve(100, false).await;
    let errors = &phase.requests[0];
    assert_eq!(errors.tracks[0].value.known().unwrap().value, 0.0);
    let sentence = &errors.tracks[1].verdict.as_ref().unwrap().sentence;
    assert!(sentence.contains(" percentage points higher"), "{sentence}");
    assert!(sentence.contains(" percentage points to +"), "{sentence}");
    assert!(phase.to_text().contains(" percentage points"));
}

/// From next to nothing to half a second: the lift would be hundreds of thousands of percent.
#[tokio::test]
async fn a_delay_is_in_milliseconds_where_a_lift_says_nothing() {
    let store = Arc::new(Memory::default());
    let recorder = Recorder::builder(units()).store(store.clone());
    let recorder = recorder.start().unwrap();
    let clock = FixedClock::new(start());
    let time = clock.clone();
    let handler = async move |assignment: Assignment| {
        let delay = match assignment.track() {
            Some("cheap") => Duration::from_millis(500),
            _ => Duration::from_micros(60),
        };
        time.advance(delay);
    };
    let layer = TracksLayer::new(pricing(plan()))
        .key(KeySource::cookie("id"))
        .clock(clock.clock())
        .observe(recorder.clone());
    let app = Router::new().route("/", get(handler)).layer(layer);
    for visitor in 0..3000 {
        let cookie = format!("id=visitor-{visitor}");
        send(app.clone(), "GET", "/", &[("cookie", &cookie)]).await;
    }
    clock.advance(30 * DAY);
    recorder.shutdown(Duration::from_secs(30)).await;
    let phase = only(report(&*store));
    let p95 = &phase.requests[3].tracks[1];
    let compared = p95.compared.as_ref().unwrap().known().unwrap();
    // Bins are 9% wide, and the first one ends at 0.11 ms.
    let difference = compared.difference;
    assert!(
        (difference.value / 500.0 - 1.0).abs() < 0.09,
        "{compared:?}"
    );
    let limits = difference.interval.unwrap();
    assert!((480.0..500.0).contains(&limits.lower), "{compared:?}");
    assert!(
        limits
            .upper
            .is_some_and(|upper| (500.0..540.0).contains(&upper))
    );
    let sentence = &p95.verdict.as_ref().unwrap().sentence;
    assert!(sentence.starts_with("Worse than control: 5"), "{sentence}");
    assert!(
        sentence.contains(" ms longer (95% interval +"),
        "{sentence}"
    );
    let mean = &phase.requests[2].tracks[1]
        .verdict
        .as_ref()
        .unwrap()
        .sentence;
    assert!(mean.contains(" ms longer"), "{mean}");
    assert!(!phase.to_text().contains(",000%"), "{}", phase.to_text());
}
