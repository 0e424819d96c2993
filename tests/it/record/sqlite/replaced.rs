//! What happens when a file is deleted or replaced while it is open.

use std::{fs, path::Path, sync::Arc, time::Duration};

use rusqlite::Connection;
use tower_tracks::{
    Exposure, Key, Metric, MultiTrackSet, Observe, Plan, SimpleTrackSet, Units,
    record::Recorder,
    store::{Attribute, PhaseName, Sqlite, Store, StoreErrorKind, Timestamp},
};

use super::{
    directory::Directory,
    facts::{exposures, unit},
};

fn has(store: &Sqlite, number: u32) -> bool {
    !store.history(unit(number)).unwrap().exposures.is_empty()
}

/// Returns the units of those of these numbers that the file at a path has, opened anew.
#[track_caller]
fn stored(path: &Path, numbers: &[u32]) -> Vec<u32> {
    let connection = Connection::open(path).unwrap();
    let check = connection.query_row("PRAGMA integrity_check", [], |row| row.get::<_, String>(0));
    assert_eq!(check.unwrap(), "ok");
    drop(connection);
    let store = Sqlite::open(path).unwrap();
    let numbers = numbers.iter().copied();
    numbers.filter(|number| has(&store, *number)).collect()
}

/// A change fails once, and the next one is in the file that the path names.
#[track_caller]
fn check(vanish: impl FnOnce(&Directory), expected: &[u32]) {
    let directory = Directory::new();
    let store = Sqlite::open(directory.file()).unwrap();
    store.write(&exposures(0..10)).unwrap();
    assert!(has(&store, 0));
    vanish(&directory);
    let error = store.write(&exposures(10..11)).unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::Replaced, "{error}");
    assert!(error.is_transient());
    assert_eq!(store.write(&exposures(11..12)).unwrap().exposures.new, 1);
    assert_eq!(store.replacements().unwrap(), 1);
    assert!(has(&store, 11) && !has(&store, 10));
    assert_eq!(stored(&directory.file(), &[0, 9, 10, 11, 20]), expected);
}

#[test]
fn a_deleted_file_is_made_again() {
    check(|all| fs::remove_file(all.file()).unwrap(), &[11]);
    let all_three = |all: &Directory| {
        for entry in fs::read_dir(all.path()).unwrap() {
            fs::remove_file(entry.unwrap().path()).unwrap();
        }
    };
    check(all_three, &[11]);
}

#[test]
fn a_backup_in_the_place_of_the_file_is_written_to() {
    let replace = |all: &Directory| {
        let backup = all.path().join("backup.db");
        let store = Sqlite::open(&backup).unwrap();
        store.write(&exposures(20..30)).unwrap();
        drop(store);
        fs::rename(backup, all.file()).unwrap();
    };
    check(replace, &[11, 20]);
}

#[test]
fn a_file_that_was_moved_has_all_of_its_facts() {
    let directory = Directory::new();
    let store = Sqlite::open(directory.file()).unwrap();
    store.write(&exposures(0..10)).unwrap();
    let moved = directory.path().join("moved.db");
    fs::rename(directory.file(), &moved).unwrap();
    assert!(store.write(&exposures(10..11)).is_err());
    store.write(&exposures(10..11)).unwrap();
    assert_eq!(stored(&moved, &[0, 9, 10]), [0, 9]);
}

#[test]
fn settings_hold_for_the_next_file() {
    let directory = Directory::new();
    let store = Sqlite::open(directory.file()).unwrap();
    let store = store.busy_timeout(Duration::from_millis(1)).unwrap();
    fs::remove_file(directory.file()).unwrap();
    assert!(store.write(&exposures(0..1)).is_err());
    let mut other = Connection::open(directory.file()).unwrap();
    let lock = other.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate);
    let begun = std::time::Instant::now();
    let error = store.write(&exposures(0..1)).unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::Busy);
    assert!(begun.elapsed() < Duration::from_secs(4), "not the default");
    drop(lock);
}

#[test]
fn readers_see_the_file_that_is_there() {
    let directory = Directory::new();
    let store = Sqlite::open(directory.file()).unwrap();
    store.write(&exposures(0..10)).unwrap();
    assert!(has(&store, 0));
    fs::remove_file(directory.file()).unwrap();
    let error = store.phases().unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::Unavailable);
    assert!(!directory.file().exists(), "reading makes no file");
    let other = Sqlite::open(directory.path().join("other.db")).unwrap();
    other.write(&exposures(20..30)).unwrap();
    drop(other);
    fs::rename(directory.path().join("other.db"), directory.file()).unwrap();
    assert!(has(&store, 20) && !has(&store, 0));
    // What was noticed by reading is reported by the count.
    assert_eq!(store.replacements().unwrap(), 1);
    assert_eq!(stored(&directory.file(), &[0, 20]), [20]);
}

fn planned() -> MultiTrackSet {
    let plan = Plan::default().primary(Metric::rate("purchase"));
    let set = SimpleTrackSet::new("delay").track("long", ()).plan(plan);
    set.build().unwrap()
}

fn expose(recorder: &Recorder, sets: &MultiTrackSet, keys: &[u64]) {
    for key in keys {
        let choice = sets.assign(*key, &());
        let at = std::time::SystemTime::now();
        recorder.observe(&Exposure::new(choice, Key::from(*key), at).unwrap());
    }
    recorder.flush().wait().unwrap();
}

