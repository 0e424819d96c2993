//! The targets of `fuzz/`, as property tests on stable: less thorough, and always run.

#[path = "../../fuzz/targets/assign.rs"]
mod assign;
mod changes;
#[path = "../../fuzz/targets/decode.rs"]
mod decode;
#[path = "../../fuzz/targets/definition.rs"]
mod definition;
#[path = "../../fuzz/targets/import.rs"]
mod import;
#[path = "../../fuzz/targets/ofrep.rs"]
mod ofrep;
#[path = "../../fuzz/targets/propagation.rs"]
mod propagation;
#[path = "../../fuzz/targets/request.rs"]
mod request;
#[path = "../../fuzz/targets/stats.rs"]
mod stats;
#[path = "../../fuzz/targets/stores.rs"]
mod stores;
#[path = "../../fuzz/targets/token.rs"]
mod token;

use proptest::{collection::vec, prelude::*, string::bytes_regex};
use tower_tracks::{
    report::Reporter,
    store::{Memory, Sqlite, Store},
};

/// Bytes, and what looks like the headers and the query of a request.
fn headers() -> impl Strategy<Value = Vec<u8>> {
    let cookie = r"(session|__Host-tracks|tracks|[a-z]{0,3})? ?=[ -~\x80-\xff]{0,30}";
    let token = r"(\$|(delay|banner|other)~(10-off|b|c)|v2~[a-z0-9~-]{0,40}|[a-z]{0,3})";
    let kept = format!("__Host-tracks-override={token}(!{token}){{0,3}}");
    let asked = format!("\\x04(a&)?tracks=({token}|clear)");
    let header = format!(r"[\x00-\x03](({cookie}|{kept});? ?){{0,4}}");
    let likely = format!(r"(?s-u:({header}|{asked})\n){{0,5}}");
    prop_oneof![vec(any::<u8>(), 0..300), bytes_regex(&likely).unwrap()]
}

