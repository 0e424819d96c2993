//! Assignments under the changes of their time.

use std::{fs, path::PathBuf};

use rusqlite::Connection;
use serde_json::{Value, json};
use tower_tracks::{
    MultiTrackSet, SimpleTrackSet, Units,
    control::{Act, Draft},
    store::Timestamp,
};

use super::{Folder, Ran, at, expose, pricing, record, small, tracks_of};

/// A change of alice in the file, some seconds after the first exposure.
type Made = (u64, &'static str, Act);

fn share(share: f64) -> Act {
    Act::Share { share, over: 1.0 }
}

fn ship(track: &'static str) -> Act {
    Act::Ship {
        track: track.into(),
    }
}

/// A log of changes in a file.
fn log(folder: &Folder, changes: &[Made]) -> PathBuf {
    let lines = (1..).zip(changes).map(|(number, (second, set, act))| {
        let draft = Draft::new(*set, 1, act.clone(), "alice", "a test");
        let change = draft.numbered(number, Timestamp::from(at(*second)));
        serde_json::to_string(&change).unwrap() + "\n"
    });
    let path = folder.join("changes.jsonl");
    fs::write(&path, lines.collect::<String>()).unwrap();
    path
}

/// The first key that is in a share of pricing, or the first that is not.
fn key(share: f64, is_in: bool) -> String {
    let pricing = SimpleTrackSet::new("pricing")
        .track("cheap", -1)
        .track("expensive", 1);
    let pricing = pricing.share(share).build().unwrap();
    let mut keys = (0..).map(|key| format!("visitor {key}"));
    keys.find(|key| pricing.assign(key, &()).is_enrolled() == is_in)
        .unwrap()
}

/// The time of so many seconds after the first exposure, as an argument.
fn time(second: u64) -> String {
    let seconds = 26 * 60 + 53 + second;
    format!("2026-03-11T09:{:02}:{:02}Z", seconds / 60, seconds % 60)
}

struct Asked {
    _folder: Folder,
    store: PathBuf,
    changes: PathBuf,
}

impl Asked {
    fn new(changes: &[Made]) -> Self {
        let folder = Folder::new();
        let (store, changes) = (small(&folder), log(&folder, changes));
        Self {
            _folder: folder,
            store,
            changes,
        }
    }

    fn ran(&self, key: &str, second: u64, json: bool) -> Ran {
        let (at, changes) = (time(second), self.changes.to_str().unwrap());
        let mut arguments = vec!["assign", key, "--at", &at, "--changes", changes];
        arguments.extend(json.then_some("--json"));
        let ran = Ran::of(&mut tracks_of(&self.store, &arguments));
        assert_eq!((ran.exit, &*ran.err), (0, ""), "{ran:?}");
        ran
    }

    /// The lines about the set, down to the hashed message.
    fn lines(&self, key: &str, second: u64) -> Vec<String> {
        let out = self.ran(key, second, false).out;
        let lines = out
            .lines()
            .skip(1)
            .take_while(|line| !line.contains("hashed"));
        lines.map(|line| line.trim().to_owned()).collect()
    }

    fn json(&self, key: &str, second: u64) -> Value {
        self.ran(key, second, true).json()["keys"][0]["groups"][0]["sets"][0].take()
    }
}

#[test]
fn assign_explains_the_change_that_is_in_force() {
    let asked = Asked::new(&[
        (60, "pricing", share(0.1)),
        (120, "pricing", Act::Pause),
        (180, "pricing", Act::Resume),
        (240, "pricing", ship("cheap")),
        (300, "pricing", Act::Reset),
        (1, "banner", Act::Pause),
    ]);
    let (inside, outside) = (key(0.1, true), key(0.1, false));
    let drawn = |key: &str| pricing().assign(key, &()).track().unwrap().to_owned();
    let (of_inside, of_outside) = (drawn(&inside), drawn(&outside));
    let share = "share of 10% since 2026-03-11 09:27 UTC by alice: a test (change 1)";
    let paused = "paused since 2026-03-11 09:28 UTC by alice: a test (change 2)";
    let shipped = "shipped: cheap since 2026-03-11 09:30 UTC by alice: a test (change 4)";
    for (key, second, track, sentence) in [
        (&outside, 59, &*of_outside, None),
        (&inside, 60, &*of_inside, Some(format!("in the {share}"))),
        (
            &outside,
            60,
            "(outside-share)",
            Some(format!("not in the {share}, would be {of_outside}")),
        ),
        (
            &inside,
            150,
            "(paused)",
            Some(format!("{paused}, would be {of_inside}")),
        ),
        (&inside, 200, &*of_inside, Some(format!("in the {share}"))),
        (
            &outside,
            250,
            "cheap",
            Some(format!("{shipped}, would be {of_outside}")),
        ),
        (&outside, 301, &*of_outside, None),
    ] {
        let header = format!("pricing phase 1: {track}");
        let expected: Vec<String> = [header].into_iter().chain(sentence).collect();
        assert_eq!(asked.lines(key, second), expected, "{key} at {second}");
    }
}

#[test]
fn the_json_has_the_change_in_force() {
    let asked = Asked::new(&[(60, "pricing", share(0.1)), (120, "pricing", Act::Pause)]);
    let outside = key(0.1, false);
    let before = asked.json(&outside, 0);
    assert!(
        before["track"].is_string() && before.get("in_force").is_none(),
        "{before}"
    );
    let would_be = before["track"].clone();
    let after = asked.json(&outside, 60);
    assert_eq!(
        (&after["track"], &after["enrolled"]),
        (&Value::Null, &json!(false))
    );
    assert_eq!(after["share"], 0.1);
    let change = |act: &str, number: u64, since: &str| {
        json!({
            "act": act,
            "change": number,
            "since": since,
            "author": "alice",
            "reason": "a test",
            "would_be": would_be,
        })
    };
    assert_eq!(
        after["in_force"],
        change("share", 1, "2026-03-11T09:27:53.000000Z")
    );
    let paused = asked.json(&outside, 150);
    assert_eq!(paused["track"], Value::Null);
    assert_eq!(
        paused["in_force"],
        change("pause", 2, "2026-03-11T09:28:53.000000Z")
    );
}

/// Without `--at`, the changes of now are in force, and the log is that of the store.
#[test]
fn assign_reads_the_log_of_the_store() {
    let folder = Folder::new();
    let store = small(&folder);
    let pause = [
        "pause",
        "pricing",
        "--reason",
        "wrong prices",
        "--author",
        "bob",
    ];
    assert_eq!(Ran::of(&mut tracks_of(&store, &pause)).exit, 0);
    let out = Ran::of(&mut tracks_of(&store, &["assign", "alice"])).out;
    assert!(
        out.contains("  pricing phase 1: (paused)\n    paused since "),
        "{out}"
    );
    assert!(
        out.contains(" by bob: wrong prices (change 1), would be "),
        "{out}"
    );
}

fn renamed() -> MultiTrackSet {
    let prices = SimpleTrackSet::new("prices").formerly("pricing");
    let prices = prices.track("cheap", -1).track("expensive", 1);
    prices.build().unwrap()
}

/// Each key is exposed once, under the set of its time.
fn verified(changes: &[Made], exposed: &[(&str, u64)], options: &[&str]) -> (i32, Value, String) {
    let folder = Folder::new();
    let (store, changes) = (folder.join("raw.sqlite"), log(&folder, changes));
    record(&store, Units::raw(), |recorder| {
        for (key, second) in exposed {
            let sets = if *second < 1000 { pricing() } else { renamed() };
            expose(recorder, &sets, key, at(*second));
        }
    });
    let fixed = ["verify-log", "--changes", changes.to_str().unwrap()];
    let mut command = tracks_of(&store, &[&fixed[..], options].concat());
    let text = Ran::of(&mut command);
    let json = Ran::of(command.arg("--json")).json();
    (text.exit, json, text.out)
}

fn counts(json: &Value) -> [u64; 4] {
    ["agreed", "unexpected", "disagreed", "unverifiable"].map(|name| json[name].as_u64().unwrap())
}

#[test]
fn exposures_that_changes_exclude_are_unexpected() {
    let (inside, outside) = (key(0.1, true), key(0.1, false));
    let changes = [
        (60, "pricing", share(0.1)),
        (120, "pricing", share(1.0)),
        (180, "pricing", Act::Pause),
        (240, "pricing", Act::Resume),
        (300, "pricing", ship("cheap")),
    ];
    let excluded = |second: u64, why: &str| {
        let (exit, json, out) = verified(&changes, &[(&outside, second)], &[]);
        assert_eq!((exit, counts(&json)), (3, [0, 1, 0, 0]), "{second}: {json}");
        let row = &json["unexpected_rows"][0];
        assert!(row["why"].as_str().unwrap().starts_with(why), "{row}");
        assert!(
            out.contains("1 are unexpected: their tracks agree"),
            "{out}"
        );
        assert!(
            out.contains(&format!(
                "unexpected: unit {}, pricing phase 1, ",
                row["unit"].as_str().unwrap()
            )),
            "{out}"
        );
    };
    excluded(
        66,
        "not in the share of 10% since 2026-03-11 09:27 UTC by alice: a test (change 1)",
    );
    excluded(117, "not in the share of 10%");
    excluded(
        186,
        "paused since 2026-03-11 09:29 UTC by alice: a test (change 3)",
    );
    excluded(237, "paused since");
    excluded(
        306,
        "shipped: cheap since 2026-03-11 09:31 UTC by alice: a test (change 5)",
    );

    let expected = |key: &str, second: u64| {
        let (exit, json, out) = verified(&changes, &[(key, second)], &[]);
        assert_eq!((exit, counts(&json)), (0, [1, 0, 0, 0]), "{second}: {json}");
        assert!(!out.contains("unexpected"), "{out}");
    };
    // A node reads the log every two seconds, and its clock may differ by two seconds.
    for second in [0, 59, 64, 118, 119, 121, 184, 238, 299, 304] {
        expected(&outside, second);
    }
    expected(&inside, 66);
    expected(&inside, 117);
}

#[test]
fn services_that_read_the_log_seldom_have_more_time() {
    let changes = [(60, "pricing", Act::Pause)];
    let row = [("alice", 100)];
    assert_eq!(counts(&verified(&changes, &row, &[]).1), [0, 1, 0, 0]);
    let seldom = verified(&changes, &row, &["--every", "30"]);
    assert_eq!((seldom.0, counts(&seldom.1)), (0, [1, 0, 0, 0]));
}

/// Which share was in code when is not stored, so a change over another share proves nothing.
#[test]
fn a_change_over_another_share_excludes_nobody() {
    let other = Act::Share {
        share: 0.1,
        over: 0.5,
    };
    let outside = key(0.1, false);
    let said = verified(&[(60, "pricing", other)], &[(&outside, 100)], &[]);
    assert_eq!(counts(&said.1), [1, 0, 0, 0]);
}

#[test]
fn a_changed_row_still_disagrees() {
    let folder = Folder::new();
    let store = folder.join("raw.sqlite");
    record(&store, Units::raw(), |recorder| {
        expose(recorder, &pricing(), "alice", at(100));
    });
    let connection = Connection::open(&store).unwrap();
    let change = "UPDATE exposure SET coin = 1 - coin";
    assert_eq!(connection.execute(change, []).unwrap(), 1);
    drop(connection);
    let changes = log(&folder, &[(60, "pricing", Act::Pause)]);
    let changes = changes.to_str().unwrap();
    let arguments = ["verify-log", "--json", "--changes", changes];
    let said = Ran::of(&mut tracks_of(&store, &arguments)).json();
    assert_eq!(counts(&said), [0, 0, 1, 0]);
}

#[test]
fn changes_under_a_former_name_apply_to_all_rows() {
    let changes = [(60, "pricing", Act::Pause), (1060, "prices", Act::Resume)];
    let rows = [("a", 0), ("b", 100), ("c", 1050), ("d", 1070)];
    let said = verified(&changes, &rows, &[]).1;
    assert_eq!(counts(&said), [2, 2, 0, 0], "{said}");
    let sets = said["unexpected_rows"].as_array().unwrap().iter();
    let mut sets: Vec<&str> = sets.map(|row| row["set"].as_str().unwrap()).collect();
    sets.sort_unstable();
    assert_eq!(sets, ["prices", "pricing"]);
}
