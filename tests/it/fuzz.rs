//! The targets of `fuzz/`, as property tests on stable: less thorough, and always run.

#[path = "../../fuzz/targets/assign.rs"]
mod assign;
#[path = "../../fuzz/targets/definition.rs"]
mod definition;
#[path = "../../fuzz/targets/request.rs"]
mod request;

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
}

/// The generators reach what they are for.
#[test]
fn likely_inputs_are_read() {
    use proptest::{strategy::ValueTree, test_runner::TestRunner};

    let mut runner = TestRunner::deterministic();
    let mut read = 0;
    for _ in 0..500 {
        let data = json().new_tree(&mut runner).unwrap().current();
        read += usize::from(serde_json::from_slice::<tower_tracks::StoredSets>(&data).is_ok());
    }
    assert!((50..450).contains(&read), "{read} of 500 are definitions");
}
