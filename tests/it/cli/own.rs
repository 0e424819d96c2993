//! A program of one's own, which knows who is eligible.

use std::process::Command;

use rusqlite::Connection;
use tower_tracks::{SimpleTrackSet, Units};

use super::{super::examples::example, Folder, Ran, at, expose, record, without_settings};

fn own(store: &std::path::Path, arguments: &[&str]) -> Command {
    let mut command = example("command_line");
    without_settings(&mut command)
        .env("TRACKS_STORE", store)
        .args(arguments);
    command
}

#[test]
fn a_pinned_key_is_shown_as_pinned() {
    let folder = Folder::new();
    let assign = ["assign", "tester-7", "tester-8", "--json"];
    let said = Ran::of(&mut own(&folder.join("none.sqlite"), &assign)).json();
    for (index, choice) in ["pricing/cheap", "pricing/control"].iter().enumerate() {
        let group = &said["keys"][index]["groups"][0];
        assert_eq!(group["choice"], format!("{choice} (pinned)"), "{said}");
        // That another set has a higher score is not for want of eligibility.
        assert_eq!(group["ineligible"], serde_json::json!([]), "{said}");
    }
}

#[test]
fn eligibility_is_known_to_the_applications_own_program() {
    let folder = Folder::new();
    let store = folder.join("raw.sqlite");
    // The sets of the example, for visitors who are not VIPs.
    let pricing = SimpleTrackSet::new("pricing")
        .track("cheap", -1)
        .build()
        .unwrap();
    record(&store, Units::raw(), |recorder| {
        expose(recorder, &pricing, "alice", at(0));
    });
    let mut assign = own(&store, &["assign", "vip-alice", "gone-alice", "--json"]);
    let said = Ran::of(&mut assign).json();
    let [vip, gone] = [0, 1].map(|index| &said["keys"][index]["groups"][0]);
    assert!(
        vip["choice"].as_str().unwrap().starts_with("delay/"),
        "{said}"
    );
    assert!(gone["choice"].is_null(), "{said}");
    assert!(said["note"].is_null());

    // Whether alice is in this set at all depends on the other set of the group.
    let mut verify = own(&store, &["verify-log", "--json"]);
    let said = Ran::of(&mut verify).json();
    let key = |sql: &str| {
        let connection = Connection::open(&store).unwrap();
        connection
            .query_row(sql, [], |row| row.get::<_, i64>(0))
            .unwrap()
    };
    assert_eq!(key("SELECT count(*) FROM exposure"), 1);
    let counted = ["with_set", "disagreed"].map(|name| said[name].as_u64().unwrap());
    assert_eq!(counted[0] + counted[1], 1, "{said}");
}
