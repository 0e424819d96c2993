//! Files that are deleted, replaced or shortened while they are open, and files after a loss of power.

use super::{
    super::{Folder, at, builder, delay, expose, units},
    *,
};

const ALL: [&str; 3] = ["writer", "definition", "exposure"];

/// After something happens to a file, what is written next is in a file that can be read alone.
#[track_caller]
fn check(vanish: impl Fn(&Folder, &Path)) -> Folder {
    let folder = Folder::new();
    let path = folder.join("folder/tracks.jsonl");
    fs::create_dir(folder.join("folder")).unwrap();
    let recorder = start(units(), JsonLines::new(&path));
    let sets = delay();
    for key in ["alice", "bob"] {
        expose(&recorder, &sets, key, at(0));
        recorder.flush().wait().unwrap();
    }
    vanish(&folder, &path);
    expose(&recorder, &sets, "carol", at(0));
    recorder.flush().wait().unwrap();
    assert_eq!(types(&path), ALL);
    expose(&recorder, &sets, "dave", at(0));
    recorder.flush().wait().unwrap();
    assert_eq!(types(&path).len(), 4, "it is the same file");
    folder
}

#[test]
fn a_deleted_file_is_begun_anew() {
    check(|_, path| fs::remove_file(path).unwrap());
    check(|folder, _| fs::remove_dir_all(folder.join("folder")).unwrap());
}

/// As logrotate does it, without `create` and with it.
#[test]
fn a_file_that_was_renamed_is_left_whole() {
    let rename = |folder: &Folder, path: &Path| fs::rename(path, folder.join("old")).unwrap();
    let create = |folder: &Folder, path: &Path| {
        rename(folder, path);
        fs::write(path, "").unwrap();
    };
    for folder in [check(rename), check(create)] {
        let old = ["writer", "definition", "exposure", "exposure"];
        assert_eq!(types(&folder.join("old")), old);
    }
}

#[test]
fn a_file_that_was_emptied_is_begun_anew() {
    let empty = |_: &Folder, path: &Path| {
        let file = File::options().write(true).open(path).unwrap();
        file.set_len(0).unwrap();
    };
    check(empty);
}

/// They are totals, so the file that is left has them again.
#[test]
fn losses_are_in_the_next_file() {
    let folder = Folder::new();
    let path = folder.join("tracks.jsonl");
    let sink = JsonLines::new(&path);
    let recorder = builder(units()).queue(1).sink(sink).start().unwrap();
    let sets = delay();
    for n in 0..10_000 {
        expose(&recorder, &sets, &n.to_string(), at(0));
    }
    recorder.flush().wait().unwrap();
    let has_losses = || types(&path).contains(&"loss".to_owned());
    assert!(has_losses());
    fs::remove_file(&path).unwrap();
    recorder.flush().wait().unwrap();
    assert!(has_losses());
}

/// A loss of power leaves them where lines were on their way to the disk.
#[test]
fn zero_bytes_at_the_end_are_cut() {
    let whole = whole();
    let zeros = "\0".repeat(20_000);
    for torn in ["", "{", "{\"type\":\"expo"] {
        assert_eq!(after(&format!("{whole}{torn}{zeros}")).len(), 1_003);
    }
    for torn in ["", "{", "{\"type\":\"fi"] {
        assert_eq!(after(&format!("{torn}{zeros}")).len(), 3);
    }
    assert_eq!(after(&format!("{whole}{zeros}e\":1}}")).len(), 1_003);
    // A whole line lacks its end alone.
    assert_eq!(after(&format!("{}{zeros}", whole.trim_end())).len(), 1_003);
}

#[test]
fn zero_bytes_of_another_file_stay() {
    let folder = Folder::new();
    let path = folder.join("image");
    for text in ["image\n\0\0\0", "\0\0\0image"] {
        fs::write(&path, text).unwrap();
        let sink = JsonLines::new(&path);
        assert!(builder(units()).sink(sink).start().is_err(), "{text:?}");
        assert_eq!(fs::read_to_string(&path).unwrap(), text);
    }
}

/// Otherwise a user with write access to the folder could let the program write into any of its files.
#[cfg(unix)]
#[test]
fn links_pipes_and_devices_are_refused() {
    use std::os::unix::{fs::symlink, net::UnixListener};

    let folder = Folder::new();
    let ours = folder.join("ours.jsonl");
    fs::write(&ours, whole()).unwrap();
    symlink(&ours, folder.join("link")).unwrap();
    symlink(folder.join("nothing"), folder.join("loose")).unwrap();
    let _socket = UnixListener::bind(folder.join("socket")).unwrap();
    for path in ["link", "loose", "socket"].map(|name| folder.join(name)) {
        let sink = JsonLines::new(&path);
        assert!(builder(units()).sink(sink).start().is_err(), "{path:?}");
    }
    let sink = JsonLines::new("/dev/null");
    let error = builder(units()).sink(sink).start().unwrap_err().to_string();
    assert!(
        error.contains("/dev/null: it is not a regular file"),
        "{error}"
    );
    assert_eq!(fs::read_to_string(&ours).unwrap(), whole());
    assert!(!folder.join("nothing").exists());
}

/// A link replaces an open file: events wait, and its target does not change.
#[cfg(unix)]
#[test]
fn a_link_in_the_place_of_an_open_file_is_not_followed() {
    let folder = Folder::new();
    let path = folder.join("tracks.jsonl");
    let recorder = start(units(), JsonLines::new(&path));
    let sets = delay();
    expose(&recorder, &sets, "alice", at(0));
    recorder.flush().wait().unwrap();
    fs::rename(&path, folder.join("old")).unwrap();
    std::os::unix::fs::symlink(folder.join("old"), &path).unwrap();
    let old = fs::read_to_string(folder.join("old")).unwrap();
    expose(&recorder, &sets, "bob", at(0));
    let tallies = recorder.shutdown(Duration::from_millis(300)).wait();
    assert_eq!(tallies.get("json-lines").unwrap().dropped, 1);
    assert_eq!(fs::read_to_string(folder.join("old")).unwrap(), old);
}

#[cfg(unix)]
#[test]
fn a_file_of_facts_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt;

    let folder = Folder::new();
    let path = folder.join("tracks.jsonl");
    let recorder = start(units(), JsonLines::new(&path).largest(1));
    let sets = delay();
    for key in ["alice", "bob"] {
        expose(&recorder, &sets, key, at(0));
        recorder.flush().wait().unwrap();
    }
    let names = folder.names();
    assert!(names.len() > 1, "{names:?}");
    for name in names {
        let mode = fs::metadata(folder.join(name))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    let path = folder.join("existing.jsonl");
    fs::write(&path, "").unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    let recorder = start(Units::raw(), JsonLines::new(&path));
    expose(&recorder, &sets, "carol", at(0));
    recorder.flush().wait().unwrap();
    let mode = fs::metadata(&path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o640, "the mode of an existing file stays");
    // A collector that may read a file may read the one after it.
    drop(recorder);
    let recorder = start(Units::raw(), JsonLines::new(&path).largest(1));
    expose(&recorder, &sets, "dave", at(0));
    recorder.flush().wait().unwrap();
    assert!(folder.join("existing.jsonl.1").exists());
    let mode = fs::metadata(&path).unwrap().permissions().mode();
    assert_eq!(
        mode & 0o777,
        0o640,
        "the next file has the mode of the one before"
    );
}
