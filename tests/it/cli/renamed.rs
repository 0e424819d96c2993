//! A set that was renamed, on the command line.

use std::path::{Path, PathBuf};

use serde_json::json;
use tower_tracks::{MultiTrackSet, SimpleTrackSet, control::ChangeLog, store::Sqlite};

use super::{Folder, Ran, at, expose, pricing, record, small, tracks_of, units};

fn renamed() -> MultiTrackSet {
    let prices = SimpleTrackSet::new("prices")
        .formerly("pricing")
        .track("cheap", -1)
        .track("expensive", 1);
    prices.build().unwrap()
}

/// A store in which ten visitors met prices under the former name, five of them and five others under the
/// present one.
fn store(folder: &Folder) -> PathBuf {
    let path = small(folder);
    record(&path, units(), |recorder| {
        for visitor in 5..15 {
            expose(
                recorder,
                &renamed(),
                &visitor.to_string(),
                at(100 + visitor),
            );
        }
    });
    path
}

fn ran(store: &Path, arguments: &[&str]) -> Ran {
    Ran::of(tracks_of(store, arguments).env("USER", "alice"))
}

#[test]
fn a_report_has_one_set() {
    let folder = Folder::new();
    let store = store(&folder);
    for arguments in [
        &["report", "--json"][..],
        &["report", "--set", "pricing", "--json"],
        &["report", "--set", "prices", "--json"],
    ] {
        let report = ran(&store, arguments).json();
        let phases = report["phases"].as_array().unwrap();
        assert_eq!(phases.len(), 1, "{report}");
        assert_eq!(phases[0]["set"], "prices");
        assert_eq!(phases[0]["units"], 15);
        assert_eq!(phases[0]["former-names"], json!(["pricing"]));
    }
    let text = ran(&store, &["report"]).out;
    assert!(
        text.contains("the set was named \"pricing\" before"),
        "{text}"
    );
}

#[test]
fn assignments_are_those_of_before() {
    let folder = Folder::new();
    let store = store(&folder);
    let sets = |name: &str| {
        let said = ran(&store, &["assign", "alice", "--set", name, "--json"]).json();
        said["keys"][0]["groups"][0]["sets"].clone()
    };
    let present = sets("prices");
    assert_eq!(present.as_array().unwrap().len(), 1);
    assert_eq!(present[0]["set"], "prices");
    let expected = pricing().assign("alice", &()).track().map(str::to_owned);
    assert_eq!(present[0]["track"].as_str(), expected.as_deref());
    assert_eq!(sets("pricing"), present);

    let keys = folder.join("keys");
    let lines: Vec<String> = (0..15).map(|visitor| visitor.to_string()).collect();
    std::fs::write(&keys, lines.join("\n")).unwrap();
    let keys = keys.to_str().unwrap();
    let mut verify = tracks_of(&store, &["verify-log", "--keys", keys, "--json"]);
    let verified = Ran::of(verify.env("TRACKS_SECRET", super::SECRET)).json();
    assert_eq!(
        (&verified["agreed"], &verified["disagreed"]),
        (&json!(20), &json!(0))
    );
}

/// During a rollout, nodes of before the rename read changes under the former name alone.
#[test]
fn a_change_has_the_name_that_was_given() {
    let folder = Folder::new();
    let store = store(&folder);
    let change = |act: &str, set: &str| {
        let json = ran(&store, &[act, set, "--reason", "a test", "--json"]).json();
        let delay = json["effective_at"].as_i64().unwrap() - json["at"].as_i64().unwrap();
        (json["set"].as_str().unwrap().to_owned(), delay / 1_000_000)
    };
    assert_eq!(change("pause", "pricing"), ("pricing".to_owned(), 0));
    // It ends the pause under the former name, so all nodes have to know it.
    assert_eq!(change("resume", "prices"), ("prices".to_owned(), 5));
    assert_eq!(change("pause", "prices").0, "prices");
    assert_eq!(change("resume", "pricing"), ("pricing".to_owned(), 5));
    let changes = Sqlite::open(&store).unwrap().after(0).unwrap().changes;
    let names: Vec<&str> = changes.iter().map(|change| &*change.set).collect();
    assert_eq!(names, ["pricing", "prices", "prices", "pricing"]);
    for name in ["pricing", "prices"] {
        let listed = ran(&store, &["changes", name, "--json"]).json();
        assert_eq!(listed["changes"].as_array().unwrap().len(), 4, "{name}");
    }
    let other = ran(&store, &["changes", "banner", "--json"]).json();
    assert_eq!(other["changes"], json!([]));
}
