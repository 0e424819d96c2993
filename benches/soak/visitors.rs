//! Ten million fresh visitors, each exposed once, into a file of SQLite.
//!
//! The file is the one that `SOAK` names, or one that goes with the bench. Units are raw, so that
//! `tracks --store FILE verify-log` can recompute each assignment.

use std::{
    env, fs, thread,
    time::{Duration, Instant, SystemTime},
};

use tower_tracks::{
    Exposure, Key, MultiTrackSet, Observe, SimpleTrackSet, Units,
    record::Recorder,
    store::{Sqlite, Store},
};

const VISITORS: u64 = 10_000_000;

pub(super) fn record(is_short: bool) {
    let visitors = if is_short { VISITORS / 20 } else { VISITORS };
    let kept = env::var("SOAK");
    let path = kept.clone().unwrap_or_else(|_| {
        let name = format!("soak-{}.sqlite", std::process::id());
        env::temp_dir().join(name).to_string_lossy().into_owned()
    });
    soak(&path, visitors);
    if kept.is_err() {
        for end in ["", "-wal", "-shm"] {
            let _ = fs::remove_file(format!("{path}{end}"));
        }
    }
}

fn soak(path: &str, visitors: u64) {
    let store = Sqlite::open(path).unwrap();
    let recorder = Recorder::builder(Units::raw())
        .store(store)
        .start()
        .unwrap();
    let sets = delay();
    let begin = Instant::now();
    for visitor in 0..visitors {
        recorder.observe(&exposure(&sets, visitor));
        if visitor % 1_000 == 0 {
            wait_for_room(&recorder);
        }
        if (visitor + 1) % (visitors / 10) == 0 {
            let megabytes = resident() as f64 / 1e6;
            println!("{:9} told, {megabytes:.0} MB in memory", visitor + 1);
        }
    }
    let tallies = recorder.shutdown(Duration::from_secs(600)).wait();
    let seconds = begin.elapsed().as_secs_f64();
    let tally = tallies.get("store").unwrap();
    println!("{tally}");
    println!("{:.0} facts a second", tally.written as f64 / seconds);
    let rows = rows(path);
    println!("{rows} rows");
    assert_eq!(tally.accepted, visitors);
    assert_eq!(rows, visitors - tally.dropped);
}

fn delay() -> MultiTrackSet {
    let set = SimpleTrackSet::new("delay")
        .track("short", 500)
        .track("long", 2000);
    set.build().unwrap()
}

fn exposure(sets: &MultiTrackSet, visitor: u64) -> Exposure {
    let choice = sets.assign(visitor, &());
    Exposure::new(choice, Key::from(visitor), SystemTime::now()).unwrap()
}

/// A load that a store can bear: events are reported as fast as they are written.
fn wait_for_room(recorder: &Recorder) {
    while recorder
        .depths()
        .any(|(_, waiting, capacity)| waiting > capacity / 2)
    {
        thread::sleep(Duration::from_millis(1));
    }
}

fn rows(path: &str) -> u64 {
    let mut rows = 0;
    let mut count = |batch: tower_tracks::store::Batch| {
        rows += batch.exposures.len() as u64;
        Ok(())
    };
    Sqlite::open(path).unwrap().dump(&mut count).unwrap();
    rows
}

/// Returns the bytes of this process that are in memory; 0 where that is not known.
fn resident() -> u64 {
    let statm = fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages = statm.split(' ').nth(1).and_then(|pages| pages.parse().ok());
    pages.unwrap_or(0_u64) * 4096
}