/// Returns the lengths of definitions and plans, and of the units that are counted.
fn counted(store: &Sqlite, sets: &MultiTrackSet) -> (usize, usize, u64) {
    let phases = store.phases().unwrap();
    let [phase] = &phases[..] else {
        panic!("{phases:?}")
    };
    let name = PhaseName::of(sets.sets().next().unwrap());
    let tomorrow = Timestamp::now().plus(Duration::from_secs(86_400));
    let question = tower_tracks::store::Question::new(name, tomorrow);
    let answer = store.attribute(&question).unwrap().unwrap();
    (
        phase.definitions.len(),
        phase.plans.len(),
        answer.units.values().sum(),
    )
}

/// Also of units and sets that the recorder need not have written again.
#[test]
fn a_recorder_writes_what_the_next_file_lacks() {
    let directory = Directory::new();
    let store = Arc::new(Sqlite::open(directory.file()).unwrap());
    let recorder = Recorder::builder(Units::raw()).age(Duration::from_millis(5));
    let recorder = recorder.store(store.clone()).start().unwrap();
    let sets = planned();
    expose(&recorder, &sets, &[1, 2, 3]);
    assert_eq!(counted(&store, &sets), (1, 1, 3));
    for keys in [&[1, 2][..], &[2, 3, 4]] {
        fs::remove_file(directory.file()).unwrap();
        expose(&recorder, &sets, keys);
        let opened = Sqlite::open(directory.file()).unwrap();
        assert_eq!(counted(&opened, &sets), (1, 1, keys.len() as u64));
        assert_eq!(opened.units().unwrap().as_deref(), Some("raw"));
    }
    // Another user of the store may be the first to notice.
    fs::remove_file(directory.file()).unwrap();
    assert!(store.write(&exposures(0..1)).is_err());
    expose(&recorder, &sets, &[2, 3, 4]);
    assert_eq!(counted(&store, &sets), (1, 1, 3));
}

/// The events wait until there is a place for them.
#[test]
fn events_wait_for_a_directory_that_is_gone() {
    let directory = Directory::new();
    let folder = directory.path().join("folder");
    fs::create_dir(&folder).unwrap();
    let path = folder.join("facts.db");
    let recorder = Recorder::builder(Units::raw()).age(Duration::from_millis(5));
    let recorder = recorder.store(Sqlite::open(&path).unwrap());
    let recorder = recorder.start().unwrap();
    let sets = planned();
    expose(&recorder, &sets, &[1, 2, 3]);
    fs::remove_dir_all(&folder).unwrap();
    for key in [1_u64, 4] {
        let choice = sets.assign(key, &());
        let at = std::time::SystemTime::now();
        recorder.observe(&Exposure::new(choice, Key::from(key), at).unwrap());
    }
    assert!(recorder.flush().wait().is_err());
    fs::create_dir(&folder).unwrap();
    let tallies = recorder.shutdown(Duration::from_secs(30)).wait();
    assert_eq!(tallies.get("store").unwrap().dropped, 0);
    assert_eq!(counted(&Sqlite::open(&path).unwrap(), &sets), (1, 1, 2));
}

#[cfg(unix)]
mod modes {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn a_file_that_is_made_is_its_owners_alone() {
        let directory = Directory::new();
        let store = Sqlite::open(directory.file()).unwrap();
        store.write(&exposures(0..1)).unwrap();
        let entries = fs::read_dir(directory.path()).unwrap();
        let modes: Vec<u32> = entries.map(|entry| mode(&entry.unwrap().path())).collect();
        assert_eq!(modes, [0o600; 3]);
    }

    /// A link that leads nowhere yet, relative to its folder, and a link to such a link.
    #[test]
    fn a_file_that_is_made_behind_a_link_is_its_owners_alone() {
        let directory = Directory::new();
        std::os::unix::fs::symlink("target.db", directory.path().join("link")).unwrap();
        std::os::unix::fs::symlink("link", directory.file()).unwrap();
        let store = Sqlite::open(directory.file()).unwrap();
        store.write(&exposures(0..1)).unwrap();
        for name in ["target.db", "target.db-wal", "target.db-shm"] {
            assert_eq!(mode(&directory.path().join(name)), 0o600, "{name}");
        }
    }

    #[test]
    fn the_mode_of_an_existing_file_stays() {
        let directory = Directory::new();
        fs::write(directory.file(), "").unwrap();
        let readable = fs::Permissions::from_mode(0o644);
        fs::set_permissions(directory.file(), readable).unwrap();
        Sqlite::open(directory.file()).unwrap();
        assert_eq!(mode(&directory.file()), 0o644);
    }
}

/// One idle connection is to the former file, and others are opened to the new one.
#[test]
fn all_ranges_of_units_are_read_from_the_new_file() {
    let directory = Directory::new();
    let store = Sqlite::open(directory.file()).unwrap().parallelism(4);
    store.write(&exposures(0..10)).unwrap();
    let phase = store.phases().unwrap()[0].name.clone();
    let backup = directory.path().join("backup.db");
    let other = Sqlite::open(&backup).unwrap();
    other.write(&exposures(100..125)).unwrap();
    drop(other);
    fs::rename(backup, directory.file()).unwrap();
    let question = tower_tracks::store::Question::new(phase, Timestamp::MAX);
    for _ in 0..2 {
        let answer = store.attribute(&question).unwrap().unwrap();
        assert_eq!(answer.units.values().sum::<u64>(), 25);
    }
}
