use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
    thread::{self, JoinHandle},
    time::{Duration, Instant, SystemTime},
};

use tower_tracks::{Exposure, Key, MultiTrackSet, Observe, SimpleTrackSet, record::Recorder};

/// A thread that reports exposures to a recorder at a fixed rate, each of a new visitor.
pub(super) struct Pump {
    stop: Arc<AtomicBool>,
    thread: JoinHandle<Told>,
}

/// The number of reported exposures.
pub(super) struct Told {
    /// How long each call took, in nanoseconds.
    pub(super) times: Vec<u32>,
    pub(super) by_track: BTreeMap<String, u64>,
}

impl Pump {
    pub(super) fn start(recorder: Option<Recorder>, a_second: u32) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        let thread = thread::spawn(move || run(recorder.as_ref(), a_second, &stopped));
        Self { stop, thread }
    }

    pub(super) fn stop(self) -> Told {
        self.stop.store(true, Relaxed);
        self.thread.join().unwrap()
    }
}

pub(super) fn delay() -> MultiTrackSet {
    let set = SimpleTrackSet::new("delay")
        .track("short", 500)
        .track("long", 2000);
    set.build().unwrap()
}

fn run(recorder: Option<&Recorder>, a_second: u32, stop: &AtomicBool) -> Told {
    /// A burst each millisecond: a thread cannot sleep for less.
    const BURSTS: u32 = 1_000;
    let sets = delay();
    let begin = Instant::now();
    // Made before, so that it is the recorder's memory that grows.
    let mut times = Vec::with_capacity(2_000_000);
    let mut by_track = [0_u64; 3];
    let names = ["control", "short", "long"];
    let mut key = 0_u64;
    for burst in 1.. {
        if stop.load(Relaxed) {
            break;
        }
        for _ in 0..a_second / BURSTS {
            key += 1;
            let choice = sets.assign(key, &());
            let exposure = Exposure::new(choice, Key::from(key), SystemTime::now()).unwrap();
            let track = names.iter().position(|name| *name == exposure.track());
            by_track[track.unwrap()] += 1;
            let start = Instant::now();
            if let Some(recorder) = recorder {
                recorder.observe(&exposure);
            }
            times.push(start.elapsed().as_nanos() as u32);
        }
        let due = begin + Duration::from_secs(1) / BURSTS * burst;
        thread::sleep(due.saturating_duration_since(Instant::now()));
    }
    let by_track = names.into_iter().map(str::to_owned).zip(by_track);
    Told {
        times,
        by_track: by_track.collect(),
    }
}
