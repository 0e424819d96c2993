//! Changing a running test from a terminal.

use std::path::Path;

use tower_tracks::{
    control::{Act, ChangeLog, Draft, JsonLog},
    store::Sqlite,
};

use super::{Folder, Ran, small, tracks, tracks_of};

fn changed(store: &Path, arguments: &[&str]) -> Ran {
    let mut command = tracks_of(store, arguments);
    Ran::of(command.env("USER", "alice"))
}

#[test]
fn a_pause_is_in_the_log_with_its_author_and_reason() {
    let folder = Folder::new();
    let store = small(&folder);
    let ran = changed(&store, &["pause", "pricing", "--reason", "wrong prices"]);
    assert_eq!((ran.exit, &*ran.err), (0, ""));
    assert_eq!(
        ran.out,
        "change 1 of pricing: pause, by alice: wrong prices
\
         in force on each node when it has read the change
"
    );
    let changes = Sqlite::open(&store).unwrap().after(0).unwrap().changes;
    assert_eq!((&changes[0].act, changes[0].phase), (&Act::Pause, 1));

    let resume = [
        "resume", "pricing", "--reason", "mended", "--author", "bob", "--json",
    ];
    let json = changed(&store, &resume).json();
    assert_eq!(
        (&json["number"], &json["act"]),
        (&2.into(), &"resume".into())
    );
    let delay = json["effective_at"].as_i64().unwrap() - json["at"].as_i64().unwrap();
    assert_eq!(delay, 5_000_000);

    let ran = changed(&store, &["changes"]);
    let lines: Vec<&str> = ran
        .out
        .lines()
        .map(|line| line.split_once(" UTC  ").unwrap().1)
        .collect();
    assert_eq!(
        lines,
        [
            "change 2 of pricing: resume, by bob: mended",
            "change 1 of pricing: pause, by alice: wrong prices",
        ]
    );
    let json = changed(&store, &["changes", "pricing", "--json"]).json();
    assert_eq!(json["changes"].as_array().unwrap().len(), 2);
    assert_eq!(changed(&store, &["changes", "delay"]).out, "no changes\n");
}

#[test]
fn every_act_is_a_command() {
    let folder = Folder::new();
    let store = small(&folder);
    let reason = ["--reason", "a test"];
    for (arguments, text) in [
        (&["share", "pricing", "25%"][..], "share 25%"),
        (
            &[
                "ramp",
                "pricing",
                "2999-01-01T00:00:00Z=50%",
                "2999-01-02T00:00:00Z=1",
            ],
            "ramp to 100% in 2 steps",
        ),
        (&["close", "pricing"], "close"),
        (&["ship", "pricing", "cheap"], "ship cheap"),
        (
            &[
                "exclude",
                "pricing",
                "2026-03-01T00:00:00Z",
                "2026-03-02T00:00:00Z",
            ],
            "exclude",
        ),
        (&["reset", "pricing"], "reset"),
    ] {
        let ran = changed(&store, &[arguments, &reason].concat());
        let expected = format!(": {text}, by alice: a test\n");
        assert!(ran.exit == 0 && ran.out.contains(&expected), "{ran:?}");
    }
    let changes = Sqlite::open(&store).unwrap().after(0).unwrap().changes;
    assert_eq!(
        changes[0].act,
        Act::Share {
            share: 0.25,
            over: 1.0
        }
    );
}

#[test]
fn refusals_have_an_exit_code_of_their_own() {
    let folder = Folder::new();
    let store = small(&folder);
    let reason = ["--reason", "it won"];
    let refused = |arguments: &[&str], message: &str| {
        changed(&store, &[arguments, &reason].concat()).failed(5, message);
    };
    refused(
        &["ship", "pricing", "cheapest"],
        "the set has no track of that name",
    );
    refused(
        &["approve", "pricing", "1"],
        "no change of that number waits for approval",
    );
    let ran = changed(&store, &["pause", "pricing", "--reason", " "]);
    ran.failed(5, "a change needs an author and a reason");
    let ran = changed(&store, &["pause", "dealy", "--reason", "errors"]);
    ran.failed(1, "the store has no set \"dealy\"");
    assert_eq!(changed(&store, &["pause", "pricing"]).exit, 2);
    assert_eq!(
        changed(&store, &["share", "pricing", "25", "--reason", "more"]).exit,
        2
    );
    assert!(
        Sqlite::open(&store)
            .unwrap()
            .after(0)
            .unwrap()
            .changes
            .is_empty()
    );
}

#[test]
fn changes_may_be_in_a_file_beside_the_store() {
    let folder = Folder::new();
    let store = small(&folder);
    let file = folder.join("changes.jsonl");
    let path = file.to_str().unwrap();
    let pause = ["pause", "pricing", "--reason", "errors", "--changes", path];
    assert_eq!(changed(&store, &pause).exit, 0);
    let log = JsonLog::new(&file);
    assert_eq!(log.after(0).unwrap().changes.len(), 1);
    assert!(
        Sqlite::open(&store)
            .unwrap()
            .after(0)
            .unwrap()
            .changes
            .is_empty()
    );
    let ran = Ran::of(&mut tracks(&["changes", "--changes", path]));
    assert!(
        ran.out
            .ends_with("change 1 of pricing: pause, by alice: errors\n"),
        "{ran:?}"
    );
}

/// Terminals obey escape sequences, and a reason is a text of anybody who may change a test.
#[test]
fn a_reason_cannot_write_to_the_terminal() {
    let folder = Folder::new();
    let store = small(&folder);
    let reason = "\u{1b}]0;pwned\u{7}";
    let draft = Draft::new("pricing", 1, Act::Pause, "eve", reason);
    let _ = Sqlite::open(&store).unwrap().append(&draft, 0).unwrap();
    let ran = changed(&store, &["changes"]);
    assert!(
        !ran.out.contains('\u{1b}') && ran.out.contains("pwned"),
        "{ran:?}"
    );
}

#[test]
fn a_report_says_that_the_enrolment_was_closed() {
    let folder = Folder::new();
    let store = small(&folder);
    assert!(!changed(&store, &["report"]).out.contains("enrolment"));
    let close = ["close", "pricing", "--reason", "enough units"];
    assert_eq!(changed(&store, &close).exit, 0);
    let out = changed(&store, &["report"]).out;
    assert!(out.contains("the enrolment was closed on "), "{out}");
}
