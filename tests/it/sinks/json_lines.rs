mod files;

use std::{
    fs::{self, File},
    path::Path,
    time::Duration,
};

use axum::{Router, http::StatusCode, routing::get};
use serde_json::Value;
use tower::Layer;
use tower_tracks::{
    Assignment, KeySource, Metric, Plan, SimpleTrackSet, TracksLayer, Units,
    record::{JsonLines, Recorder},
};

use super::{
    super::support::{ALICE, send},
    Folder, at, builder, convert, delay, expose, sign_in, units,
};

/// The first line of each file.
const HEADER: &str = r#"{"type":"file","v":1,"format":"tower-tracks","at":<begun>}"#;

/// The format is a contract: files of long ago are read by later versions.
const SNAPSHOT: &str = r#"{"type":"writer","v":1,"uuid":"<uuid>","node":"web-1","units":"pseudonym 618ddd5ab1ed96dfe369d4ac24fd6d40","at":<started>}
{"type":"definition","v":1,"at":1773221213000000,"set":{"name":"delay","bucketing":"v1","salt":"delay","phase":2,"unit":"visitor","weight":100,"share":1.0,"tracks":[{"name":"control","weight":1,"control":true},{"name":"long","weight":1,"control":false}],"fingerprint":"7b5adcde08b7382cae1ac4bc835bd41589c11519e0ddba52626e3e372998661e"}}
{"type":"exposure","v":1,"set":"delay","phase":2,"kind":"visitor","track":"long","control":false,"unit":"eb663c7832d3a67138ebe4e1429c492a","at":1773221213000000,"coin":false,"definition":"7b5adcde08b7382cae1ac4bc835bd41589c11519e0ddba52626e3e372998661e"}
{"type":"conversion","v":1,"goal":"purchase","kind":"visitor","unit":"eb663c7832d3a67138ebe4e1429c492a","id":"4625bc2f87142871d991c338a9fe104c","at":1773221214000000,"value":19900000}
{"type":"alias","v":1,"visitor":"eb663c7832d3a67138ebe4e1429c492a","user":"0b7f57e97fe51a191f3b5a88ae0b14da","at":1773221215000000}
"#;

fn start(units: Units, sink: JsonLines) -> Recorder {
    builder(units).node("web-1").sink(sink).start().unwrap()
}

/// Returns the lines after the header.
fn lines(path: &Path) -> Vec<Value> {
    let mut lines = all_lines(path);
    if lines.first().is_some_and(|line| line["type"] == "file") {
        lines.remove(0);
    }
    lines
}

