use std::{
    fs,
    io::{self, BufReader, Read},
    path::Path,
    sync::Arc,
    time::Duration,
};

use tower_tracks::{
    Metric, Plan, SimpleTrackSet, Units,
    files::{Export, Import, ImportError, Imported, Table},
    record::{JsonLines, Recorder},
    store::{ErasedRow, Memory, Store, Timestamp},
};

use super::{
    super::sinks::{Folder, at, builder, convert, expose, sign_in, units},
    check_bad, rows, twice,
};

/// Records into a store and a file, and returns the store.
fn record(units: Units, lines: JsonLines) -> Arc<Memory> {
    let store = Arc::new(Memory::default());
    let recorder = builder(units).store(store.clone()).sink(lines);
    let recorder = recorder.start().unwrap();
    tell(&recorder);
    recorder.flush().wait().unwrap();
    let tallies = recorder.shutdown(Duration::from_secs(5)).wait();
    assert_eq!(tallies.get("json-lines").unwrap().dropped, 0);
    store
}

fn tell(recorder: &Recorder) {
    let plan = Plan::default().primary(Metric::rate("purchase"));
    let sets = SimpleTrackSet::new("delay").track("long", 2000).phase(2);
    let sets = sets.plan(plan).build().unwrap();
    for n in 0..1_000 {
        expose(recorder, &sets, &(n % 700).to_string(), at(n));
        if n % 3 == 0 {
            convert(recorder, &n.to_string(), "purchase", at(n + 10));
        }
        if n % 5 == 0 {
            sign_in(recorder, &n.to_string(), &format!("user {n}"), at(n + 20));
        }
        if n % 250 == 0 {
            recorder.flush().wait().unwrap();
        }
    }
}

fn import(path: &Path) -> Import<BufReader<fs::File>> {
    Import::json_lines(BufReader::new(fs::File::open(path).unwrap()))
}

#[test]
fn a_store_is_restored() {
    for units in [units(), Units::raw()] {
        let folder = Folder::new();
        let path = folder.join("tracks.jsonl");
        let recorded = record(units.clone(), JsonLines::new(&path));
        let store = Memory::default();
        let imported = twice(&store, || import(&path));
        check_bad(&imported, &[]);
        assert_eq!(imported.written.exposures.new, 700);
        assert_eq!(imported.unknown, 0, "the header is known");
        assert_eq!(rows(&store), rows(&recorded));
        assert_eq!(store.phases().unwrap()[0].tracks.len(), 2);
        // A later recorder has the same secret.
        let other = Units::pseudonym("another sixteen random bytes").unwrap();
        assert!(builder(units).store(Arc::new(store)).start().is_ok());
        let store = Arc::new(Memory::default());
        let claimed = builder(other).store(store.clone()).start().unwrap();
        let error = import(&path).into_store(&*store).unwrap_err();
        assert!(matches!(error, ImportError::Store { .. }), "{error}");
        drop(claimed);
    }
}

/// Files that were put aside, in any order.
#[test]
fn files_are_a_union() {
    let folder = Folder::new();
    let path = folder.join("tracks.jsonl");
    let recorded = record(units(), JsonLines::new(&path).largest(100_000));
    let names = folder.names();
    assert!(names.len() > 2);
    let store = Memory::default();
    for name in names.iter().rev() {
        let imported = import(&folder.join(name)).into_store(&store).unwrap();
        check_bad(&imported, &[]);
    }
    assert_eq!(rows(&store), rows(&recorded));
}

fn import_text(text: &str) -> Imported {
    twice(&Memory::default(), || Import::json_lines(text.as_bytes()))
}

const EXPOSURE: &str = r#"{"type":"exposure","v":1,"set":"delay","phase":1,"kind":"visitor","track":"long","control":false,"unit":"eb663c7832d3a67138ebe4e1429c492a","at":1773221213000000}"#;

const PLAN: &str = r#"{"type":"plan","v":1,"set":"delay","phase":1,"kind":"visitor","at":1773221213000000,"plan":{}}"#;

