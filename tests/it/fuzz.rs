//! The targets of `fuzz/`, as property tests on stable: less thorough, and always run.

#[path = "../../fuzz/targets/assign.rs"]
mod assign;
#[path = "../../fuzz/targets/decode.rs"]
mod decode;
#[path = "../../fuzz/targets/definition.rs"]
mod definition;
#[path = "../../fuzz/targets/request.rs"]
mod request;
#[path = "../../fuzz/targets/stats.rs"]
mod stats;
#[path = "../../fuzz/targets/token.rs"]
mod token;

use proptest::{collection::vec, prelude::*, string::bytes_regex};

/// Bytes, and what looks like the headers of a request.
fn headers() -> impl Strategy<Value = Vec<u8>> {
    let cookie = r"(session|__Host-tracks|tracks|[a-z]{0,3})? ?=[ -~\x80-\xff]{0,30}";
    let likely = format!(r"(?s-u:[\x00-\x03]({cookie};? ?){{0,4}}\n){{0,4}}");
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

/// Bytes, and what looks like a part of a token.
fn token_part() -> impl Strategy<Value = Vec<u8>> {
    let likely = "(?s-u:[\\x00-\\xff])?(v1~)?[a-z0-9~-]{0,40}";
    prop_oneof![vec(any::<u8>(), 0..100), bytes_regex(likely).unwrap()]
}

proptest! {
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
    fn token(data in token_part()) {
        token::run(&data);
    }
}

/// The generators reach what they are for.
#[test]
fn likely_inputs_are_read() {
    let is_group = |data: &[u8]| serde_json::from_slice::<tower_tracks::StoredSets>(data).is_ok();
    check(json(), is_group);
    let is_header = |data: &[u8]| str::from_utf8(data).is_ok_and(is_exposed);
    check(header(), is_header);
}

fn is_exposed(text: &str) -> bool {
    tower_tracks::decode(text).is_ok_and(|exposed| !exposed.is_empty())
}

#[track_caller]
fn check(inputs: impl Strategy<Value = Vec<u8>>, is_read: impl Fn(&[u8]) -> bool) {
    use proptest::{strategy::ValueTree, test_runner::TestRunner};

    let mut runner = TestRunner::deterministic();
    let mut input = || inputs.new_tree(&mut runner).unwrap().current();
    let read = (0..500).filter(|_| is_read(&input())).count();
    assert!((50..450).contains(&read), "{read} of 500 are read");
}
