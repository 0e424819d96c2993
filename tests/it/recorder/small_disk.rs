//! A disk without room: what cannot be written waits, and is written once there is room.

use std::{
    env, fs,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{self, Child, Command, Stdio},
    time::Instant,
};

use tower_tracks::{
    Observe,
    record::{Recorder, Tally},
    store::Sqlite,
};

use super::{LONG, builder, delay, exposure};

/// In the environment of the process whose files may not grow: the file.
const FILE: &str = "TRACKS_TEST_SMALL_DISK";

/// How large a file may become, in blocks of 512 or 1,024 bytes.
const SHELL: &str = "trap '' XFSZ; ulimit -S -f 1000; exec \"$0\" \"$@\"";

/// The write-ahead log grows until nothing can be written. The program goes on.
#[test]
fn events_wait_for_room_and_are_written_without_a_restart() {
    if let Some(file) = env::var_os(FILE) {
        return record_beyond_the_room(Path::new(&file));
    }
    let directory = Directory::new();
    let mut child = start(&directory.0.join("facts.db"));
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut lines = lines.map_while(Result::ok);
    assert!(lines.any(|line| line.ends_with("full")));
    make_room(&child);
    let end = lines.find(|line| line.contains("written "));
    assert!(child.wait().unwrap().success(), "{end:?}");
}

fn start(file: &Path) -> Child {
    let test = "recorder::small_disk::events_wait_for_room_and_are_written_without_a_restart";
    let mut command = Command::new("sh");
    command.args(["-c", SHELL]).arg(env::current_exe().unwrap());
    command
        .args([test, "--exact", "--nocapture"])
        .env(FILE, file);
    command.stdout(Stdio::piped()).spawn().unwrap()
}

fn make_room(child: &Child) {
    let mut command = Command::new("prlimit");
    let pid = child.id().to_string();
    let room = command.args(["--pid", &pid, "--fsize=unlimited:"]).status();
    assert!(room.unwrap().success());
}

fn record_beyond_the_room(file: &Path) {
    let store = Sqlite::open(file).unwrap();
    let recorder = builder().store(store).start().unwrap();
    let mut told = 0;
    while told < 200_000 && tell(&recorder, &mut told) {}
    println!("full");
    let begin = Instant::now();
    while recorder.flush().wait().is_err() {
        assert!(begin.elapsed() < LONG);
    }
    let tally = tally(&recorder);
    assert_eq!((tally.accepted, tally.written), (told, told));
    assert_eq!((tally.dropped, tally.aside), (0, 0));
    println!("written {told}");
}

/// Reports some visitors; returns whether all events are written.
fn tell(recorder: &Recorder, told: &mut u64) -> bool {
    let sets = delay();
    (*told..*told + 2_000).for_each(|key| recorder.observe(&exposure(&sets, key)));
    *told += 2_000;
    recorder.flush().wait().is_ok()
}

fn tally(recorder: &Recorder) -> Tally {
    recorder.tallies().get("store").unwrap()
}

/// A new directory, which is removed when it is dropped.
struct Directory(PathBuf);

impl Directory {
    fn new() -> Self {
        let name = format!("tower-tracks-small-disk-{}", process::id());
        let path = env::temp_dir().join(name);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.0));
    }
}