fn all_lines(path: &Path) -> Vec<Value> {
    let text = fs::read_to_string(path).unwrap();
    assert!(text.is_empty() || text.ends_with('\n'));
    let lines = text.lines();
    lines
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn types(path: &Path) -> Vec<String> {
    let lines = lines(path);
    let kind = |line: &Value| line["type"].as_str().unwrap().to_owned();
    lines.iter().map(kind).collect()
}

/// Returns the snapshot with what differs from run to run as it is in a file.
fn expected(path: &Path) -> String {
    let (begun, lines) = (all_lines(path)[0]["at"].clone(), lines(path));
    format!("{HEADER}\n{SNAPSHOT}")
        .replace("<begun>", &begun.to_string())
        .replace("<uuid>", lines[0]["uuid"].as_str().unwrap())
        .replace("<started>", &lines[0]["at"].to_string())
}

#[test]
fn the_lines_are_the_format() {
    let folder = Folder::new();
    let path = folder.join("tracks.jsonl");
    let recorder = start(units(), JsonLines::new(&path));
    expose(&recorder, &delay(), "alice", at(0));
    convert(&recorder, "alice", "purchase", at(1));
    sign_in(&recorder, "alice", "42", at(2));
    recorder.flush().wait().unwrap();
    let text = fs::read_to_string(&path).unwrap();
    assert_eq!(text, expected(&path));
    assert!(!text.contains("alice"), "no key is in it");
}

const PLAN: &str = r#"{"type":"plan","v":1,"set":"delay","phase":2,"kind":"visitor","at":1773221203000000,"plan":{"primary":{"goal":"purchase","kind":"rate","less_is_better":false}}}"#;

/// A layer is not enough for a line, and neither is a conversion.
#[test]
fn sets_have_lines_before_their_first_exposures() {
    let folder = Folder::new();
    let path = folder.join("tracks.jsonl");
    let recorder = start(units(), JsonLines::new(&path));
    let plan = Plan::default().primary(Metric::rate("purchase"));
    let set = SimpleTrackSet::new("delay").track("long", 2000).phase(2);
    let sets = set.plan(plan).build().unwrap();
    let _ = TracksLayer::new(sets.clone())
        .observe(recorder.clone())
        .layer(());
    convert(&recorder, "alice", "purchase", at(1));
    recorder.flush().wait().unwrap();
    assert_eq!(types(&path), ["writer", "conversion"]);
    let earlier = at(0) - Duration::from_secs(10);
    for (key, time) in [("alice", at(0)), ("bob", earlier)] {
        expose(&recorder, &sets, key, time);
    }
    recorder.flush().wait().unwrap();
    expose(&recorder, &sets, "carol", at(0) - Duration::from_secs(20));
    recorder.flush().wait().unwrap();
    let expected = ["definition", "plan", "exposure", "exposure", "exposure"];
    assert_eq!(types(&path)[2..], expected);
    let text = fs::read_to_string(&path).unwrap();
    let lines: Vec<&str> = text.lines().skip(1).collect();
    assert_eq!(lines[3], PLAN);
    assert!(
        lines[2].contains(r#""at":1773221203000000"#),
        "{}",
        lines[2]
    );
}

/// A program may build its sets anew for each request. They are the same sets, so the file has one
/// definition; a plan that comes back is in it again, since plans are a log.
#[test]
fn sets_that_are_built_again_have_lines_once() {
    let folder = Folder::new();
    let path = folder.join("tracks.jsonl");
    let recorder = start(units(), JsonLines::new(&path));
    let built = |goal: &'static str| {
        let plan = Plan::default().primary(Metric::rate(goal));
        let set = SimpleTrackSet::new("delay").track("long", 2000).phase(2);
        set.plan(plan).build().unwrap()
    };
    for number in 0..1_500 {
        expose(
            &recorder,
            &built("purchase"),
            &number.to_string(),
            at(number),
        );
    }
    recorder.flush().wait().unwrap();
    let count = |of: &str| types(&path).iter().filter(|kind| *kind == of).count();
    assert_eq!(
        [count("definition"), count("plan"), count("exposure")],
        [1, 1, 1_500]
    );
    for (goal, seconds) in [("refund", 2_000), ("refund", 2_001), ("purchase", 2_002)] {
        expose(&recorder, &built(goal), goal, at(seconds));
        recorder.flush().wait().unwrap();
    }
    assert_eq!([count("definition"), count("plan")], [3, 3]);
}

/// What a request adds to an exposure.
#[tokio::test]
async fn requests_say_how_they_ended() {
    let folder = Folder::new();
    let path = folder.join("tracks.jsonl");
    let recorder = start(units(), JsonLines::new(&path));
    let read = async |assignment: Assignment| {
        let _ = assignment.track();
        StatusCode::IM_A_TEAPOT
    };
    let layer = TracksLayer::new(delay()).key(KeySource::cookie("id"));
    let app: Router = Router::new()
        .route("/", get(read))
        .layer(layer.observe(recorder.clone()));
    send(app, "GET", "/", &[("cookie", ALICE)]).await;
    recorder.flush().await.unwrap();
    let exposure = &lines(&path)[2];
    assert_eq!(
        (&exposure["outcome"], &exposure["status"]),
        (&"completed".into(), &418.into())
    );
    assert!(exposure["duration_us"].is_u64());
}

#[test]
fn raw_units_have_their_keys_beside_them() {
    let folder = Folder::new();
    let path = folder.join("tracks.jsonl");
    let recorder = start(Units::raw(), JsonLines::new(&path));
    expose(&recorder, &delay(), "alice", at(0));
    convert(&recorder, "alice", "purchase", at(1));
    recorder.flush().wait().unwrap();
    let lines = lines(&path);
    for line in &lines[2..] {
        assert_eq!(
            (&line["kind"], &line["key"]),
            (&"visitor".into(), &"alice".into())
        );
    }
    assert_eq!(lines[0]["units"], "raw");
}

#[test]
fn losses_are_written() {
    let folder = Folder::new();
    let path = folder.join("tracks.jsonl");
    let sink = JsonLines::new(&path);
    let recorder = builder(units()).queue(1).sink(sink).start().unwrap();
    let sets = delay();
    for n in 0..10_000 {
        expose(&recorder, &sets, &n.to_string(), at(0));
    }
    let _ = recorder.shutdown(Duration::from_secs(10)).wait();
    let lost: u64 = recorder.losses().iter().map(|lost| lost.n).sum();
    assert!(lost > 0);
    let lines = lines(&path);
    let losses = lines.iter().filter(|line| line["type"] == "loss");
    let last_of = |track: &str| {
        let mut of_track = losses.clone().filter(|line| line["track"] == track);
        of_track
            .next_back()
            .map_or(0, |line| line["n"].as_u64().unwrap())
    };
    assert_eq!(last_of("control") + last_of("long"), lost);
}

#[test]
fn a_file_that_gets_too_long_is_put_aside() {
    let folder = Folder::new();
    let path = folder.join("tracks.jsonl");
    let sink = JsonLines::new(&path).largest(4_000).keep(2);
    let recorder = start(units(), sink);
    let sets = delay();
    for n in 0..100 {
        expose(&recorder, &sets, &n.to_string(), at(0));
        recorder.flush().wait().unwrap();
    }
    let names = folder.names();
    let [current, first, second] = &names[..] else {
        panic!("{names:?}")
    };
    let number = |name: &str| name["tracks.jsonl.".len()..].parse::<u64>().unwrap();
    assert_eq!(current, "tracks.jsonl");
    let (first, second) = (number(first), number(second));
    assert_eq!(first.abs_diff(second), 1);
    assert!(first > 2);
    for name in &names {
        let path = folder.join(name);
        assert!(fs::metadata(&path).unwrap().len() <= 4_000, "{name}");
        // Each can be read alone.
        assert_eq!(types(&path)[..2], ["writer", "definition"], "{name}");
    }
}

/// Returns the lines without the header of a file like this, after a recorder opened it and recorded one exposure.
fn after(found: &str) -> Vec<Value> {
    let folder = Folder::new();
    let path = folder.join("tracks.jsonl");
    fs::write(&path, found).unwrap();
    let recorder = start(units(), JsonLines::new(&path));
    expose(&recorder, &delay(), "alice", at(0));
    recorder.flush().wait().unwrap();
    lines(&path)
}

/// A file of an earlier version of the crate: without a header, with a writer.
const EARLIER: &str = r#"{"type":"writer","v":1,"uuid":"0b45fdb4a1b1c9ea2b2f2a2b7c0d6c51","node":"a","units":"raw","at":1}"#;

/// Returns 1,000 whole lines.
fn whole() -> String {
    format!(
        "{EARLIER}\n{}",
        "{\"type\":\"alias\",\"v\":1}\n".repeat(999)
    )
}

#[test]
fn a_file_of_an_earlier_version_is_taken_over() {
    let lines = after(&whole());
    assert_eq!(lines.len(), 1_003);
    assert_eq!(lines[1_000]["type"], "writer");
}

#[test]
fn a_line_that_a_crash_tore_is_cut() {
    let whole = whole();
    for torn in [
        "{",
        "{\"type\":\"expo",
        &format!("{{\"type\":\"definition\",\"set\":\"{}", "x".repeat(30_000)),
    ] {
        assert_eq!(after(&format!("{whole}{torn}")).len(), 1_003);
    }
    for torn in [
        "{",
        "{\"type\":\"fi",
        "{\"type\":\"writer\",\"v\":1,\"uui",
        HEADER,
    ] {
        assert_eq!(after(torn).len(), 3, "{torn}");
    }
    // A whole line lacks its end alone.
    assert_eq!(after(whole.trim_end()).len(), 1_003);
}

#[test]
fn a_file_of_something_else_is_not_touched() {
    let alias = "{\"type\":\"alias\",\"v\":1}\n";
    for text in [
        "first\nsecond",
        "first\nsecond\n",
        "{\"type\":\"request\",\"v\":1}\n",
        "{\"type\":\"request\",\"v\":1}",
        "{\"type\":\"requ",
        "{\"level\":\"info\"}\n",
        "\n",
        // The last lines are ours.
        &format!("notes\n{alias}"),
        &format!("{}\n{alias}", "x".repeat(2_000_000)),
        &"\0".repeat(2_000_000),
    ] {
        let folder = Folder::new();
        let path = folder.join("notes.txt");
        fs::write(&path, text).unwrap();
        let sink = JsonLines::new(&path);
        let error = builder(units()).sink(sink).start().unwrap_err().to_string();
        assert!(
            error.starts_with("json-lines could not start: ")
                && error.contains(
                    "notes.txt: its first line is not that of a file of exposures and conversions"
                ),
            "{error}"
        );
        assert_eq!(fs::read_to_string(&path).unwrap(), text);
    }
}

#[test]
fn a_line_of_somebody_else_at_the_end_is_not_cut() {
    let folder = Folder::new();
    let path = folder.join("tracks.jsonl");
    let text = whole() + "notes";
    fs::write(&path, &text).unwrap();
    let sink = JsonLines::new(&path);
    assert!(builder(units()).sink(sink).start().is_err());
    assert_eq!(fs::read_to_string(&path).unwrap(), text);
}

#[test]
fn a_file_that_was_shortened_has_no_hole() {
    let folder = Folder::new();
    let path = folder.join("tracks.jsonl");
    let recorder = start(units(), JsonLines::new(&path));
    expose(&recorder, &delay(), "alice", at(0));
    recorder.flush().wait().unwrap();
    File::options()
        .write(true)
        .open(&path)
        .unwrap()
        .set_len(0)
        .unwrap();
    expose(&recorder, &delay(), "bob", at(0));
    recorder.flush().wait().unwrap();
    assert!(types(&path).contains(&"exposure".to_owned()));
}
