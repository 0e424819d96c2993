//! What is wrong with a set-up, as far as a store shows it.

use super::{Folder, Ran, at, convert, record, small, tracks_of, units};

#[test]
fn a_store_without_facts_has_a_list_of_what_to_check() {
    let folder = Folder::new();
    let store = folder.join("tracks.sqlite");
    record(&store, units(), |_| ());
    let ran = Ran::of(&mut tracks_of(&store, &["doctor"]));
    assert_eq!(ran.exit, 3, "{ran:?}");
    assert!(
        ran.out.starts_with("nothing was recorded: check"),
        "{ran:?}"
    );
    assert!(ran.out.contains("User-Agent"), "{ran:?}");
}

#[test]
fn conversions_without_exposures_are_found() {
    let folder = Folder::new();
    let store = folder.join("tracks.sqlite");
    record(&store, units(), |recorder| {
        convert(recorder, "1", "purchase", at(0));
    });
    let ran = Ran::of(&mut tracks_of(&store, &["doctor", "--json"]));
    assert_eq!(ran.exit, 3, "{ran:?}");
    let sentence = ran.json()["findings"][0]["sentence"].to_string();
    assert!(sentence.contains("no exposure was"), "{sentence}");
}

#[test]
fn notices_of_the_report_are_findings_of_their_set() {
    let folder = Folder::new();
    let store = small(&folder);
    let report = Ran::of(&mut tracks_of(&store, &["report", "--json"])).json();
    let notice = report["phases"][0]["notices"][0]["sentence"].as_str();
    let ran = Ran::of(&mut tracks_of(&store, &["doctor"]));
    let finding = format!("pricing: {}", notice.unwrap());
    assert!(ran.out.contains(&finding), "{finding}\n{ran:?}");
}
