//! What nginx logged of units becomes the exposures that were recorded.

use std::{collections::BTreeMap, sync::Arc};

use tower_tracks::{
    KeySource, TracksLayer, Units,
    files::{AccessLog, Import, Imported},
    record::Recorder,
    store::{Memory, Store, Timestamp},
    unit::Unit,
};

use super::{
    app::{app, serve, sets},
    report,
    server::Nginx,
    traffic::send,
    units_server,
};

const REQUESTS: u64 = 3_000;
const VISITORS: u64 = 1_000;

/// How many microseconds a log may be off: a second is cut, and a machine may be busy.
const OFF: i64 = 5_000_000;

/// What a client sends to confuse a reader of logs.
const AGENTS: [&str; 4] = [
    "Mozilla/5.0",
    r#"" "delay=1s;unit="00000000000000000000000000000000""#,
    r#"\" \x22","tracks_exposure":"delay=1s"}"#,
    "Mözilla [01/Jan/2020:00:00:00 +0000]",
];

/// A reading of a track by a unit.
type Read = (String, Unit);

fn exposures(store: &Memory) -> BTreeMap<Read, Timestamp> {
    let mut all = BTreeMap::new();
    let dumped = store.dump(&mut |batch| {
        all.extend(batch.exposures.iter().map(|row| {
            let track = batch.tracks()[row.track as usize].to_string();
            ((track, row.unit), row.first_at)
        }));
        Ok(())
    });
    dumped.unwrap();
    all
}

fn import(lines: &[String], format: AccessLog) -> (Imported, BTreeMap<Read, Timestamp>) {
    let (store, sets, text) = (Memory::default(), sets(), lines.join("\n"));
    let import = Import::access_log(text.as_bytes(), format).sets(sets.sets());
    let imported = import.into_store(&store).unwrap();
    (imported, exposures(&store))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_log_of_nginx_matches_the_records() {
    let units = Units::pseudonym("sixteen random bytes, or more").unwrap();
    let store = Arc::new(Memory::default());
    let recorder = Recorder::builder(units.clone()).store(store.clone());
    let recorder = recorder.start().unwrap();
    let layer = TracksLayer::new(sets()).key(KeySource::cookie("id"));
    let layer = layer.units(units).observe(recorder.clone());
    let Some(nginx) = Nginx::run(units_server(), serve(app(layer)).await) else {
        return;
    };
    let asked = |n: &u64| {
        let path = ["/read", "/read", "/still"][(n % 3) as usize];
        let agent = AGENTS[(n / 7 % 4) as usize].to_owned();
        let cookie = format!("id={}", n % VISITORS);
        (path, vec![("cookie", cookie), ("user-agent", agent)])
    };
    for (_, page) in send(nginx.address, (0..REQUESTS).collect(), asked).await {
        assert_eq!(page.header("tracks-exposure"), None, "the header is hidden");
    }
    recorder.flush().await.unwrap();
    let recorded = exposures(&store);
    report(&format!(
        "nginx logged {REQUESTS} requests: {} exposures",
        recorded.len()
    ));
    assert!(recorded.len() as u64 > VISITORS / 2);
    for (log, format) in [
        ("units.log", AccessLog::combined()),
        ("units.json", AccessLog::json()),
    ] {
        let lines = nginx.log(log, REQUESTS as usize);
        let (imported, read) = import(&lines, format);
        assert_eq!((imported.lines, imported.bad), (REQUESTS, 0), "{imported}");
        assert_eq!(imported.without_unit + imported.forced, 0);
        assert!(read.keys().eq(recorded.keys()), "{log}");
        let off =
            |(one, other): (&Timestamp, &Timestamp)| (one.as_micros() - other.as_micros()).abs();
        let most = read.values().zip(recorded.values()).map(off).max();
        assert!(most < Some(OFF), "{log}: {most:?}");
    }
}
