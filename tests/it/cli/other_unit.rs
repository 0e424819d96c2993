//! A set whose unit changes within its phase, on the command line.

use std::path::Path;

use tower_tracks::{MultiTrackSet, SimpleTrackSet, record::JsonLines};

use super::{Folder, Ran, at, builder, expose, record, tracks_of, units};

fn pricing_of(unit: &str) -> MultiTrackSet {
    let pricing = SimpleTrackSet::new("pricing").track("cheap", -1);
    pricing.unit_kind(unit).build().unwrap()
}

fn record_of(store: &Path, unit: &str) {
    record(store, units(), |recorder| {
        for key in 0..500 {
            expose(recorder, &pricing_of(unit), &key.to_string(), at(key));
        }
    });
}

#[test]
fn a_report_says_that_units_were_refused() {
    let folder = Folder::new();
    let store = folder.join("tracks.sqlite");
    record_of(&store, "visitor");
    assert_eq!(Ran::of(&mut tracks_of(&store, &["report"])).exit, 0);
    record_of(&store, "user");
    let ran = Ran::of(&mut tracks_of(&store, &["report"]));
    let sentence = "500 exposures were not recorded, since the unit of the set changed from \
                    \"visitor\" to another within this phase; begin the next phase";
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words(&ran.out).contains(sentence), "{ran:?}");
    assert_eq!(ran.exit, 3, "{ran:?}");
    let json = Ran::of(&mut tracks_of(&store, &["report", "--json"])).json();
    let phase = &json["phases"][0];
    assert_eq!(
        (&phase["units"], &phase["unit"]),
        (&500.into(), &"visitor".into())
    );
    let notices = phase["notices"].as_array().unwrap();
    let notice = notices
        .iter()
        .find(|notice| notice["kind"] == "other-unit")
        .unwrap();
    assert_eq!(notice["blocks"], true);
    assert!(
        notices.iter().all(|notice| notice["kind"] != "lost"),
        "{notices:?}"
    );
}

#[test]
fn lines_of_another_unit_are_not_imported() {
    let folder = Folder::new();
    let [store, other, file] =
        ["a.sqlite", "b.sqlite", "facts.jsonl"].map(|name| folder.join(name));
    record_of(&store, "visitor");
    let lines = JsonLines::new(&file);
    let recorder = builder(units()).sink(lines).start().unwrap();
    let by_user = pricing_of("user");
    for key in 0..5 {
        expose(&recorder, &by_user, &key.to_string(), at(key));
    }
    drop(recorder.shutdown(std::time::Duration::from_secs(60)).wait());
    let import = ["import", file.to_str().unwrap(), "--json"];
    let ran = Ran::of(&mut tracks_of(&store, &import));
    let json = ran.json();
    // The definition, too.
    assert_eq!(
        (&json["new"], &json["bad"]),
        (&0.into(), &6.into()),
        "{ran:?}"
    );
    assert_eq!(ran.exit, 3, "{ran:?}");
    assert!(
        json["bad_lines"][0]
            .as_str()
            .unwrap()
            .contains("is about the unit \"visitor\""),
        "{ran:?}"
    );

    record_of(&other, "user");
    let merged = Ran::of(&mut tracks_of(&store, &["merge", other.to_str().unwrap()]));
    assert_eq!(merged.exit, 1, "{merged:?}");
    assert!(
        merged.err.contains("the stores cannot be merged"),
        "{merged:?}"
    );
}
