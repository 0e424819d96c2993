//! A recorder bounds its memory, whatever it receives.

use std::{
    collections::HashSet,
    sync::mpsc,
    time::{Duration, SystemTime},
};

use tower_tracks::{
    Goal, Key, Observe, SimpleTrackSet,
    event::{Alias, Conversion},
    record::{JsonLines, Lost, Record, Sink, SinkError, Taken},
    store::{Memory, Store},
};

use super::{LONG, builder, delay, exposure};

/// A sink that refuses everything.
struct Refuses;

impl Sink for Refuses {
    fn name(&self) -> &str {
        "refuses"
    }

    fn write(&mut self, _: &[Record]) -> Result<Taken, SinkError> {
        Err(SinkError::refused("no"))
    }
}

/// A sink that signals when it writes, and hangs until the sender is dropped.
struct Hangs {
    begun: mpsc::Sender<()>,
    let_on: mpsc::Receiver<()>,
}

impl Hangs {
    fn new() -> (Self, mpsc::Receiver<()>, mpsc::Sender<()>) {
        let (begun, begins) = mpsc::channel();
        let (lets_on, let_on) = mpsc::channel();
        (Self { begun, let_on }, begins, lets_on)
    }
}

impl Sink for Hangs {
    fn name(&self) -> &str {
        "hangs"
    }

    fn write(&mut self, records: &[Record]) -> Result<Taken, SinkError> {
        if !records.is_empty() {
            let _ = self.begun.send(());
            let _ = self.let_on.recv();
        }
        Ok(Taken {
            written: records.len() as u64,
            ..Taken::default()
        })
    }
}

fn goals(losses: &[Lost]) -> HashSet<&str> {
    let goals = losses.iter().filter_map(|lost| lost.goal.as_ref());
    goals.map(|goal| goal.as_str()).collect()
}

#[test]
fn losses_tell_the_first_thousand_goals_apart_and_lose_none_of_the_total() {
    let file = std::env::temp_dir().join(format!("tracks-goals-{}", std::process::id()));
    let (store, lines) = (Memory::default(), JsonLines::new(&file));
    let store = std::sync::Arc::new(store);
    let recorder = builder().queue(32_768).sink(Refuses).sink(lines);
    let recorder = recorder.store(store.clone()).start().unwrap();
    for number in 0..20_000 {
        let goal = format!("goal_{number}");
        let reached = recorder.reached(&Key::from(1), &goal);
        reached.once("1").unwrap();
    }
    recorder.flush().wait().unwrap();
    recorder.flush().wait().unwrap();
    let losses = recorder.losses();
    assert_eq!(losses.iter().map(|lost| lost.n).sum::<u64>(), 20_000);
    assert_eq!(goals(&losses).len(), 1_001);
    let other = losses.iter().find(|lost| goal_of(lost) == "other").unwrap();
    assert_eq!(other.n, 19_000);
    // As in the store, and each once in the file, however often they are reported.
    let _ = recorder.shutdown(LONG).wait();
    let kept = store.losses().unwrap();
    assert_eq!(
        (kept.len(), kept.iter().map(|loss| loss.n).sum()),
        (1_001, 20_000)
    );
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::remove_file(&file).unwrap();
    let written = text
        .lines()
        .filter(|line| line.contains("\"goal_1\"") && line.contains("loss"));
    assert_eq!(written.count(), 1);
}

fn goal_of(lost: &Lost) -> &str {
    lost.goal.as_ref().map_or("", |goal| goal.as_str())
}

/// A program may build its sets anew for each request.
#[test]
fn losses_of_sets_that_are_built_again_are_counted_together() {
    let recorder = builder().sink(Refuses).start().unwrap();
    for key in 0..3_000 {
        recorder.observe(&exposure(&delay(), key));
    }
    recorder.flush().wait().unwrap();
    let losses = recorder.losses();
    assert_eq!(losses.len(), 3);
    assert_eq!(losses.iter().map(|lost| lost.n).sum::<u64>(), 3_000);
}

#[test]
fn losses_beyond_ten_thousand_tracks_are_counted_without_a_track() {
    let recorder = builder().sink(Refuses).start().unwrap();
    for number in 0..10_010 {
        let set = SimpleTrackSet::new(format!("set_{number}")).without_control();
        let sets = set.track("on", 1_u8).build().unwrap();
        recorder.observe(&exposure(&sets, 1));
    }
    recorder.flush().wait().unwrap();
    let losses = recorder.losses();
    assert_eq!(losses.len(), 10_001);
    let other = losses.iter().find(|lost| lost.track.is_none()).unwrap();
    assert_eq!(other.n, 10);
}

