//! Rotation, by a clock that jumps, through a recorder and into real files.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::id,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::{Duration, Instant, SystemTime},
};

use crate::{
    assign::{Key, SimpleTrackSet},
    event::{Exposure, Observe},
    record::recorder::{Lost, Recorder},
    store::{LostReason, Timestamp},
    unit::Units,
};

use super::{clock::Now, sink::JsonLines};

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// A folder, a recorder that writes into it, and both clocks, in seconds.
struct Bench {
    folder: PathBuf,
    recorder: Recorder,
    wall: Arc<AtomicI64>,
    steady: Arc<AtomicI64>,
}

impl Bench {
    fn new(name: &str, sink: impl Fn(JsonLines) -> JsonLines) -> Self {
        let folder = env::temp_dir().join(format!("tower-tracks-rotation-{}-{name}", id()));
        fs::create_dir_all(&folder).unwrap();
        let (wall, steady) = (Arc::new(AtomicI64::new(20_000 * DAY)), Arc::default());
        let clock = clock(&wall, &steady);
        let sink = sink(JsonLines::new(folder.join("tracks.jsonl"))).clock(clock);
        let units = Units::pseudonym("sixteen random bytes, or more").unwrap();
        let recorder = Recorder::builder(units).sink(sink).start().unwrap();
        Self {
            folder,
            recorder,
            wall,
            steady,
        }
    }

    /// Lets time pass, by either clock alone where it jumps.
    fn pass(&self, wall: i64, steady: i64) {
        self.wall.fetch_add(wall, Ordering::Relaxed);
        self.steady.fetch_add(steady, Ordering::Relaxed);
    }

    /// Records an exposure, and waits until it is written or lost.
    fn expose(&self, key: &str) {
        let sets = SimpleTrackSet::new("delay").track("long", 2000);
        let sets = sets.build().unwrap();
        let key = Key::from(key.to_owned());
        let choice = sets.assign(&key, &());
        let exposure = Exposure::new(choice, key, SystemTime::now()).unwrap();
        self.recorder.observe(&exposure);
        self.recorder.flush().wait().unwrap();
    }

    fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(&self.folder).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<_> = names.collect();
        names.sort();
        names
    }

    fn bytes(&self) -> u64 {
        let size = |name: &String| fs::metadata(self.folder.join(name)).unwrap().len();
        self.names().iter().map(size).sum()
    }

    fn has(&self, name: &str) -> bool {
        self.folder.join(name).exists()
    }

    fn lost(&self) -> u64 {
        let is_ceiling = |lost: &&Lost| lost.reason == LostReason::Ceiling && lost.track.is_some();
        let losses = self.recorder.losses();
        losses.iter().filter(is_ceiling).map(|lost| lost.n).sum()
    }
}

