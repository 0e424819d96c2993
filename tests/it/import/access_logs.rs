use std::sync::Arc;

use tower_tracks::{
    SimpleTrackSet, Units,
    files::{AccessLog, Import, ImportError, Imported},
    middleware::Mask,
    store::{Memory, Store},
};

use super::{
    super::sinks::{builder, units},
    check_bad, rows, twice,
};

const UNIT: &str = "eb663c7832d3a67138ebe4e1429c492a";

const SECOND: i64 = 1_773_221_213_000_000;

fn sets() -> tower_tracks::MultiTrackSet {
    let delay = SimpleTrackSet::new("delay")
        .track("2s", 2000)
        .unit_kind("user");
    delay.build().unwrap()
}

/// Returns a line of the combined format, with the header as nginx escapes it.
fn line(header: &str) -> String {
    let header = header.replace('"', r"\x22");
    format!(
        r#"203.0.113.7 - - [11/Mar/2026:09:26:53 +0000] "GET / HTTP/1.1" 200 14 "-" "Mozilla" "{header}""#
    )
}

fn import(lines: &[String]) -> (Memory, Imported) {
    let (store, sets, text) = (Memory::default(), sets(), lines.join("\n"));
    let import = || {
        let import = Import::access_log(text.as_bytes(), AccessLog::combined());
        import.sets(sets.sets())
    };
    let imported = twice(&store, import);
    (store, imported)
}

#[test]
fn lines_without_a_unit_are_skipped() {
    let unit = format!(";unit=\"{UNIT}\"");
    let lines = [
        line("-"),
        line(&format!("delay=\"2s\"{unit}")),
        line("delay=\"2s\""),
        line(&format!("delay=\"2s\"{unit};forced")),
        line("delay=\"2s\";forced"),
        line(&format!("delay=\"3s\"{unit}, delay=control{unit}")),
        line(&format!("other=a{unit}, delay=control{unit}")),
        line(&format!("delay=control{unit};phase=2")),
        line("Mozilla/5.0 (X11)"),
        line(&format!("delay=control{unit}")).replace("11/Mar", "31/Feb"),
        line(&format!("delay=control{unit}")).replace("2026", "2926"),
        "cut off".to_owned(),
    ];
    let (store, imported) = import(&lines);
    let expected = [
        (
            7,
            "neither sets nor store have track \"a\" of \"other\" in phase 1",
        ),
        (
            8,
            "neither sets nor store have track \"control\" of \"delay\" in phase 2",
        ),
        (
            9,
            "not a dictionary of RFC 9651: expected start of key ('a'-'z' or '*') at index 0",
        ),
        (10, "its time cannot be read"),
        (
            11,
            "its time is before 1970, or more than an hour in the future",
        ),
        (12, "it does not end with a text in quotes"),
    ];
    check_bad(&imported, &expected);
    assert_eq!((imported.without_unit, imported.forced), (1, 2));
    assert_eq!((imported.without_header, imported.unknown_track), (1, 2));
    assert_eq!((imported.malformed_header, imported.invalid_name), (2, 0));
    let history = store.history(UNIT.parse().unwrap()).unwrap();
    let tracks: Vec<String> = history
        .exposures
        .iter()
        .map(|(at, track, coin)| format!("{track} {} {at} {coin:?}", track.phase.kind))
        .collect();
    // The kind and the control are those of the sets; the coin is unknown.
    assert_eq!(
        tracks,
        [
            format!("delay/2s user {SECOND} None"),
            format!("delay/control user {SECOND} None"),
        ]
    );
    let is_control = history.exposures.iter().map(|(_, track, _)| track.control);
    assert_eq!(is_control.collect::<Vec<_>>(), [false, true]);
}

#[test]
fn sets_of_the_store_need_not_be_given() {
    let store = Memory::default();
    let first = line(&format!("delay=control;unit=\"{UNIT}\""));
    let sets = sets();
    let log = |text: &'static str| Import::access_log(text.as_bytes(), AccessLog::combined());
    let text: &'static str = first.leak();
    let unknown = log(text).into_store(&store).unwrap();
    assert_eq!((unknown.bad, rows(&store).len()), (1, 0));
    log(text).sets(sets.sets()).into_store(&store).unwrap();
    let known = log(text).into_store(&store).unwrap();
    assert_eq!((known.bad, known.written.exposures.known), (0, 1));
}

#[test]
fn masked_names_are_found_again() {
    let sets = sets();
    let mask = Mask::new("0123456789abcdef").unwrap();
    let (set, track) = (mask.set("delay"), mask.track("delay", "2s"));
    let text = line(&format!("{set}={track};unit=\"{UNIT}\""));
    let import = || {
        let import = Import::access_log(text.as_bytes(), AccessLog::combined());
        import.sets(sets.sets())
    };
    let store = Memory::default();
    assert_eq!(import().into_store(&store).unwrap().bad, 1);
    let unmask = || mask.table(sets.sets());
    let imported = twice(&store, || import().unmask(unmask()));
    assert_eq!((imported.bad, imported.written.exposures.new), (0, 1));
}

#[test]
fn a_store_of_other_units_refuses() {
    let store = Arc::new(Memory::default());
    let recorder = builder(units()).store(store.clone()).start();
    let import = || Import::access_log(&b""[..], AccessLog::json());
    assert!(import().units(&units()).into_store(&*store).is_ok());
    let refused = import().units(&Units::raw()).into_store(&*store);
    assert!(matches!(refused, Err(ImportError::Store { line: 0, .. })));
    drop(recorder);
}

/// What a client chooses is in quotes, or before the time; neither is taken for ours.
#[test]
fn a_client_tells_nothing() {
    let forged = format!("delay=control;unit=\"{UNIT}\"");
    let escaped = forged.replace('"', r"\x22");
    let agent = line("-").replace("Mozilla", &format!("{escaped} \\x22 {escaped}"));
    let user = line(&format!("delay=\"2s\";unit=\"{UNIT}\""))
        .replace("- - [", "- x [10/Mar/2020:00:00:00 +0000] [");
    let (store, imported) = import(&[agent, user]);
    check_bad(&imported, &[]);
    let history = store.history(UNIT.parse().unwrap()).unwrap();
    let [(at, track, _)] = &history.exposures[..] else {
        panic!("{history:?}")
    };
    assert_eq!(
        (at.as_micros(), track.to_string()),
        (SECOND, "delay/2s".to_owned())
    );
}
