//! Several sinks at once: a slow or broken one delays no other.

use std::{
    collections::BTreeMap,
    fs,
    panic::resume_unwind,
    sync::{Arc, mpsc},
    thread::sleep,
    time::{Duration, Instant},
};

use tower_tracks::{
    MultiTrackSet,
    record::{JsonLines, Record, Recorder, Sink, SinkError, Taken},
    store::{Attribute, Memory, PhaseName, Question, Store},
};

use super::{Folder, at, builder, delay, expose, units};

/// Waits until the test ends.
struct Sleeps(mpsc::Receiver<()>);

struct Panics;

struct Fails;

impl Sink for Sleeps {
    fn name(&self) -> &str {
        "sleeps"
    }

    fn write(&mut self, records: &[Record]) -> Result<Taken, SinkError> {
        let _ = self.0.recv();
        Ok(Taken {
            written: records.len() as u64,
            ..Taken::default()
        })
    }
}

impl Sink for Panics {
    fn name(&self) -> &str {
        "panics"
    }

    fn write(&mut self, _: &[Record]) -> Result<Taken, SinkError> {
        // As `panic!`, without its message in the log of the tests.
        resume_unwind(Box::new("on purpose"))
    }
}

impl Sink for Fails {
    fn name(&self) -> &str {
        "fails"
    }

    fn write(&mut self, _: &[Record]) -> Result<Taken, SinkError> {
        Err(SinkError::transient("the network is gone"))
    }
}

/// How many events wait for a sink at most.
const QUEUE: usize = 64;

/// The number of events at once, for which the other queues have room.
const CHUNK: usize = 32;

const CHUNKS: usize = 100;

/// How long it may take until the healthy ones have a chunk, on a machine that is busy.
const PATIENCE: Duration = Duration::from_secs(10);

fn wait_for(recorder: &Recorder, sink: &str, events: usize) {
    let begin = Instant::now();
    let written = || recorder.tallies().get(sink).unwrap().written;
    while written() < events as u64 {
        assert!(
            begin.elapsed() < PATIENCE,
            "{sink} is delayed:\n{}",
            recorder.tallies()
        );
        sleep(Duration::from_millis(1));
    }
}

#[test]
fn none_delays_another() {
    let folder = Folder::new();
    let path = folder.join("tracks.jsonl");
    let store = Arc::new(Memory::default());
    let (wake, sleeps) = mpsc::channel();
    let recorder = builder(units())
        .queue(QUEUE)
        .sink(Sleeps(sleeps))
        .sink(Panics)
        .store(store.clone())
        .sink(Fails)
        .sink(JsonLines::new(&path))
        .start()
        .unwrap();
    let sets = delay();
    for chunk in 1..=CHUNKS {
        for n in 0..CHUNK {
            expose(&recorder, &sets, &format!("{chunk} {n}"), at(0));
        }
        wait_for(&recorder, "store", chunk * CHUNK);
        wait_for(&recorder, "json-lines", chunk * CHUNK);
    }
    let told = told(&sets);
    // The slow one took one batch, and its queue is full.
    for (track, told) in &told {
        let lost = lost(&recorder, "sleeps", track);
        assert!(
            (told - CHUNK - QUEUE..=*told).contains(&lost),
            "{track}: {lost}"
        );
    }
    drop(wake);
    let tallies = recorder.shutdown(Duration::from_secs(1)).wait();
    for (name, tally) in tallies.iter() {
        let all = (CHUNK * CHUNKS) as u64;
        assert_eq!((tally.accepted, tally.waiting()), (all, 0), "{name}");
    }
    for (track, told) in told {
        for (sink, expected) in [
            ("panics", told),
            ("fails", told),
            ("store", 0),
            ("json-lines", 0),
        ] {
            // Beyond the time, a thread may still be at it.
            let begin = Instant::now();
            while lost(&recorder, sink, &track) < expected && begin.elapsed() < PATIENCE {
                sleep(Duration::from_millis(1));
            }
            assert_eq!(lost(&recorder, sink, &track), expected, "{sink}: {track}");
        }
    }
    assert_eq!(units_in(&store), CHUNK * CHUNKS);
    let text = fs::read_to_string(&path).unwrap();
    let exposures = text.lines().filter(|line| line.contains(r#""exposure""#));
    assert_eq!(exposures.count(), CHUNK * CHUNKS);
}

/// Returns the number of reported exposures to each track.
fn told(sets: &MultiTrackSet) -> BTreeMap<String, usize> {
    let mut told = BTreeMap::new();
    for (chunk, n) in (1..=CHUNKS).flat_map(|chunk| (0..CHUNK).map(move |n| (chunk, n))) {
        let track = sets.assign(format!("{chunk} {n}"), &()).track().unwrap();
        *told.entry(format!("delay@2/{track}")).or_default() += 1;
    }
    told
}

/// Returns how many exposures to a track a sink lost, for whatever reason.
fn lost(recorder: &Recorder, sink: &str, track: &str) -> usize {
    let all = recorder.losses().into_iter();
    let of_sink = all.filter(|lost| &*lost.sink == sink);
    let of_track = of_sink.filter(|lost| lost.track.as_ref().unwrap().to_string() == track);
    of_track.map(|lost| lost.n as usize).sum()
}

fn units_in(store: &Memory) -> usize {
    let phase: PhaseName = store.phases().unwrap().remove(0).name;
    let question = Question::new(phase, at(100).into());
    let attribution = store.attribute(&question).unwrap().unwrap();
    attribution.units.values().sum::<u64>() as usize
}