/// Anybody can write a line, and the first claim of a store stays.
#[test]
fn junk_does_not_claim_a_store() {
    let claim = "618ddd5ab1ed96dfe369d4ac24fd6d40";
    let writer = |units: &str| {
        let uuid = "0b45fdb4a1b1c9ea2b2f2a2b7c0d6c51";
        format!(r#"{{"type":"writer","v":1,"uuid":"{uuid}","node":"a","units":"{units}","at":1}}"#)
    };
    let upper = claim.to_uppercase();
    for junk in [
        "",
        "junk",
        "raw ",
        "pseudonym",
        "pseudonym 1",
        "\\u001b[2J",
        &upper,
    ] {
        let store = Memory::default();
        for junk in [junk, &format!("pseudonym {junk}")] {
            let text = [writer(junk), EXPOSURE.to_owned()].join("\n");
            let import = Import::json_lines(text.as_bytes());
            let imported = import.into_store(&store).unwrap();
            check_bad(&imported, &[(1, "its units are none")]);
        }
        assert_eq!(store.units().unwrap(), None, "{junk:?}");
    }
    for units in ["raw", &format!("pseudonym {claim}")] {
        let store = Memory::default();
        let text = writer(units);
        check_bad(
            &Import::json_lines(text.as_bytes())
                .into_store(&store)
                .unwrap(),
            &[],
        );
        assert_eq!(store.units().unwrap().as_deref(), Some(units));
    }
}

#[test]
fn bad_lines_are_told_and_passed_over() {
    let bad = |from: &str, to: &str| {
        assert!(EXPOSURE.contains(from), "{from}");
        EXPOSURE.replace(from, to)
    };
    let text = [
        EXPOSURE.to_owned(),
        "alice".to_owned(),
        r#"{"type":"later","v":1}"#.to_owned(),
        bad("\"v\":1", "\"v\":2"),
        bad(r#""unit":"eb"#, r#""unit":"alice"#),
        bad("\"delay\"", "\"a set\""),
        bad("\"long\"", "\"\""),
        bad("1773221213000000", "9173221213000000"),
        bad("1773221213000000", "-1"),
        bad("\"phase\":1", "\"phase\":0"),
        String::new(),
        bad("\"phase\":1", "\"phase\":3,\"new\":[]"),
        r#"{"type":"loss","v":1,"sink":"a\u0000","reason":"r","n":1}"#.to_owned(),
        format!(
            r#"{{"type":"loss","v":1,"sink":"a","reason":"r","n":{}}}"#,
            u64::MAX
        ),
        EXPOSURE[..50].to_owned(),
        bad(
            "\"at\"",
            &format!("\"definition\":\"{}\",\"at\"", "A".repeat(64)),
        ),
        bad(
            "\"at\"",
            &format!("\"definition\":\"{}\",\"at\"", "a".repeat(62)),
        ),
        bad("\"at\"", "\"segment\":\"\\u0000\",\"at\""),
        PLAN.replace("1773221213000000", "-1"),
        PLAN.replace("\"delay\"", "\"a set\""),
        PLAN.replace("{}", "{"),
    ];
    let imported = import_text(&text.join("\n"));
    let field = "a field is missing or invalid";
    let time = "its time is before 1970, or more than an hour in the future";
    let expected = [
        (2, "invalid JSON at column 1"),
        (4, "version 2 is not known"),
        (5, field),
        (6, "its set, phase or kind is none"),
        (7, "its track is none"),
        (8, time),
        (9, time),
        (10, "its set, phase or kind is none"),
        (13, "a text has a zero byte"),
        (14, "its number is too large"),
        (15, "invalid JSON at column 50"),
        (16, "its fingerprint is none"),
        (17, "its fingerprint is none"),
        (18, "a text has a zero byte"),
        (19, time),
        (20, "its set, phase or kind is none"),
        (21, "invalid JSON at column 93"),
    ];
    check_bad(&imported, &expected);
    assert_eq!((imported.lines, imported.unknown), (21, 1));
    assert_eq!(imported.written.exposures.new, 2);
    assert!(!imported.to_string().contains("alice"));
}

/// A line of an exposure may come before that of its definition, or without one.
#[test]
fn definitions_segments_and_plans_are_read() {
    let under = format!("\"definition\":\"{}\",\"segment\":\"de\"", "ab".repeat(32));
    let exposure = EXPOSURE.replace("\"at\"", &format!("{under},\"at\""));
    let store = Memory::default();
    let text = format!("{exposure}\n{PLAN}\n{PLAN}\n");
    check_bad(&twice(&store, || Import::json_lines(text.as_bytes())), &[]);
    let rows = rows(&store);
    let exposure = rows.iter().find(|row| row.starts_with("exposure")).unwrap();
    assert!(exposure.contains("(\"delay\", [171, 171"), "{exposure}");
    assert!(exposure.contains("Some(\"de\")"), "{exposure}");
    let phases = store.phases().unwrap();
    assert!(phases[0].definitions.is_empty());
    let [plan] = &phases[0].plans[..] else {
        panic!("{phases:?}");
    };
    assert_eq!(
        (plan.first_at.as_micros(), &*plan.json),
        (1_773_221_213_000_000, "{}")
    );
}

#[test]
fn a_reader_that_fails_is_told_with_its_line() {
    let broken = io::Error::other("the disk is broken");
    struct Fails(Option<io::Error>);
    impl Read for Fails {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            self.0.take().map_or(Ok(0), Err)
        }
    }
    let text = format!("{EXPOSURE}\n").repeat(2);
    let reader = BufReader::new(text.as_bytes().chain(Fails(Some(broken))));
    let imported = Import::json_lines(reader).into_store(&Memory::default());
    assert_eq!(
        imported.unwrap_err().to_string(),
        "line 3 could not be read"
    );
}

/// The memory does not depend on the file: neither on its length, nor on one line's.
#[test]
fn reported_bad_lines_are_bounded() {
    struct Endless(u64);
    impl Read for Endless {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let length = buffer.len().min(self.0 as usize);
            buffer[..length].fill(b'x');
            self.0 -= length as u64;
            Ok(length)
        }
    }
    let reader = BufReader::new(Endless(100_000_000));
    let imported = Import::json_lines(reader).into_store(&Memory::default());
    check_bad(&imported.unwrap(), &[(1, "it is longer than 4 MiB")]);
    let imported = import_text(&"x\n".repeat(1_000));
    assert_eq!((imported.bad, imported.bad_lines.len()), (1_000, 100));
}

