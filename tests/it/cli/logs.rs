//! Access logs, imported by the command line.

use std::{fs, path::Path};

use tower_tracks::{
    MultiTrackSet, SimpleTrackSet,
    store::{Sqlite, Store},
};

use super::{Folder, Ran, tracks_of};

const UNIT: &str = "eb663c7832d3a67138ebe4e1429c492a";

fn sets() -> MultiTrackSet {
    let delay = SimpleTrackSet::new("delay").track("2s", 2000);
    delay.build().unwrap()
}

/// Imports a line, with the sets in a file.
fn import(folder: &Folder, store: &Path, line: &str, options: &[&str]) -> Ran {
    let file = folder.join("sets.json");
    fs::write(&file, serde_json::to_string(&sets()).unwrap()).unwrap();
    let fixed = ["import", "-", "--json", "--sets", file.to_str().unwrap()];
    let arguments = [&fixed[..], options].concat();
    Ran::with_input(&mut tracks_of(store, &arguments), line)
}

#[track_caller]
fn check(line: &str, options: &[&str]) {
    let folder = Folder::new();
    let store = folder.join("tracks.sqlite");
    let ran = import(&folder, &store, line, options);
    assert_eq!((ran.exit, &ran.json()["new"]), (0, &1.into()), "{ran:?}");
    let phases = Sqlite::open(&store).unwrap().phases().unwrap();
    let definition = &phases[0].definitions[0];
    assert_eq!(definition.first_at.as_micros(), 1_773_221_213_042_000);
}

#[test]
fn every_format_of_access_logs_is_imported() {
    let header = format!("delay=\"2s\";unit=\"{UNIT}\"");
    let json = serde_json::to_string(&header).unwrap();
    let line = format!("a [1773221213.042] \"GET /\" \"{header}\"");
    check(&line, &["--format", "combined"]);
    let line = format!("{{\"time\":1773221213.042,\"tracks_exposure\":{json}}}");
    check(&line, &["--format", "json-log"]);
    let line =
        format!("{{\"ts\":1773221213.042,\"resp_headers\":{{\"tracks-exposure\":[{json}]}}}}");
    let fields = ["--header-field", "resp_headers.Tracks-Exposure"];
    let fields = [&["--format", "json-log", "--time-field", "ts"], &fields[..]];
    check(&line, &fields.concat());
    let escaped = header.replace('"', "#22");
    let line = format!("a [11/Mar/2026:03:56:53.042] {{2|{escaped}}} \"GET /\"");
    let place = ["--capture", "2", "--utc-offset", "-05:30"];
    check(&line, &[&["--format", "haproxy"], &place[..]].concat());
}

#[test]
fn faults_of_access_logs_are_counted() {
    let folder = Folder::new();
    let store = folder.join("tracks.sqlite");
    let line = |header: &str| format!("a [1773221213.042] \"GET /\" \"{header}\"\n");
    let lines = ["-", "delay=\"2s", "delay=(a)", "delay=\"3s\""].map(line);
    let ran = import(&folder, &store, &lines.concat(), &["--format", "combined"]);
    let said = ran.json();
    let counts = ["without_header", "malformed_header", "invalid_name", "bad"];
    assert_eq!(counts.map(|name| &said[name]), [1, 1, 1, 2], "{said}");
    assert_eq!((ran.exit, &said["without_unit"]), (3, &1.into()));
}

#[test]
fn options_of_access_logs_are_checked() {
    let folder = Folder::new();
    let store = folder.join("tracks.sqlite");
    for offset in ["2", "+2:00", "02:00", "+25:99"] {
        let arguments = ["import", "-", "--format", "haproxy", "--utc-offset", offset];
        let ran = Ran::of(&mut tracks_of(&store, &arguments));
        assert_eq!(ran.exit, 2, "{offset}: {ran:?}");
        assert!(ran.err.contains("+02:00"), "{ran:?}");
    }
    let file = folder.join("sets.json");
    fs::write(&file, "{}").unwrap();
    let arguments = ["import", "-", "--sets", file.to_str().unwrap()];
    let ran = Ran::of(&mut tracks_of(&store, &arguments));
    assert_eq!(ran.exit, 1, "{ran:?}");
    assert!(ran.err.starts_with("error: reading the sets of"), "{ran:?}");
}
