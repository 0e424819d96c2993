use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use tower_tracks::record::{Memory, Readout, Store, Timestamp};

use super::{dashboard, filled, get, read};

/// Two hundred sets, as they were stored before a restart.
fn stored() -> Memory {
    let (_, report) = filled();
    let store = Memory::default();
    let pattern = report.latest("pricing").unwrap();
    for number in 0..200 {
        let mut phase = pattern.clone();
        phase.set = format!("set-{number:03}");
        phase.units = 1_000_000;
        store
            .put_readout(&Readout {
                phase: tower_tracks::record::PhaseName {
                    set: phase.set.as_str().into(),
                    phase: 1,
                    kind: "visitor".into(),
                },
                kind: "report".into(),
                as_of: Timestamp::now(),
                json: serde_json::to_string(&phase).unwrap().into(),
            })
            .unwrap();
    }
    store
}

#[tokio::test]
async fn any_page_of_two_hundred_sets_is_there_at_once() {
    let router = dashboard(Arc::new(stored())).into_router();
    let begun = Instant::now();
    read(&router).await;
    println!("read after {:?}", begun.elapsed());
    for path in [
        "/sets",
        "/sets.json",
        "/sets.csv",
        "/set?name=set-117",
        "/set.json?name=set-000",
    ] {
        let begun = Instant::now();
        let answer = get(&router, path).await;
        let took = begun.elapsed();
        println!("{path}: {took:?}, {} bytes", answer.body.len());
        assert!(answer.status.is_success(), "{path}");
        // The promise is 300 ms. Tests are not optimised, and run beside others.
        assert!(took < Duration::from_secs(15), "{path}: {took:?}");
    }
    let sets = get(&router, "/sets").await.body;
    assert_eq!(sets.matches("href=\"set?name=set-").count(), 200);
}
