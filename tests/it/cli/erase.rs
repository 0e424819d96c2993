//! Erasing a unit.

use tower_tracks::{
    Units,
    store::{AliasRow, Batch, Sqlite, Store, Timestamp},
    unit::Unit,
};

use super::{Folder, Ran, SECRET, at, expose, pricing, record, small, tracks_of, units};

#[test]
fn a_key_is_forgotten_and_what_is_not_reached_is_said() {
    let folder = Folder::new();
    let store = small(&folder);
    let mut erase = tracks_of(&store, &["erase", "visitor", "--yes"]);
    let ran = Ran::with_input(erase.env("TRACKS_SECRET", SECRET), "0\n");
    let unit = units().unit("visitor", &"0".into());
    let expected = format!(
        "unit {unit}: 2 rows were erased for good\n\
         not erased: JSON lines, access logs, backups, and sums over requests\n"
    );
    assert_eq!((ran.exit, &*ran.out, &*ran.err), (0, &*expected, ""));
    let history = Sqlite::open(&store).unwrap().history(unit).unwrap();
    assert!(history.exposures.is_empty() && history.erased_at.is_some());
}

#[test]
fn a_secret_comes_from_a_file_and_is_not_repeated() {
    let folder = Folder::new();
    let store = small(&folder);
    let secret = folder.join("secret");
    std::fs::write(&secret, format!("{SECRET}\n")).unwrap();
    let file = secret.to_str().unwrap();
    let erase = [
        "erase",
        "visitor",
        "--yes",
        "--key",
        "0",
        "--secret-file",
        file,
    ];
    let ran = Ran::of(&mut tracks_of(&store, &erase));
    assert!(ran.out.contains(": 2 rows"), "{ran:?}");
    std::fs::write(&secret, "another secret, long enough").unwrap();
    let ran = Ran::of(&mut tracks_of(&store, &erase));
    ran.failed(1, "the secret is not that by which the store was recorded");
    let erase = ["erase", "visitor", "--yes", "--key", "0"];
    let none =
        "the store has pseudonyms, which need the secret: set TRACKS_SECRET or --secret-file";
    Ran::of(&mut tracks_of(&store, &erase)).failed(2, none);
}

/// Clients choose the links of a user, so the list is bounded.
#[test]
fn a_thousand_others_are_listed_at_most() {
    for (others, listed) in [(1_000, 1_000), (1_005, 1_000)] {
        let folder = Folder::new();
        let path = small(&folder);
        let store = Sqlite::open(&path).unwrap();
        let user = Unit::from_bytes([0xff; 16]);
        let mut batch = Batch::default();
        let alias = |number: u128| {
            let visitor = Unit::from_bytes(number.to_be_bytes());
            AliasRow::new(visitor, user, Timestamp::from_micros(1))
        };
        batch.aliases.extend((1..=others).map(alias));
        store.write(&batch).unwrap();
        let copy = folder.join("copy.sqlite");
        Sqlite::open(&copy).unwrap().merge(&store).unwrap();
        drop(store);
        let erase = ["erase", "--yes", "--unit", &*user.to_string()];
        let json = Ran::of(tracks_of(&path, &erase).arg("--json")).json();
        assert_eq!(json["others"].as_array().unwrap().len(), listed);
        assert_eq!(json["more_others"], others > 1_000);
        let ran = Ran::of(&mut tracks_of(&copy, &erase));
        let lines = ran
            .out
            .lines()
            .filter(|line| line.contains("it is linked to unit"));
        assert_eq!(lines.count(), listed);
        let more = "and to more than 1,000 others, which are kept";
        assert_eq!(ran.out.contains(more), others > 1_000, "{}", ran.out);
    }
}

#[test]
fn raw_units_need_no_secret_and_a_unit_needs_no_key() {
    let folder = Folder::new();
    let store = folder.join("raw.sqlite");
    record(&store, Units::raw(), |recorder| {
        expose(recorder, &pricing(), "alice", at(0));
        expose(recorder, &pricing(), "bob", at(0));
    });
    let alice = ["erase", "visitor", "--yes", "--key", "alice", "--json"];
    let erased = Ran::of(&mut tracks_of(&store, &alice)).json();
    assert!(erased["rows"].as_u64() >= Some(1), "{erased}");
    let bob = Units::raw().unit("visitor", &"bob".into()).to_string();
    let erased = Ran::of(&mut tracks_of(&store, &["erase", "--yes", "--unit", &bob]));
    assert_eq!(erased.exit, 0, "{erased:?}");
    let nobody = Ran::of(&mut tracks_of(&store, &["erase", "--yes", "--unit", &bob]));
    assert!(
        nobody.out.contains("no data was stored for it"),
        "{nobody:?}"
    );
}

#[test]
fn erase_requires_a_confirmation() {
    let folder = Folder::new();
    let store = small(&folder);
    let erase = ["erase", "visitor", "--key", "0"];
    let message = "--yes is required when the standard input is not a terminal";
    Ran::of(&mut tracks_of(&store, &erase)).failed(2, message);
}
