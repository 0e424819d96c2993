//! Flushes while a sink writes, and events while the recorder ends.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering::SeqCst},
        mpsc,
    },
    thread,
    time::{Duration, Instant},
};

use tower_tracks::{
    Observe,
    record::{Record, Recorder, Sink, SinkError, Taken},
    store::{LostReason, Memory},
};

use super::{LONG, builder, delay, exposure, units};

/// A sink that signals when it begins to write, and waits for the test.
struct Waits {
    begun: mpsc::Sender<()>,
    let_on: mpsc::Receiver<()>,
}

impl Waits {
    fn new() -> (Self, mpsc::Receiver<()>, mpsc::Sender<()>) {
        let (begun, begins) = mpsc::channel();
        let (lets_on, let_on) = mpsc::channel();
        (Self { begun, let_on }, begins, lets_on)
    }
}

impl Sink for Waits {
    fn name(&self) -> &str {
        "waits"
    }

    fn write(&mut self, records: &[Record]) -> Result<Taken, SinkError> {
        if !records.is_empty() {
            let _ = self.begun.send(());
            let _ = self.let_on.recv();
        }
        Ok(written(records))
    }
}

fn written(records: &[Record]) -> Taken {
    Taken {
        written: records.len() as u64,
        ..Taken::default()
    }
}

/// So long that the writer's next reason to wake is that it was asked.
const AGE: Duration = LONG.saturating_mul(2);

#[test]
fn a_flush_during_a_write_ends_after_it() {
    let (sink, begins, lets_on) = Waits::new();
    let recorder = Recorder::builder(units()).age(AGE).sink(sink);
    let recorder = recorder.start().unwrap();
    recorder.observe(&exposure(&delay(), "alice"));
    let first = recorder.flush();
    begins.recv().unwrap();
    let second = recorder.flush();
    // Until the sign to go on has come while the sink waits.
    thread::sleep(Duration::from_millis(20));
    lets_on.send(()).unwrap();
    let begin = Instant::now();
    first.wait().unwrap();
    second.wait().unwrap();
    assert!(begin.elapsed() < LONG);
}

#[test]
fn two_who_end_it_are_both_told_what_was_written() {
    let (sink, begins, lets_on) = Waits::new();
    let recorder = builder().batch(1).sink(sink).start().unwrap();
    recorder.observe(&exposure(&delay(), "alice"));
    recorder.observe(&exposure(&delay(), "bob"));
    begins.recv().unwrap();
    let closings = [recorder.shutdown(LONG), recorder.shutdown(LONG)];
    lets_on.send(()).unwrap();
    begins.recv().unwrap();
    // A shutdown that ended too early would have ended now.
    thread::sleep(Duration::from_millis(20));
    lets_on.send(()).unwrap();
    for closing in closings {
        let tally = closing.wait().get("waits").unwrap();
        assert_eq!((tally.written, tally.dropped), (2, 0));
    }
}

/// A sink that takes its time to be closed.
struct Closes(Arc<AtomicBool>);

impl Sink for Closes {
    fn name(&self) -> &str {
        "closes"
    }

    fn write(&mut self, records: &[Record]) -> Result<Taken, SinkError> {
        Ok(written(records))
    }
}

impl Drop for Closes {
    fn drop(&mut self) {
        thread::sleep(Duration::from_millis(20));
        self.0.store(true, SeqCst);
    }
}

#[test]
fn a_shut_down_recorder_is_closed() {
    let closed = Arc::new(AtomicBool::new(false));
    let sink = Closes(closed.clone());
    let recorder = builder().sink(sink).start().unwrap();
    let _ = recorder.shutdown(LONG).wait();
    assert!(closed.load(SeqCst));
}

#[test]
fn events_during_the_shutdown_are_written_or_counted() {
    let sets = delay();
    for _ in 0..100 {
        let recorder = builder().store(Memory::default()).start().unwrap();
        let told = AtomicU64::new(0);
        let ended = AtomicBool::new(false);
        thread::scope(|scope| {
            for _ in 0..3 {
                scope.spawn(|| {
                    while !ended.load(SeqCst) {
                        let key = told.fetch_add(1, SeqCst);
                        recorder.observe(&exposure(&sets, key));
                    }
                });
            }
            let _ = recorder.shutdown(LONG).wait();
            ended.store(true, SeqCst);
        });
        let tally = recorder.tallies().get("store").unwrap();
        let accounted = tally.written + tally.duplicates + tally.dropped + tally.aside;
        assert_eq!(
            (tally.accepted, accounted),
            (told.into_inner(), tally.accepted)
        );
        let lost: u64 = recorder.losses().iter().map(|lost| lost.n).sum();
        assert_eq!(lost, tally.dropped);
    }
}

/// A sink of a name that hangs until the sender is dropped.
struct Hangs(&'static str, mpsc::Receiver<()>);

impl Sink for Hangs {
    fn name(&self) -> &str {
        self.0
    }

    fn write(&mut self, records: &[Record]) -> Result<Taken, SinkError> {
        if !records.is_empty() {
            let _ = self.1.recv();
        }
        Ok(written(records))
    }
}

#[test]
fn a_drop_that_loses_events_says_how_many_of_each_sink_in_one_line() {
    let (one, hung) = mpsc::channel();
    let (other, also_hung) = mpsc::channel();
    let recorder = Recorder::builder(units()).age(AGE);
    let recorder = recorder
        .sink(Hangs("hung", hung))
        .store(Memory::default())
        .sink(Hangs("also-hung", also_hung))
        .start()
        .unwrap();
    for key in 0..3_000 {
        recorder.observe(&exposure(&delay(), key));
    }
    let log = crate::log::Log::start();
    drop(recorder);
    let lines = log.lines("the recorder ended before all events were written");
    let [line] = &lines[..] else {
        panic!("{lines:?}");
    };
    let said = "3000 events of hung, 3000 events of also-hung are lost";
    assert!(line.contains(said), "{line}");
    drop((one, other));
}

#[test]
fn a_drop_that_loses_nothing_says_nothing() {
    let recorder = builder().store(Memory::default()).start().unwrap();
    recorder.observe(&exposure(&delay(), "alice"));
    let log = crate::log::Log::start();
    drop(recorder);
    assert_eq!(log.count(""), 0);
}

/// A sink whose runtime was shut down: it can never be written again.
struct Over;

impl Sink for Over {
    fn name(&self) -> &str {
        "over"
    }

    fn write(&mut self, records: &[Record]) -> Result<Taken, SinkError> {
        match records.is_empty() {
            true => Ok(Taken::default()),
            false => Err(SinkError::over("its runtime was shut down")),
        }
    }
}

#[test]
fn a_shutdown_does_not_wait_for_a_sink_that_is_over() {
    let recorder = builder().sink(Over).start().unwrap();
    (0..10_u64).for_each(|key| recorder.observe(&exposure(&delay(), key)));
    assert!(recorder.flush().wait().is_err());
    let begin = Instant::now();
    let tally = recorder.shutdown(Duration::MAX).wait().get("over").unwrap();
    assert!(begin.elapsed() < Duration::from_secs(30));
    assert_eq!((tally.accepted, tally.dropped), (10, 10));
    let losses = recorder.losses();
    assert!(
        losses
            .iter()
            .all(|lost| lost.reason == LostReason::TimeOver)
    );
}
