//! The targets about changes to running tests.

#[path = "../../../fuzz/targets/change_cache.rs"]
mod change_cache;
#[path = "../../../fuzz/targets/change_log.rs"]
mod change_log;
#[path = "../../../fuzz/targets/state.rs"]
mod state;

use std::{path::Path, time::Duration};

use proptest::{collection::vec, prelude::*, string::bytes_regex};
use tower_tracks::{
    TracksLayer,
    control::{Act, Change, ChangeLog, Code, Controls, Draft, Mode, state as in_force},
    store::{Sqlite, Timestamp},
};

use super::check;
use crate::sinks::Folder;

/// The JSON of a change, mostly a valid one.
fn change() -> String {
    let time = "(0|-?[1-9][0-9]{0,8})";
    let share = "(0(\\.[0-9]{1,18})?|1(\\.0)?|[0-9]e-?[0-9])";
    let step = format!(r#"\{{"at":{time},"share":{share}\}}"#);
    let act = [
        r#""(pause|pause|pause|resume|close|reset|explode)""#,
        &format!(r#""share","share":{share},"over":1\.0"#),
        &format!(r#""ramp","steps":\[({step}(,{step}){{0,2}})?\],"over":1"#),
        r#""ship","track":"(long|control|\\u00e9)""#,
        &format!(r#""exclude","from":{time},"until":{time}"#),
        r#""approve","change":[0-9]"#,
    ]
    .join("|");
    let what = format!(
        r#""number":[1-9][0-9]{{0,2}},"set":"(delay|delay|banner)","phase":(1|1|1|1|1|1|1|2),"act":({act})"#
    );
    let who = r#""author":"(alice|bob|carol|dora|eve|)","reason":"(a|b|c|d|é| )""#;
    let when = format!(r#""at":{time},"effective_at":{time}(,"needs_approval":(true|false))?"#);
    format!(r"\{{{what},{who},{when}\}}")
}

/// Bytes, and what looks like lines of a log.
fn lines() -> impl Strategy<Value = Vec<u8>> {
    let change = change();
    let likely = format!(r"(?s-u:(({change}\n){{3}}|[ -~]{{0,9}}|[\x80-\xff])\n?){{0,3}}");
    prop_oneof![1 => vec(any::<u8>(), 0..100), 9 => bytes_regex(&likely).unwrap()]
}

/// Bytes, and what looks like the JSON of a cache, after a kind of file and a place in it.
fn caches() -> impl Strategy<Value = Vec<u8>> {
    let change = change();
    let changes = format!(r#""changes":\[({change}(,{change})?)?\]"#);
    let numbers = r#""last":[1-9],"at":-?[1-9]{1,9}"#;
    let likely = format!(r"(?s-u:[\x00-\xff]{{2}})\{{{changes},{numbers}\}}");
    prop_oneof![1 => vec(any::<u8>(), 0..100), 9 => bytes_regex(&likely).unwrap()]
}

fn of_state() -> impl Strategy<Value = Vec<u8>> {
    vec(any::<u8>(), 0..400)
}

// Each run tests other cases, as fuzzing does.
proptest! {
    #[test]
    fn change_log(data in lines()) {
        change_log::run(&data);
    }

    #[test]
    fn change_cache(data in caches()) {
        change_cache::run(&data);
    }

    #[test]
    fn state(data in of_state()) {
        state::run(&data);
    }
}

// Each case has a file.
proptest! {
    #![proptest_config(ProptestConfig {
        cases: ProptestConfig::default().cases / 4,
        ..ProptestConfig::default()
    })]

    /// Rows of a database say what the same lines of a file say, and none keeps anybody from pausing a set.
    #[test]
    fn rows(data in lines(), strays in vec(any::<bool>(), 6)) {
        let folder = Folder::new();
        let path = folder.join("facts.db");
        let texts: Vec<&[u8]> = data.split(|byte| *byte == b'\n').take(strays.len()).collect();
        let log = Sqlite::open(&path).unwrap();
        let expected = insert(&log, &path, &texts, &strays);
        let read = log.after(0).unwrap();
        prop_assert_eq!(&read.changes, &expected);
        prop_assert_eq!(read.changes.len() + read.malformed.len(), texts.len());
        pause(log);
    }
}

/// Inserts rows, some of which are about another set than their columns say, and returns the changes that can
/// be read.
fn insert(log: &Sqlite, path: &Path, texts: &[&[u8]], strays: &[bool]) -> Vec<Change> {
    // The first change creates the table.
    let _ = log
        .append(&Draft::new("delay", 1, Act::Pause, "alice", "errors"), 0)
        .unwrap();
    let connection = rusqlite::Connection::open(path).unwrap();
    connection.execute("DELETE FROM change", []).unwrap();
    let insert = "INSERT INTO change VALUES (?1, ?2, ?3, CAST(?4 AS TEXT))";
    let mut changes = Vec::new();
    for (number, (text, is_stray)) in (1_u32..).zip(texts.iter().zip(strays)) {
        let change = serde_json::from_slice::<Change>(text).ok();
        let (set, phase) = match &change {
            Some(change) if !is_stray => (change.set.clone(), change.phase),
            _ => ("delay".to_owned(), 1),
        };
        connection
            .execute(insert, (number, &set, phase, text))
            .unwrap();
        if let Some(mut change) = change.filter(|change| change.set == set && change.phase == phase)
        {
            change.number = number.into();
            changes.push(change);
        }
    }
    changes
}

/// Pauses the sets that likely changes are about.
fn pause(log: Sqlite) {
    let controls = Controls::builder(log).every(Duration::from_secs(3600));
    let controls = controls.start().unwrap();
    let [delay, banner] = change_log::sets();
    let layer = TracksLayer::new(delay).and(banner).unwrap();
    let _layer = layer.controls(&controls);
    for name in controls.sets() {
        let set = controls.set(&name).unwrap();
        set.pause("alice", "errors").unwrap();
        assert_eq!(set.state().mode, Mode::Paused);
    }
}

/// The generators reach what they are for.
#[test]
fn likely_changes_are_read() {
    check(lines(), |data| {
        has_effect(&change_log::changes(data).changes)
    });
    let is_cache = |data: &[u8]| {
        let changes = data.get(2..).and_then(change_cache::changes);
        changes.is_some_and(|changes| !changes.is_empty())
    };
    check(caches(), is_cache);
    check(of_state(), |data| state::mode(data) != Mode::Code);
}

/// Whether a set is not left to its code.
fn has_effect(changes: &[Change]) -> bool {
    let sets = change_log::sets();
    let mut codes = sets.iter().flat_map(Code::of);
    codes.any(|code| in_force(code, changes, Timestamp::MAX).mode != Mode::Code)
}
