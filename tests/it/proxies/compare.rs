//! What a server logged, beside what the application recorded.

use std::{collections::BTreeMap, sync::Arc};

use tower_tracks::{
    Units,
    files::{AccessLog, Import, Imported},
    record::Recorder,
    store::{Memory, Phase, Store, Timestamp},
    unit::Unit,
};

use super::{
    server::{Program, Server},
    shop::{serve, sets},
};
use crate::nginx::{report, traffic::send};

const REQUESTS: usize = 600;
const VISITORS: usize = 150;

/// How many microseconds a log may be off: some have the beginning of a request, or of its second,
/// and a machine may be busy.
const OFF: i64 = 10_000_000;

/// What a client sends to confuse a reader of logs.
const AGENTS: [&str; 4] = [
    "Mozilla/5.0",
    r#"" "delay=control;unit="00000000000000000000000000000000""#,
    r#"\" \x22 {delay=control|},"resp_headers":{"Tracks-Exposure":["delay=control"]}}"#,
    "Mozilla} [01/Jan/2020:00:00:00 +0000] {delay=control;z=",
];

/// The exposures of a store, by track and unit.
type Exposures = BTreeMap<(String, Unit), Timestamp>;

/// Sends requests through a server, and compares each of its logs with what was recorded.
pub(super) async fn check(program: &Program, guide: &str, logs: &[(&str, AccessLog)]) {
    let units = Units::pseudonym("sixteen random bytes, or more").unwrap();
    let store = Arc::new(Memory::default());
    let recorder = Recorder::builder(units.clone()).store(store.clone());
    let recorder = recorder.start().unwrap();
    let shop = serve(units, recorder.clone()).await;
    let Some(server) = Server::start(program, guide, shop) else {
        return;
    };
    visit(&server).await;
    recorder.flush().await.unwrap();
    let names: Vec<_> = logs.iter().map(|(name, _)| *name).collect();
    let texts = server.stop(&names, REQUESTS);
    for ((name, format), text) in logs.iter().zip(texts) {
        let imported = compare(name, format, &text, &store);
        let counts = (imported.lines as usize, imported.without_header as usize);
        assert_eq!(counts, (REQUESTS, REQUESTS / 3), "{name}: {imported}");
        report(&format!("{}: {name} has what was recorded", program.name));
    }
}

async fn visit(server: &Server) {
    let asked = |n: &usize| {
        let path = ["/all", "/one", "/none"][n % 3];
        let cookie = format!("id={}", n % VISITORS);
        let agent = AGENTS[n / 7 % 4].to_owned();
        (path, vec![("cookie", cookie), ("user-agent", agent)])
    };
    for (n, page) in send(server.address, (0..REQUESTS).collect(), asked).await {
        assert_eq!(page.header("tracks-exposure"), None, "the header is hidden");
        assert_eq!(page.body.is_empty(), n % 3 == 2, "{}", page.body);
    }
}

fn compare(name: &str, format: &AccessLog, text: &str, recorded: &Memory) -> Imported {
    let (store, sets) = (Memory::default(), sets());
    let import = Import::access_log(text.as_bytes(), format.clone());
    let import = import.sets(sets.iter().flat_map(|sets| sets.sets()));
    let imported = import.into_store(&store).unwrap();
    let skipped = imported.bad + imported.without_unit + imported.forced;
    assert_eq!(skipped, 0, "{name}: {imported}");
    let [read, expected] = [&store, recorded].map(exposures);
    assert!(expected.len() > VISITORS, "{expected:?}");
    assert!(read.keys().eq(expected.keys()), "{name}: {read:?}");
    let pairs = read.values().zip(expected.values());
    let off = pairs.map(|(one, other)| (one.as_micros() - other.as_micros()).abs());
    let most = off.max();
    assert!(most < Some(OFF), "{name}: {most:?}");
    assert_eq!(definitions(&store), definitions(recorded));
    imported
}

fn exposures(store: &Memory) -> Exposures {
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

/// Returns the fingerprints of each phase.
fn definitions(store: &Memory) -> Vec<(String, Vec<[u8; 32]>)> {
    let phases = store.phases().unwrap();
    let of_phase = |phase: Phase| {
        let definitions = phase.definitions.iter();
        let prints = definitions.map(|definition| definition.fingerprint);
        (phase.name.to_string(), prints.collect())
    };
    phases.into_iter().map(of_phase).collect()
}
