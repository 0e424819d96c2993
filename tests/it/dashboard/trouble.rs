use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::SeqCst},
    },
    thread,
    time::{Duration, Instant},
};

use http::StatusCode;
use tower_tracks::{
    Exposure, Key, Observe, SimpleTrackSet, Units,
    record::{Ceiling, Recorder},
    report::Reporter,
    store::{Memory, Store, StoreError, StoreErrorKind, Timestamp},
};

use super::{dashboard, fresh, get, read};
use crate::record::hooked::Hooked;

/// Returns a store that goes away, and by what; or one that does not even answer then.
fn away(is_away: bool, hangs: bool) -> (Arc<dyn Store>, Arc<AtomicBool>) {
    let is_away = Arc::new(AtomicBool::new(is_away));
    let away = Arc::clone(&is_away);
    let store = Hooked::new(fresh().0, move |_| match away.load(SeqCst) {
        true if hangs => {
            thread::sleep(Duration::from_secs(60));
            Ok(())
        }
        true => Err(StoreError::new(
            StoreErrorKind::Unavailable,
            "it is on <b>holiday",
        )),
        false => Ok(()),
    });
    (Arc::new(store), is_away)
}

#[tokio::test]
async fn the_previous_report_stays_and_missing_parts_are_named() {
    let (store, is_away) = away(false, false);
    let router = dashboard(store)
        .refresh(Duration::from_millis(20))
        .into_router();
    read(&router).await;
    is_away.store(true, SeqCst);
    let mut page = String::new();
    for _ in 0..1000 {
        page = get(&router, "/set?name=pricing").await.body;
        if page.contains("Not up to date.") {
            break;
        }
        thread::sleep(Duration::from_millis(10));
    }
    assert!(page.contains("it is on &#60;b&#62;holiday"), "{page}");
    assert!(page.contains("Better than control"), "{page}");
    let unit = get(&router, &format!("/unit?id={}", "0".repeat(32)))
        .await
        .body;
    assert!(unit.contains("No answer."), "{unit}");
}

/// Waits until a page has a text, or has it no longer.
async fn wait_for(router: &axum::Router, text: &str, has: bool) {
    for _ in 0..1000 {
        if get(router, "/sets").await.body.contains(text) == has {
            return;
        }
        thread::sleep(Duration::from_millis(10));
    }
    panic!("{text}: {}", !has);
}

#[tokio::test]
async fn a_store_that_panics_is_read_again() {
    let log = crate::log::Log::start();
    let does_panic = Arc::new(AtomicBool::new(true));
    let panics = Arc::clone(&does_panic);
    let store = Hooked::new(fresh().0, move |_| {
        assert!(!panics.load(SeqCst), "by the store");
        Ok(())
    });
    let router = dashboard(Arc::new(store)).refresh(Duration::from_millis(20));
    let router = router.into_router();
    wait_for(&router, "the store panicked", true).await;
    does_panic.store(false, SeqCst);
    wait_for(&router, "the store panicked", false).await;
    does_panic.store(true, SeqCst);
    wait_for(&router, "the store panicked", true).await;
    assert_eq!(
        log.everywhere("the store of the dashboard panicked").len(),
        1
    );
}

/// The clock of its writer was a year ahead.
#[tokio::test]
async fn a_stored_report_from_the_future_is_computed_again() {
    let (store, _) = fresh();
    for mut readout in store.readouts("report").unwrap() {
        let mut report: serde_json::Value = serde_json::from_str(&readout.json).unwrap();
        report["as-of"] = "2999-01-01T00:00:00.000000Z".into();
        readout.json = report.to_string().into();
        store.put_readout(&readout).unwrap();
    }
    let is_of_now = || {
        let stored = Reporter::stored(&*store).unwrap().phases;
        let mut times = stored.iter().map(|phase| phase.as_of.0);
        times.all(|at| at <= Timestamp::now())
    };
    assert!(!is_of_now());
    let router = dashboard(Arc::clone(&store)).into_router();
    read(&router).await;
    let begun = Instant::now();
    while !is_of_now() {
        assert!(begun.elapsed() < Duration::from_secs(60), "not computed");
        thread::sleep(Duration::from_millis(10));
    }
}

#[tokio::test]
async fn a_store_that_hangs_holds_up_no_page() {
    let router = dashboard(away(true, true).0).into_router();
    let begun = Instant::now();
    let page = get(&router, "/sets").await.body;
    assert!(
        begun.elapsed() < Duration::from_secs(15),
        "{:?}",
        begun.elapsed()
    );
    assert!(page.contains("Nothing could be read yet"), "{page}");
    for path in [
        "/set?name=pricing",
        "/set.json?name=pricing",
        "/set.csv?name=pricing",
    ] {
        let answer = get(&router, path).await;
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{path}");
        assert!(answer.body.contains("Not read yet"), "{}", answer.body);
    }
    let unit = get(&router, &format!("/unit?id={}", "0".repeat(32)))
        .await
        .body;
    assert!(unit.contains("the store has not answered"), "{unit}");
}

/// What was refused is on the page and in the report, and is no uneven loss.
#[tokio::test]
async fn a_ceiling_that_is_reached_is_said() {
    let store: Arc<dyn Store> = Arc::new(Memory::default());
    let sets = SimpleTrackSet::new("pricing")
        .track("cheap", 1)
        .build()
        .unwrap();
    let units = Units::pseudonym("sixteen random bytes, or more").unwrap();
    let recorder = Recorder::builder(units).store(Arc::clone(&store));
    let ceiling = Ceiling::default().new_units_a_day(100);
    let recorder = recorder.ceiling(ceiling).start().unwrap();
    for number in 0..1_000 {
        let key = Key::from(number.to_string());
        // As if one track made its visitors return.
        let again = if sets.assign(&key, &()).is_control() {
            1
        } else {
            5
        };
        for _ in 0..again {
            let choice = sets.assign(&key, &());
            let exposure = Exposure::new(choice, key.clone(), std::time::SystemTime::now());
            recorder.observe(&exposure.unwrap());
        }
    }
    recorder.flush().await.unwrap();
    let lost: u64 = recorder.losses().iter().map(|lost| lost.n).sum();
    let report = Reporter::new(&*store, tower_tracks::store::Timestamp::now());
    let phase = &report.refresh().unwrap().phases[0];
    let notice = phase.notices.iter().find(|notice| notice.kind == "ceiling");
    let begin = lost.to_string();
    assert!(
        lost > 1_000
            && notice
                .unwrap()
                .sentence
                .replace(',', "")
                .starts_with(&begin)
    );
    let kinds: Vec<&str> = phase.notices.iter().map(|notice| &*notice.kind).collect();
    assert!(
        !kinds.contains(&"uneven-loss") && !kinds.contains(&"lost"),
        "{kinds:?}"
    );
    let router = dashboard(store).into_router();
    read(&router).await;
    let page = get(&router, "/set?name=pricing").await.body;
    assert!(page.contains("the store has reached its ceiling"), "{page}");
}