#[test]
fn a_queue_bounds_the_bytes_of_long_keys() {
    let (sink, begins, lets_on) = Hangs::new();
    let recorder = builder().queue(64).sink(sink).start().unwrap();
    let sets = delay();
    recorder.observe(&exposure(&sets, 1));
    begins.recv().unwrap();
    for number in 0..100 {
        let key = format!("{number:01024}");
        recorder.observe(&exposure(&sets, key));
    }
    // 256 bytes for each of 64 events.
    let (_, waiting, capacity) = recorder.depths().next().unwrap();
    assert_eq!((waiting, capacity), (16, 64));
    let tally = recorder.tallies().get("hangs").unwrap();
    assert_eq!((tally.accepted, tally.dropped), (101, 84));
    // Short keys take nothing of that.
    recorder.observe(&exposure(&sets, 1));
    assert_eq!(recorder.depths().next().unwrap().1, 17);
    drop(lets_on);
    recorder.flush().wait().unwrap();
    // What was written has left its room.
    recorder.observe(&exposure(&sets, "x".repeat(1_024)));
    recorder.flush().wait().unwrap();
    let tally = recorder.shutdown(LONG).wait().get("hangs").unwrap();
    assert_eq!((tally.written, tally.dropped), (19, 84));
}

/// An observer receives kinds of any length, valid or not.
#[test]
fn a_queue_bounds_the_bytes_of_kinds() {
    let (sink, begins, lets_on) = Hangs::new();
    let recorder = builder().queue(64).sink(sink).start().unwrap();
    recorder.observe(&exposure(&delay(), 1));
    begins.recv().unwrap();
    let (key, now) = (Key::from(1), SystemTime::now());
    for number in 0..50 {
        let kind = format!("{number:a>1024}");
        let goal = Goal::new("purchase").unwrap();
        recorder.conversion(&Conversion::new((&*kind, &key), goal, now));
        recorder.alias(&Alias::new(key.clone(), &kind, key.clone(), now));
    }
    let (_, waiting, capacity) = recorder.depths().next().unwrap();
    assert_eq!((waiting, capacity), (16, 64));
    let tally = recorder.tallies().get("hangs").unwrap();
    assert_eq!((tally.accepted, tally.dropped), (101, 84));
    drop(lets_on);
    let _ = recorder.shutdown(LONG).wait();
}

#[test]
fn the_smallest_queue_takes_the_longest_key() {
    let recorder = builder().queue(1).store(Memory::default()).start().unwrap();
    for _ in 0..3 {
        recorder.observe(&exposure(&delay(), "x".repeat(1_024)));
        recorder.flush().wait().unwrap();
    }
    let tally = recorder.tallies().get("store").unwrap();
    assert_eq!((tally.accepted, tally.dropped), (3, 0));
}

#[test]
fn flushes_of_a_sink_that_hangs_fail_when_it_ends() {
    let (sink, begins, lets_on) = Hangs::new();
    let recorder = builder().sink(sink).start().unwrap();
    recorder.observe(&exposure(&delay(), 1));
    begins.recv().unwrap();
    let waiting = recorder.flush();
    for _ in 0..100_000 {
        drop(recorder.flush());
    }
    let closing = recorder.shutdown(Duration::ZERO);
    assert_eq!(closing.wait().get("hangs").unwrap().dropped, 1);
    drop(lets_on);
    // It is answered either way: written after all, or given up.
    drop(waiting.wait());
}

/// Counts the threads of this process that wait for the end of a recorder.
#[cfg(target_os = "linux")]
fn closing_threads() -> usize {
    let tasks = std::fs::read_dir("/proc/self/task").unwrap();
    let name = |task: std::io::Result<std::fs::DirEntry>| {
        std::fs::read_to_string(task.ok()?.path().join("comm")).ok()
    };
    let names = tasks.filter_map(name);
    names.filter(|name| name.trim() == "tracks-closing").count()
}

/// Other tests have recorders of their own, but not hundreds.
#[cfg(target_os = "linux")]
#[test]
fn one_thread_waits_however_many_shut_a_recorder_down() {
    let (sink, begins, lets_on) = Hangs::new();
    let recorder = builder().sink(sink).start().unwrap();
    recorder.observe(&exposure(&delay(), 1));
    begins.recv().unwrap();
    let closings: Vec<_> = (0..500).map(|_| recorder.shutdown(LONG)).collect();
    assert!(closing_threads() < 100, "{}", closing_threads());
    drop(lets_on);
    for closing in closings {
        assert_eq!(closing.wait().get("hangs").unwrap().written, 1);
    }
}
