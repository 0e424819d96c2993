use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use tower_tracks::{
    report::PhaseReport,
    store::{Memory, PhaseName, Readout, Store, Timestamp},
};

use super::{dashboard, filled, get, read};

/// A page shows some goals at a time. Following its links shows each goal once, in the order of the
/// report.
#[tokio::test]
async fn three_thousand_goals_are_on_several_pages() {
    let (_, report) = filled();
    let store = Memory::default();
    let mut phase = report.latest("pricing").unwrap().clone();
    let pattern = phase.goals[0].clone();
    phase.goals = (0..3000)
        .map(|number| {
            let mut goal = pattern.clone();
            goal.label = format!("number-{number:04}-of-many");
            goal
        })
        .collect();
    put(&store, &phase);
    let router = dashboard(Arc::new(store)).into_router();
    read(&router).await;
    let (mut next, mut seen) = (Some("set?name=pricing".to_owned()), Vec::new());
    while let Some(path) = next.take() {
        let page = get(&router, &format!("/{path}")).await.body;
        let labels = page.split("<h3 id=\"goal-").skip(1);
        let labels = labels.map(|rest| rest.split_once(">number-").unwrap().1[..4].to_owned());
        let labels: Vec<String> = labels.collect();
        assert_eq!(labels.len(), 50, "{path}");
        seen.extend(labels);
        next = page.split_once("\">More metrics").map(|(before, _)| {
            let link = before.rsplit_once("href=\"").unwrap().1;
            link.replace("&amp;", "&").replace("#goals", "")
        });
    }
    let all: Vec<String> = (0..3000).map(|number| format!("{number:04}")).collect();
    assert_eq!(seen, all);
    let json = get(&router, "/set.json?name=pricing").await.body;
    assert_eq!(json.matches("\"label\":\"number-").count(), 1000);
    // Beyond the last goal is the last page.
    let page = get(&router, "/set?name=pricing&from=999999").await.body;
    assert!(page.contains("Metrics 2,951 to 3,000 of 3,000."), "{page}");
}

/// Two hundred sets, as they were stored before a restart.
fn stored() -> Memory {
    let (_, report) = filled();
    let store = Memory::default();
    let pattern = report.latest("pricing").unwrap();
    for number in 0..200 {
        let mut phase = pattern.clone();
        phase.set = format!("set-{number:03}");
        phase.units = 1_000_000;
        put(&store, &phase);
    }
    store
}

pub(super) fn put(store: &Memory, phase: &PhaseReport) {
    let name = PhaseName {
        set: phase.set.as_str().into(),
        phase: phase.phase,
        kind: "visitor".into(),
    };
    let json = serde_json::to_string(phase).unwrap().into();
    let readout = Readout::new(name, "report".into(), Timestamp::now(), json);
    store.put_readout(&readout).unwrap();
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
    assert_eq!(sets.matches("href=\"set?name=set-").count(), 50);
    assert!(sets.len() < 150_000, "{} bytes", sets.len());
}