impl Drop for Bench {
    fn drop(&mut self) {
        let _ = self.recorder.shutdown(Duration::from_secs(10)).wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn clock(
    wall: &Arc<AtomicI64>,
    steady: &Arc<AtomicI64>,
) -> impl Fn() -> Now + Send + Sync + 'static {
    let (wall, steady, start) = (Arc::clone(wall), Arc::clone(steady), Instant::now());
    move || Now {
        wall: Timestamp::from_micros(wall.load(Ordering::Relaxed) * 1_000_000),
        steady: start + Duration::from_secs(steady.load(Ordering::Relaxed).unsigned_abs()),
    }
}

#[test]
fn each_day_has_a_file_of_its_own() {
    let bench = Bench::new("days", JsonLines::daily);
    for (key, hours) in [
        ("alice", 1),
        ("bob", 22),
        ("carol", 2),
        ("dave", 23),
        ("erin", 24),
    ] {
        bench.pass(hours * HOUR, hours * HOUR);
        bench.expose(key);
    }
    // 01:00 and 23:00, 01:00, 00:00, 00:00.
    let names = [
        "tracks.jsonl",
        "tracks.jsonl.1",
        "tracks.jsonl.2",
        "tracks.jsonl.3",
    ];
    assert_eq!(bench.names(), names);
}

/// The times of files are set to the distant past meanwhile: they do not matter.
#[test]
fn a_clock_that_jumps_puts_aside_at_most_a_file_an_hour() {
    for (name, jump) in [("ahead", DAY), ("back", -DAY), ("to-and-fro", 0)] {
        let bench = Bench::new(name, JsonLines::daily);
        for round in 0..100 {
            let jump = match jump {
                0 if round % 2 == 0 => DAY,
                0 => -DAY,
                jump => jump,
            };
            bench.pass(jump, MINUTE);
            bench.expose("alice");
            let path = bench.folder.join("tracks.jsonl");
            let file = fs::File::options().write(true).open(path).unwrap();
            file.set_modified(SystemTime::UNIX_EPOCH).unwrap();
        }
        let put_aside = bench.names().len() - 1;
        // Of 100 minutes.
        assert!(put_aside <= 2, "{name}: {put_aside}");
    }
}

#[test]
fn a_clock_that_was_far_ahead_does_not_end_rotation() {
    let bench = Bench::new("was-ahead", JsonLines::daily);
    bench.pass(20_000 * DAY, MINUTE);
    bench.expose("alice");
    bench.pass(-20_000 * DAY, MINUTE);
    bench.expose("bob");
    assert_eq!(bench.names().len(), 1);
    bench.pass(DAY, DAY);
    bench.expose("carol");
    assert_eq!(bench.names().len(), 2);
}

const LARGEST: u64 = 2_000;

#[test]
fn a_flood_keeps_the_files_of_the_days_before() {
    let week = Duration::from_secs(7 * DAY.unsigned_abs());
    let bench = Bench::new("flood", |sink| sink.largest(LARGEST).keep(3).keep_for(week));
    for day in 0..2 {
        bench.expose(&format!("honest {day}"));
        bench.pass(DAY, DAY);
    }
    let honest = fs::read(bench.folder.join("tracks.jsonl")).unwrap();
    for n in 0..200 {
        bench.expose(&n.to_string());
    }
    let first = fs::read(bench.folder.join("tracks.jsonl.1")).unwrap();
    assert!(first.starts_with(&honest), "the honest lines are there");
    assert_eq!(bench.names().len(), 4);
    // A batch may go beyond each.
    assert!(bench.bytes() <= 4 * (LARGEST + 1_000), "{}", bench.bytes());
    let lost = bench.lost();
    assert!(lost > 100, "{lost} are counted, by track");
    // A clock that jumps ahead removes nothing; the first file is old enough after a week.
    bench.pass(30 * DAY, MINUTE);
    bench.expose("after a jump");
    assert!(bench.has("tracks.jsonl.1") && bench.lost() == lost + 1);
    bench.pass(7 * DAY, 7 * DAY);
    bench.expose("after a week");
    assert!(!bench.has("tracks.jsonl.1") && bench.has("tracks.jsonl.4"));
    assert_eq!(bench.lost(), lost + 1, "it is written");
}

#[test]
fn files_of_others_are_neither_counted_nor_removed() {
    let bench = Bench::new("others", |sink| sink.largest(1).keep(1));
    let other = bench.folder.join("tracks.jsonl.1");
    fs::write(&other, "notes\n").unwrap();
    for n in 0..5 {
        bench.expose(&n.to_string());
    }
    assert_eq!(fs::read_to_string(&other).unwrap(), "notes\n");
    let names = ["tracks.jsonl", "tracks.jsonl.1", "tracks.jsonl.5"];
    assert_eq!(bench.names(), names);
}

/// By the header that an earlier process wrote.
#[test]
fn the_file_of_yesterday_is_put_aside_after_a_restart() {
    let bench = Bench::new("restart", JsonLines::daily);
    bench.expose("alice");
    let _ = bench.recorder.shutdown(Duration::from_secs(10)).wait();
    let path: &Path = &bench.folder.join("tracks.jsonl");
    for (days, expected) in [(0, 1), (1, 2), (0, 2)] {
        bench.pass(days * DAY, MINUTE);
        let sink = JsonLines::new(path).daily();
        let sink = sink.clock(clock(&bench.wall, &bench.steady));
        let recorder = Recorder::builder(Units::raw()).sink(sink).start().unwrap();
        let other = Bench {
            folder: bench.folder.clone(),
            recorder,
            wall: Arc::clone(&bench.wall),
            steady: Arc::clone(&bench.steady),
        };
        other.expose("bob");
        assert_eq!(bench.names().len(), expected);
        let _ = other.recorder.shutdown(Duration::from_secs(10)).wait();
        // The folder is that of the first.
        std::mem::forget(other);
    }
}
