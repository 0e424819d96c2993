//! A process that records, killed at any moment.
//!
//! Ten times in every run; `TRACKS_KILLS=200 cargo test --test it recorder::killed` is the long one.

use std::{
    env, fs,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, SystemTime},
};

use tower_tracks::{
    Key, Observe,
    record::{Recorder, Tally},
    store::{Sqlite, Store},
};

use super::{LONG, builder, delay, exposure_at};

/// In the environment of the process that is killed: the file.
const FILE: &str = "TRACKS_TEST_KILLED";

/// The number of visitors between two flushes.
const ROUND: u64 = 50;

#[test]
fn a_confirmed_flush_survives_a_kill_and_counts_once() {
    if let Some(file) = env::var_os(FILE) {
        record_for_ever(Path::new(&file));
    }
    let kills = env::var("TRACKS_KILLS").map_or(10, |kills| kills.parse().unwrap());
    for kill in 0..kills {
        let file = File::new(kill);
        // From the middle of the first batch to many batches later.
        let moment = Duration::from_micros(kill * 7_919 % 120_000);
        let confirmed = kill_after(&file.0, moment);
        check(&file.0, confirmed);
    }
}

/// Reports one visitor after another, each with a purchase, and prints the confirmed number.
fn record_for_ever(file: &Path) -> ! {
    let recorder = recorder(file);
    for round in 0_u64.. {
        tell(&recorder, round * ROUND..(round + 1) * ROUND);
        recorder.flush().wait().unwrap();
        println!("confirmed {}", (round + 1) * ROUND);
    }
    unreachable!("there are many rounds")
}

fn recorder(file: &Path) -> Recorder {
    builder()
        .store(Sqlite::open(file).unwrap())
        .start()
        .unwrap()
}

/// Tells always the same of the same visitors.
fn tell(recorder: &Recorder, visitors: std::ops::Range<u64>) {
    let sets = delay();
    for visitor in visitors {
        let at = SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000 + visitor);
        recorder.observe(&exposure_at(&sets, visitor, at));
        let purchase = recorder.reached(&Key::from(visitor), "purchase").at(at);
        purchase.value(1.0).once(visitor.to_string()).unwrap();
    }
}

/// Starts this very test as another process, kills it, and returns how many visitors it said were
/// confirmed.
fn kill_after(file: &Path, moment: Duration) -> u64 {
    let mut child = start(file);
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let lines = lines.map_while(Result::ok);
    let mut confirmed =
        lines.filter_map(|line| line.strip_prefix("confirmed ")?.parse::<u64>().ok());
    let first = confirmed.next().unwrap();
    thread::sleep(moment);
    child.kill().unwrap();
    child.wait().unwrap();
    confirmed.last().unwrap_or(first)
}

fn start(file: &Path) -> Child {
    let test = "recorder::killed::a_confirmed_flush_survives_a_kill_and_counts_once";
    let mut command = Command::new(env::current_exe().unwrap());
    command
        .args([test, "--exact", "--nocapture"])
        .env(FILE, file);
    command.stdout(Stdio::piped()).spawn().unwrap()
}

fn check(file: &Path, confirmed: u64) {
    // Reported again, every confirmed fact is known.
    let again = told_again(file, confirmed);
    assert_eq!(
        (again.written, again.dropped),
        (0, 0),
        "of {confirmed}: {again}"
    );
    // Told beyond that, there is one of each.
    let more = confirmed + 10 * ROUND;
    told_again(file, more);
    let (mut exposures, mut conversions) = (0, 0);
    let mut count = |batch: tower_tracks::store::Batch| {
        exposures += batch.exposures.len() as u64;
        conversions += batch.conversions.len() as u64;
        Ok(())
    };
    Sqlite::open(file).unwrap().dump(&mut count).unwrap();
    assert!(exposures >= more && exposures == conversions);
    assert!(exposures <= more.max(confirmed + 100 * ROUND));
}

fn told_again(file: &Path, visitors: u64) -> Tally {
    let recorder = recorder(file);
    tell(&recorder, 0..visitors);
    recorder.shutdown(LONG).wait().get("store").unwrap()
}

/// A file of one kill, which goes with it.
struct File(PathBuf);

impl File {
    fn new(kill: u64) -> Self {
        let name = format!("killed-{}-{kill}.sqlite", std::process::id());
        Self(Path::new(env!("CARGO_TARGET_TMPDIR")).join(name))
    }
}

impl Drop for File {
    fn drop(&mut self) {
        for end in ["", "-wal", "-shm"] {
            let mut path = self.0.clone().into_os_string();
            path.push(end);
            let _ = fs::remove_file(path);
        }
    }
}