/// Bytes, and what looks like the JSON of a group.
fn json() -> impl Strategy<Value = Vec<u8>> {
    let track = r#"\{"name":"[a-c\*]{0,2}"(,"weight":[0-9]{1,10})?(,"control":(true|false))?\}"#;
    let settings = r#"(,"share":[01]\.[0-9]{1,3})?(,"phase":[0-3])?(,"salt":"[a-c@0-9]{0,4}")?"#;
    let set =
        format!(r#"\{{"name":"[a-c]{{1,2}}"{settings},"tracks":\[{track}(,{track}){{0,2}}\]\}}"#);
    let likely = format!(r#"\{{"name":"g","sets":\[({set}(,{set})?)?\]\}}"#);
    prop_oneof![1 => vec(any::<u8>(), 0..100), 9 => bytes_regex(&likely).unwrap()]
}

/// Bytes, and what looks like the header in a log.
fn header() -> impl Strategy<Value = Vec<u8>> {
    let quoted = r#"("[0-9a-fA-Z\-]{0,4}"|\\x22[a-z0-9]{1,3}\\x22)"#;
    let id = "\"([0-9a-f]{32}|1{8}-1{4}-[14]1{3}-[19]1{3}-1{12})\"";
    let parameter =
        format!("(;(phase=[0-9]{{1,10}}|forced(=\\?[01])?|(run|unit)={id}|x={quoted}))");
    let member = format!(r"[a-c*]{{1,2}}=([a-zA-Z*.]{{1,3}}|{quoted}){parameter}{{0,2}}");
    let likely = format!("{member}(, {member}){{0,3}}");
    prop_oneof![1 => vec(any::<u8>(), 0..100), 9 => bytes_regex(&likely).unwrap()]
}

/// Bytes, and what looks like the headers of another service.
fn carried() -> impl Strategy<Value = Vec<u8>> {
    let value = r"(\$|(v1\.)?[A-Za-z0-9_-]{0,90}\$?[A-Za-z0-9_=-]{0,3})";
    let baggage = format!("([a-z]{{0,3}}|tracks) ?= ?{value}[;, ]{{0,2}}");
    let likely = format!(r"(?s-u:(\x00{value}|\x01({baggage}){{0,3}})\n){{0,4}}");
    prop_oneof![1 => vec(any::<u8>(), 0..300), 9 => bytes_regex(&likely).unwrap()]
}

/// Bytes, and what looks like a part of a token.
fn token_part() -> impl Strategy<Value = Vec<u8>> {
    let likely = "(?s-u:[\\x00-\\xff])?(v2~)?[a-z0-9~-]{0,40}";
    prop_oneof![vec(any::<u8>(), 0..100), bytes_regex(likely).unwrap()]
}

/// Bytes, and what looks like the body of an evaluation or of receipts.
fn bodies() -> impl Strategy<Value = Vec<u8>> {
    let value = r#"("[a-zé\\"]{0,5}"|-?[0-9]{1,22}|1\.5|null|true|\[\]|\{\})"#;
    let context = format!(r#"\{{("(targetingKey|user|vip)":{value},){{0,3}}"a":1\}}"#);
    let asked = format!(r#"[\x00-\x05]\{{"context":({context}|{value})\}}"#);
    let receipt = r#""(\$|v1\.\$|v1\.[A-Za-z0-9_-]{0,60}\.[A-Za-z0-9_-]{22})""#;
    let one = format!(r#"\{{"receipt":{receipt}(,"ago":{value})?\}}"#);
    let sent = format!(r#"[\x06-\x07]\{{"exposures":\[({one}(,{one})?)?\]\}}"#);
    let likely = format!("{asked}|{sent}");
    prop_oneof![1 => vec(any::<u8>(), 0..100), 9 => bytes_regex(&likely).unwrap()]
}

/// Bytes, and what looks like lines of JSON and of logs.
fn lines() -> impl Strategy<Value = Vec<u8>> {
    let unit = "[0-9a-f]{32}";
    let track =
        r#""set":"[a-c]","phase":[0-3],"kind":"visitor","track":"[a-c]","control":(true|false)"#;
    let json = [
        &format!(r#"\{{"type":"exposure","v":[12],{track},"unit":"{unit}","at":[0-9]{{1,17}}\}}"#),
        &format!(
            r#"\{{"type":"alias","v":1,"visitor":"{unit}","user":"{unit}","at":[0-9]{{9}}\}}"#
        ),
        &format!(r#"\{{"type":"erasure","v":1,"unit":"{unit}","at":[0-9]{{9}}\}}"#),
        r#"\{"type":"loss","v":1,"sink":"s","reason":"r","n":[0-9]{1,4}\}"#,
    ]
    .join("|");
    let header = format!("a=[bc](;phase=[12])?(;unit=\\\\x22{unit}\\\\x22)?");
    let time = "[0-3]?[0-9]/(Mar|Feb)/20[0-9]{2}:[0-2][0-9]:26:53 [+-]0000";
    let combined = format!(r#"a - - \[{time}\] "GET" 200 "({header}|-)""#);
    let logged = r#"\{"time":"20[0-9]{2}-0[1-9]-1[0-9]T09:26:53Z","tracks_exposure":"a=b"\}"#;
    let likely = format!("(({json}|{combined}|{logged})\n?){{0,4}}");
    prop_oneof![1 => vec(any::<u8>(), 0..100), 9 => bytes_regex(&likely).unwrap()]
}

/// Bytes that become rows of a store. Few are not enough to fill its tables.
fn rows() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![1 => vec(any::<u8>(), 0..100), 9 => vec(any::<u8>(), 500..3000)]
}

// Each run tests other cases, as fuzzing does.
proptest! {
    #[test]
    fn import(data in lines()) {
        import::run(&data);
    }

    #[test]
    fn ofrep(data in bodies()) {
        ofrep::run(&data);
    }

    #[test]
    fn request(data in headers()) {
        request::run(&data);
    }

    #[test]
    fn assign(data in vec(any::<u8>(), 0..200)) {
        assign::run(&data);
    }

    #[test]
    fn definition(data in json()) {
        definition::run(&data);
    }

    #[test]
    fn decode(data in header()) {
        decode::run(&data);
    }

    #[test]
    fn stats(data in vec(any::<u8>(), 0..1500)) {
        stats::run(&data);
    }

    #[test]
    fn propagation(data in carried()) {
        propagation::run(&data);
    }

    #[test]
    fn token(data in token_part()) {
        token::run(&data);
    }
}

// Each case has threads, or a file.
proptest! {
    #![proptest_config(ProptestConfig {
        cases: ProptestConfig::default().cases / 4,
        ..ProptestConfig::default()
    })]

    #[test]
    fn stores(data in rows()) {
        stores::run(&data);
    }

    /// Databases say of the same rows what memory says.
    #[test]
    fn stores_agree(data in rows()) {
        let (any, as_of) = stores::store_of(&data);
        let folder = crate::sinks::Folder::new();
        let first = Sqlite::open(folder.join("any.sqlite")).unwrap();
        first.merge(&any).unwrap();
        // Databases count up to 63 bits, and return only names that are allowed: memory is filled
        // from there.
        let memory = Memory::default();
        memory.merge(&first).unwrap();
        let sqlite = Sqlite::open(folder.join("tracks.sqlite")).unwrap();
        sqlite.merge(&memory).unwrap();
        let of = |store: &dyn Store| Reporter::new(store, as_of).compute().unwrap();
        prop_assert_eq!(of(&sqlite), of(&memory));
    }
}

/// The generators reach what they are for.
#[test]
fn likely_inputs_are_read() {
    let is_group =
        |data: &[u8]| serde_json::from_slice::<tower_tracks::assign::StoredSets>(data).is_ok();
    check(json(), is_group);
    let is_header = |data: &[u8]| str::from_utf8(data).is_ok_and(is_exposed);
    check(header(), is_header);
    let is_imported = |data: &[u8]| {
        let imported = import::imported(data);
        imported.iter().any(|one| one.written.total().new > 0)
    };
    check(lines(), is_imported);
    check(rows(), has_units);
    check(bodies(), |data: &[u8]| ofrep::answer(data).0 == 200);
}

/// Whether a phase has units in several tracks, and a value of a goal that was reached.
fn has_units(data: &[u8]) -> bool {
    let (store, as_of) = stores::store_of(data);
    let report = Reporter::new(&store, as_of).compute().unwrap();
    report.phases.iter().any(|phase| {
        let goals = phase.goals.iter().flat_map(|goal| &goal.tracks);
        phase.tracks.len() > 1 && goals.filter(|track| track.sum != 0.0).count() > 1
    })
}

fn is_exposed(text: &str) -> bool {
    tower_tracks::header::decode(text).is_ok_and(|exposed| !exposed.is_empty())
}

#[track_caller]
fn check(inputs: impl Strategy<Value = Vec<u8>>, is_read: impl Fn(&[u8]) -> bool) {
    use proptest::{strategy::ValueTree, test_runner::TestRunner};

    let mut runner = TestRunner::deterministic();
    let mut input = || inputs.new_tree(&mut runner).unwrap().current();
    let read = (0..500).filter(|_| is_read(&input())).count();
    assert!((50..450).contains(&read), "{read} of 500 are read");
}
