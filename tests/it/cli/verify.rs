//! Recorded assignments, recomputed.

use std::{fs, path::Path};

use rusqlite::Connection;
use tower_tracks::{MultiTrackSet, SimpleTrackSet, Units};

use super::{Folder, Ran, SECRET, at, expose, record, tracks_of, units};

const UNITS: u64 = 20_000;

/// Three sets that exclude each other, one of them outside of which many are, one in a later phase.
fn sets() -> MultiTrackSet {
    let set = SimpleTrackSet::new;
    let sets = MultiTrackSet::builder()
        .add(set("pricing").track("cheap", -1).track("expensive", 1))
        .add(set("delay").track("long", 2000).share(0.4).weight(2))
        .add(set("banner").track("blue", 0).salt("Banner").phase(3));
    sets.build().unwrap()
}

fn soak(store: &Path, units: Units) {
    let sets = sets();
    record(store, units, |recorder| {
        for visitor in 0..UNITS {
            let key = format!("visitor {visitor}");
            if sets.assign(&key, &()).is_enrolled() {
                expose(recorder, &sets, &key, at(visitor));
            }
        }
    });
}

fn enrolled() -> u64 {
    let is_enrolled = |visitor: &u64| {
        let key = format!("visitor {visitor}");
        sets().assign(&key, &()).is_enrolled()
    };
    (0..UNITS).filter(is_enrolled).count() as u64
}

/// Changes one row, and returns the resulting output.
#[track_caller]
fn changed(store: &Path, folder: &Folder, change: &str) -> Ran {
    let copy = folder.join("changed.sqlite");
    fs::copy(store, &copy).unwrap();
    let connection = Connection::open(&copy).unwrap();
    assert_eq!(connection.execute(change, []).unwrap(), 1);
    drop(connection);
    let ran = Ran::of(&mut tracks_of(&copy, &["verify-log", "--json"]));
    fs::remove_file(&copy).unwrap();
    assert_eq!(ran.exit, 3, "{ran:?}");
    ran
}

const ONE: &str = "(phase_id, unit, track_id) = \
                   (SELECT phase_id, unit, track_id FROM exposure ORDER BY unit LIMIT 1 OFFSET 777)";

#[test]
fn all_of_a_soak_agrees_and_a_changed_row_is_named() {
    let folder = Folder::new();
    let store = folder.join("raw.sqlite");
    soak(&store, Units::raw());
    let ran = Ran::of(&mut tracks_of(&store, &["verify-log"]));
    let (thousands, rest) = (enrolled() / 1000, enrolled() % 1000);
    let expected = format!(
        "{thousands},{rest:03} agree, 0 disagree, 0 are unverifiable\n\
         of those that agree, 0 with the choice of their set, 0 without a coin\n"
    );
    assert_eq!((ran.exit, &*ran.out, &*ran.err), (0, &*expected, ""));

    let connection = Connection::open(&store).unwrap();
    let one = format!("SELECT lower(hex(unit)) FROM exposure WHERE {ONE}");
    let unit: String = connection.query_row(&one, [], |row| row.get(0)).unwrap();
    drop(connection);
    let track = format!(
        "UPDATE exposure SET track_id = (SELECT id FROM track WHERE phase_id = exposure.phase_id \
         AND id <> exposure.track_id LIMIT 1) WHERE {ONE}"
    );
    let coin = format!("UPDATE exposure SET coin = 1 - coin WHERE {ONE}");
    let stranger = "00112233445566778899aabbccddeeff";
    let other = format!("UPDATE exposure SET unit = x'{stranger}' WHERE {ONE}");
    for (change, named) in [(track, &*unit), (coin, &*unit), (other, stranger)] {
        let said = changed(&store, &folder, &change).json();
        assert_eq!(said["disagreed"], 1, "{change}: {said}");
        assert_eq!(said["agreed"], enrolled() - 1);
        assert_eq!(said["disagreements"][0]["unit"], *named, "{change}");
    }
    let key = format!("UPDATE raw_unit SET key = x'61' WHERE unit = x'{unit}'");
    let said = changed(&store, &folder, &key).json();
    assert_eq!(said["disagreements"][0]["unit"], *unit);
}

#[test]
fn pseudonyms_are_verified_by_keys_and_the_secret() {
    let folder = Folder::new();
    let store = folder.join("tracks.sqlite");
    soak(&store, units());
    let blind = Ran::of(&mut tracks_of(&store, &["verify-log"]));
    assert_eq!(blind.exit, 4, "{blind:?}");
    assert!(
        blind.out.contains("since the key of its unit is not known"),
        "{blind:?}"
    );
    let keys = folder.join("keys");
    let half: String = (0..UNITS / 2)
        .map(|visitor| format!("visitor {visitor}\n"))
        .collect();
    fs::write(&keys, half).unwrap();
    let arguments = ["verify-log", "--json", "--keys", keys.to_str().unwrap()];
    let half = Ran::of(tracks_of(&store, &arguments).env("TRACKS_SECRET", SECRET));
    let said = half.json();
    assert_eq!((half.exit, &said["disagreed"]), (0, &0.into()));
    let [agreed, unverifiable] =
        ["agreed", "unverifiable"].map(|name| said[name].as_u64().unwrap());
    assert_eq!(agreed + unverifiable, enrolled());
    assert!(
        agreed > enrolled() / 3 && unverifiable > enrolled() / 3,
        "{said}"
    );
    let mut all = tracks_of(&store, &arguments);
    let all = Ran::of(all.arg("--all-keys").env("TRACKS_SECRET", SECRET));
    assert_eq!(all.json()["disagreed"], unverifiable);
    let wrong = Ran::of(tracks_of(&store, &arguments).env("TRACKS_SECRET", "some other secret"));
    wrong.failed(1, "the secret is not that by which the store was recorded");
}

/// A changed share moves no unit.
#[test]
fn a_ramped_share_agrees() {
    let folder = Folder::new();
    let store = folder.join("raw.sqlite");
    let share = |share| {
        SimpleTrackSet::new("delay")
            .track("long", 1)
            .share(share)
            .build()
            .unwrap()
    };
    for (now, sets) in [(0, share(0.1)), (1, share(1.0))] {
        record(&store, Units::raw(), |recorder| {
            for visitor in 0..100 {
                let key = visitor.to_string();
                if sets.assign(&key, &()).is_enrolled() {
                    expose(recorder, &sets, &key, at(now));
                }
            }
        });
    }
    let said = Ran::of(&mut tracks_of(&store, &["verify-log", "--json"])).json();
    assert_eq!(
        (&said["agreed"], &said["disagreed"]),
        (&100.into(), &0.into())
    );
}
