//! What strangers wrote steers no terminal.

use serde_json::Value;
use tower_tracks::{
    Units,
    files::Import,
    store::{Memory, Sqlite, Store},
};

use super::{Folder, Ran, at, expose, pricing, record, small, tracks, tracks_of};

/// Clears the screen, colours it by a single character, turns the writing and ends the line.
const HOSTILE: &str = "a\u{1b}[2J\u{9b}31m\u{202e}b\u{2066}\u{200f}\u{2028}\u{7f}";

#[track_caller]
fn check(text: &str) {
    let turns = |c| matches!(c, '\u{200e}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let bad = text
        .chars()
        .find(|c| *c != '\n' && (c.is_control() || turns(*c)));
    assert_eq!(bad, None, "{text:?}");
}

#[test]
fn a_key_steers_no_terminal() {
    let folder = Folder::new();
    let store = small(&folder);
    for more in [&[][..], &["--json"]] {
        let mut command = tracks_of(&store, &["assign", "--keys", "-"]);
        let ran = Ran::with_input(command.args(more), HOSTILE);
        assert_eq!(ran.exit, 0, "{ran:?}");
        check(&ran.out);
        assert!(more.is_empty() || ran.json()["keys"][0]["key"] == HOSTILE);
    }
    // One of the arguments may have lines, and is shown on one.
    let ran = Ran::of(&mut tracks_of(&store, &["assign", "a\nb"]));
    assert!(ran.out.starts_with("a\\u{a}b\n"), "{ran:?}");
}

#[test]
fn errors_steer_no_terminal() {
    let option = format!("--{HOSTILE}");
    for arguments in [
        &["report", "--store", HOSTILE][..],
        &["report", &option],
        &["plan", HOSTILE],
    ] {
        let ran = Ran::of(&mut tracks(arguments));
        assert!(ran.exit != 0 && ran.err.ends_with('\n'), "{ran:?}");
        check(&ran.err);
    }
}

#[test]
fn exported_keys_steer_no_terminal() {
    let folder = Folder::new();
    let path = folder.join("tracks.sqlite");
    record(&path, Units::raw(), |recorder| {
        expose(recorder, &pricing(), HOSTILE, at(0));
    });
    let ran = Ran::of(&mut tracks_of(&path, &["export", "--keys"]));
    assert_eq!(ran.exit, 0, "{ran:?}");
    check(&ran.out);
    let lines = ran.out.lines().map(serde_json::from_str::<Value>);
    let keys = lines.filter_map(|line| line.unwrap()["key"].as_str().map(str::to_owned));
    assert_eq!(keys.collect::<Vec<_>>(), [HOSTILE]);
    // The key is the same when it is imported again.
    let store = Memory::default();
    Import::json_lines(ran.out.as_bytes())
        .into_store(&store)
        .unwrap();
    let unit = Units::raw().unit("visitor", &HOSTILE.into());
    let raw = Sqlite::open(&path).unwrap().history(unit).unwrap().raw;
    assert!(raw.is_some());
    assert_eq!(store.history(unit).unwrap().raw, raw);
}

#[cfg(unix)]
#[test]
fn a_file_of_facts_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt;

    let folder = Folder::new();
    let path = folder.join("tracks.sqlite");
    record(&path, Units::raw(), |recorder| {
        expose(recorder, &pricing(), "alice", at(0));
    });
    for (name, more) in [
        ("keys.jsonl", &["--keys"][..]),
        ("facts.jsonl", &[]),
        ("facts.csv", &["--format", "csv", "--table", "exposures"]),
    ] {
        let out = folder.join(name);
        let arguments = [&["export", "--out", out.to_str().unwrap()], more].concat();
        let ran = Ran::of(&mut tracks_of(&path, &arguments));
        assert_eq!(ran.exit, 0, "{ran:?}");
        let mode = std::fs::metadata(&out).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
}
