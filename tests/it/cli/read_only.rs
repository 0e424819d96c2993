//! A store on a read-only mount, also for root: a bind mount in a namespace of its own.

use std::{
    fs,
    io::{self, Write},
    path::Path,
    process::Command,
};

use tower_tracks::store::{Sqlite, Store};

use super::{Folder, Ran, at, expose, pricing, small, tracks_of, units};

/// Makes the folder that is the first argument read-only, and runs the others there.
const SHELL: &str = "mount --bind \"$0\" \"$0\" && mount -o remount,bind,ro \"$0\" && exec \"$@\"";

/// The commands that read a store, each with a part of what it says.
const COMMANDS: [(&[&str], &str); 5] = [
    (&["report"], "pricing (by visitor)"),
    (&["report", "--json"], "\"units\": 10"),
    (&["doctor"], "pricing"),
    (&["verify-log"], "10"),
    (&["export", "--format", "csv"], "pricing"),
];

/// Returns a command that runs where the folder is read-only.
fn frozen(folder: &Path, command: &Command) -> Command {
    let mut frozen = Command::new("unshare");
    frozen.args(["--user", "--map-root-user", "--mount", "sh", "-c", SHELL]);
    frozen.arg(folder).arg(command.get_program());
    frozen.args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => frozen.env(name, value),
            None => frozen.env_remove(name),
        };
    }
    frozen
}

/// Returns whether this system has private mounts; prints a line if it has none.
fn has_mounts(folder: &Path) -> bool {
    let mut touch = Command::new("touch");
    touch.arg(folder.join("touched"));
    let mut list = Command::new("ls");
    list.arg(folder);
    let [touched, listed] = [&touch, &list].map(|command| frozen(folder, command).output());
    let has = listed.is_ok_and(|listed| listed.status.success())
        && touched.is_ok_and(|touched| !touched.status.success());
    if !has {
        let message = "\nSKIPPED: unshare makes no read-only mount here\n";
        writeln!(io::stderr(), "{message}").ok();
    }
    has
}

/// Copies a store without closing it, with these of the files beside it.
fn copied(store: &Path, into: &Folder, beside: &[&str]) {
    for end in [&[""], beside].concat() {
        let name = format!("tracks.sqlite{end}");
        fs::copy(store.with_file_name(&name), into.join(&name)).unwrap();
    }
}

#[test]
fn a_store_on_a_read_only_mount_is_read() {
    let folder = Folder::new();
    let store = small(&folder);
    assert_eq!(folder.names(), ["tracks.sqlite"]);
    let parent = store.parent().unwrap();
    if !has_mounts(parent) {
        return;
    }
    for (arguments, part) in COMMANDS {
        let ran = Ran::of(&mut frozen(parent, &tracks_of(&store, arguments)));
        // `doctor` finds that few days were seen, and `verify-log` has no secret.
        assert!(
            matches!(ran.exit, 0 | 3 | 4) && !ran.err.contains("error: "),
            "{arguments:?}: {ran:?}"
        );
        assert!(ran.out.contains(part), "{arguments:?}: {ran:?}");
    }
    let unit = units().unit("visitor", &"0".into()).to_string();
    let erase = tracks_of(&store, &["erase", "--yes", "--unit", &unit]);
    let ran = Ran::of(&mut frozen(parent, &erase));
    assert_eq!((ran.exit, &*ran.out), (1, ""));
    let message = "was opened to be read only, so nothing is written to it";
    assert!(ran.err.contains(message), "{ran:?}");
    let other = Folder::new();
    let elsewhere = small(&other);
    for (into, from, exit) in [(&store, &elsewhere, 1), (&elsewhere, &store, 0)] {
        let merge = tracks_of(into, &["merge", from.to_str().unwrap()]);
        let ran = Ran::of(&mut frozen(parent, &merge));
        assert_eq!(ran.exit, exit, "{ran:?}");
    }
    assert_eq!(folder.names(), ["tracks.sqlite"]);
}

/// What was not taken over from the write-ahead log yet is read with the two files beside it, and is
/// never left out.
#[test]
fn facts_in_the_log_are_read_or_the_store_is_refused() {
    let (folder, whole, part) = (Folder::new(), Folder::new(), Folder::new());
    let path = small(&folder);
    let store = Sqlite::open(&path).unwrap();
    let recorder = crate::sinks::builder(units()).store(store).start().unwrap();
    for visitor in 10..15 {
        expose(&recorder, &pricing(), &visitor.to_string(), at(30));
    }
    recorder.flush().wait().unwrap();
    copied(&path, &whole, &["-wal", "-shm"]);
    copied(&path, &part, &["-wal"]);
    drop(recorder);
    assert_eq!(Sqlite::open(&path).unwrap().phases().unwrap().len(), 1);
    let report = |folder: &Folder| {
        let path = folder.join("tracks.sqlite");
        let command = tracks_of(&path, &["report", "--json"]);
        Ran::of(&mut frozen(path.parent().unwrap(), &command))
    };
    if !has_mounts(path.parent().unwrap()) {
        return;
    }
    assert_eq!(report(&whole).json()["phases"][0]["units"], 15);
    let ran = report(&part);
    assert_eq!((ran.exit, &*ran.out), (1, ""), "{ran:?}");
    assert!(
        ran.err.contains("has facts that are not in it yet"),
        "{ran:?}"
    );
    assert!(
        ran.err
            .contains("copy the database and the files with -wal and -shm"),
        "{ran:?}"
    );
}