/// An export has the erasures. An import of it deletes facts, whichever comes first.
#[test]
fn erasures_are_exported_and_imported() {
    let folder = Folder::new();
    let path = folder.join("tracks.jsonl");
    let recorded = record(units(), JsonLines::new(&path));
    let gone = units().unit("visitor", &"3".into());
    let day = Duration::from_secs(86_400);
    let erased = ErasedRow::new(gone, Timestamp::from(at(0)).plus(day));
    recorded.erase(erased).unwrap();
    let mut lines = Vec::new();
    let exported = Export::of(&*recorded).json_lines(&mut lines).unwrap();
    assert_eq!((exported.exposures, exported.erasures), (699, 1));
    let store = Memory::default();
    let whole = import(&path).into_store(&store).unwrap();
    assert_eq!(whole.written.exposures.new, 700);
    let imported = twice(&store, || Import::json_lines(&lines[..]));
    check_bad(&imported, &[]);
    assert_eq!(imported.erasures, 1);
    assert!(
        imported.to_string().ends_with("; 1 erasures were applied"),
        "{imported}"
    );
    assert_eq!(rows(&store), rows(&recorded));
    // The facts cannot come back.
    let again = import(&path).into_store(&store).unwrap();
    assert!(again.written.exposures.erased > 0, "{again}");
    assert_eq!(rows(&store), rows(&recorded));
    let mut csv = Vec::new();
    let exported = Export::of(&store).csv(Table::Erasures, &mut csv).unwrap();
    assert_eq!(exported.erasures, 1);
    let csv = String::from_utf8(csv).unwrap();
    assert_eq!(
        csv,
        format!("unit,at\n{gone},2026-03-12T09:26:53.000000Z\n")
    );
}
