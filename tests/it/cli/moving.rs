//! Facts into a store, out of it, and from one to another.

use std::{fs, path::Path};

use super::{Folder, Ran, at, expose, pricing, record, small, tracks_of, units};
use tower_tracks::{
    Metric, Plan, SimpleTrackSet, Units,
    store::{Phase, Sqlite, Store},
};

fn report(store: &Path) -> serde_json::Value {
    Ran::of(&mut tracks_of(store, &["report", "--json"])).json()
}

/// What a report says whenever it is computed.
fn facts(store: &Path) -> [serde_json::Value; 4] {
    let report = report(store);
    ["tracks", "health", "goals", "first-day"].map(|part| report["phases"][0][part].clone())
}

#[test]
fn exported_facts_can_be_imported() {
    let folder = Folder::new();
    let store = small(&folder);
    let lines = Ran::of(&mut tracks_of(&store, &["export"]));
    assert_eq!(lines.exit, 0, "{lines:?}");
    assert_eq!(
        lines.err,
        "exported: 10 exposures, 1 conversions, 0 aliases, 0 erasures\n"
    );
    let file = folder.join("tracks.jsonl");
    fs::write(&file, &lines.out).unwrap();
    let other = folder.join("other.sqlite");
    let import = ["import", file.to_str().unwrap(), "--json"];
    let imported = Ran::of(&mut tracks_of(&other, &import));
    assert_eq!(
        (imported.exit, &imported.json()["new"]),
        (0, &11.into()),
        "{imported:?}"
    );
    assert_eq!(facts(&store), facts(&other));
    let again = Ran::with_input(&mut tracks_of(&other, &["import", "-"]), &lines.out);
    assert!(
        again.out.contains("0 facts were new, 11 known before"),
        "{again:?}"
    );
}

/// Returns what a store knows of phases, and the rows of its exposures.
fn phases_and_exposures(path: &Path) -> (Vec<Phase>, Vec<String>) {
    let exposures = Ran::of(&mut tracks_of(path, &["export", "--format", "csv"])).out;
    let mut rows: Vec<String> = exposures.lines().map(str::to_owned).collect();
    rows.sort();
    (Sqlite::open(path).unwrap().phases().unwrap(), rows)
}

#[test]
fn plans_and_definitions_go_along() {
    let folder = Folder::new();
    let [store, imported, merged] = ["a", "b", "c"].map(|name| folder.join(name));
    record(&store, units(), |recorder| {
        let plan = Plan::default().primary(Metric::rate("purchase"));
        let set = SimpleTrackSet::new("pricing").track("cheap", -1);
        expose(recorder, &set.plan(plan).build().unwrap(), "alice", at(0));
    });
    let expected = phases_and_exposures(&store);
    assert_eq!(expected.0[0].plans.len(), 1);
    assert_eq!(expected.1.len(), 2);
    let lines = Ran::of(&mut tracks_of(&store, &["export"])).out;
    Ran::with_input(&mut tracks_of(&imported, &["import", "-"]), &lines);
    assert_eq!(phases_and_exposures(&imported), expected);
    Ran::of(&mut tracks_of(&merged, &["merge", store.to_str().unwrap()]));
    assert_eq!(phases_and_exposures(&merged), expected);
}

#[test]
fn bad_lines_are_found() {
    let folder = Folder::new();
    let store = folder.join("tracks.sqlite");
    let ran = Ran::with_input(&mut tracks_of(&store, &["import", "-"]), "{}\n");
    assert_eq!(ran.exit, 3, "{ran:?}");
}

#[test]
fn tables_are_exported_as_csv() {
    let folder = Folder::new();
    let store = small(&folder);
    let export = |table| {
        let csv = ["export", "--format", "csv", "--table", table];
        Ran::of(&mut tracks_of(&store, &csv)).out
    };
    let exposures = export("exposures");
    assert_eq!(exposures.lines().count(), 11);
    let sets = pricing();
    let fingerprint = sets.sets().next().unwrap().fingerprint();
    let mut rows = exposures.lines().skip(1);
    assert!(rows.all(|row| row.ends_with(&format!(",{fingerprint},"))));
    assert!(
        exposures.starts_with(
            "set,phase,track,control,unit,first_at,coin,definition,segment\npricing,1,"
        )
    );
    let unit = units().unit("visitor", &"0".into());
    let expected = format!(
        "goal,unit,at,value_micros\npurchase,{unit},2026-03-11T09:27:13.000000Z,19900000\n"
    );
    assert_eq!(export("conversions"), expected);
    assert_eq!(export("aliases"), "visitor,user,first_at\n");
}

#[test]
fn keys_are_exported_only_when_asked_for() {
    let folder = Folder::new();
    let store = folder.join("raw.sqlite");
    record(&store, Units::raw(), |recorder| {
        expose(recorder, &pricing(), "alice", at(0));
    });
    let without = Ran::of(&mut tracks_of(&store, &["export"]));
    assert!(!without.out.contains("alice"), "{without:?}");
    let keys = Ran::of(&mut tracks_of(&store, &["export", "--keys"]));
    assert!(keys.out.contains(r#""key":"alice""#), "{keys:?}");
}

#[test]
fn a_file_is_not_overwritten() {
    let folder = Folder::new();
    let store = small(&folder);
    let out = folder.join("out.jsonl");
    let export = ["export", "--out", out.to_str().unwrap()];
    let ran = Ran::of(&mut tracks_of(&store, &export));
    assert_eq!(
        ran.out,
        "exported: 10 exposures, 1 conversions, 0 aliases, 0 erasures\n"
    );
    assert_eq!(fs::read_to_string(&out).unwrap().lines().count(), 13);
    assert_eq!(Ran::of(&mut tracks_of(&store, &export)).exit, 1);
}

#[test]
fn stores_are_merged_and_say_what_became_of_rows() {
    let folder = Folder::new();
    let store = small(&folder);
    let other = folder.join("other.sqlite");
    record(&other, units(), |recorder| {
        for visitor in 5..20 {
            expose(recorder, &pricing(), &visitor.to_string(), at(visitor));
        }
    });
    let ran = Ran::of(&mut tracks_of(&store, &["merge", other.to_str().unwrap()]));
    assert_eq!((ran.exit, &*ran.err), (0, ""));
    let expected = "                      new       known      erased
exposures              10           5           0
conversions             0           0           0
aliases                 0           0           0
";
    assert!(ran.out.starts_with(expected), "{}", ran.out);
    assert_eq!(report(&store)["phases"][0]["units"], 20);
}

#[test]
fn neither_strangers_nor_oneself_are_merged() {
    let folder = Folder::new();
    let store = small(&folder);
    let other = folder.join("other.sqlite");
    record(&other, Units::raw(), |recorder| {
        expose(recorder, &pricing(), "alice", at(0));
    });
    let stranger = Ran::of(&mut tracks_of(&store, &["merge", other.to_str().unwrap()]));
    assert_eq!((stranger.exit, stranger.err.lines().count()), (1, 1));
    assert!(
        stranger.err.contains("the units of another secret"),
        "{stranger:?}"
    );
    let itself = Ran::of(&mut tracks_of(&store, &["merge", store.to_str().unwrap()]));
    itself.failed(
        2,
        &format!(
            "store {:?} cannot be merged into itself",
            store.to_str().unwrap()
        ),
    );
}
