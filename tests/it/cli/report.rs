//! What was found so far, and the exit code when that cannot be trusted.

use rusqlite::Connection;

use super::{Folder, Ran, at, expose, pricing, record, small, tracks_of, units};

#[test]
fn a_report_is_text_json_or_csv() {
    let folder = Folder::new();
    let store = small(&folder);
    let ran = Ran::of(&mut tracks_of(&store, &["report"]));
    assert_eq!((ran.exit, &*ran.err), (0, ""), "{ran:?}");
    assert!(
        ran.out.starts_with("pricing (by visitor), as of "),
        "{ran:?}"
    );
    let json = Ran::of(&mut tracks_of(&store, &["report", "--json"])).json();
    assert_eq!(json["phases"][0]["units"], 10);
    let csv = Ran::of(&mut tracks_of(
        &store,
        &["report", "--csv", "--set", "pricing"],
    ));
    assert!(csv.out.starts_with("set,phase,unit,"), "{csv:?}");
    let stored = Ran::of(&mut tracks_of(&store, &["report", "--stored"]));
    assert_eq!(stored.out, "nothing was recorded yet\n");
    let other = Ran::of(&mut tracks_of(&store, &["report", "--set", "delay"]));
    other.failed(1, "no records of set \"delay\"");
}

#[test]
fn a_sample_ratio_mismatch_is_found() {
    let folder = Folder::new();
    let store = folder.join("tracks.sqlite");
    record(&store, units(), |recorder| {
        for visitor in 0..3000 {
            expose(recorder, &pricing(), &visitor.to_string(), at(0));
        }
    });
    assert_eq!(Ran::of(&mut tracks_of(&store, &["report"])).exit, 0);
    let control = "DELETE FROM exposure WHERE unit < x'80' AND track_id = \
                   (SELECT id FROM track WHERE control)";
    Connection::open(&store)
        .unwrap()
        .execute(control, [])
        .unwrap();
    assert_eq!(Ran::of(&mut tracks_of(&store, &["report"])).exit, 3);
}
