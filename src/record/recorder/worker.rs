//! The thread of one sink: it takes events from the queue, writes batches, and tries again after
//! failures.

use std::{
    fmt, io, mem,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use crate::{
    record::sinks::{Record, Sink, SinkError, Taken},
    store::LostReason,
    text::chain,
    unit::Units,
    warn::warn,
};

use super::{
    backoff::Backoff, deadline, flushes::Flushes, lane::Lane, losses::Lost, refusals::Refusals,
};

/// The number of different failures that are logged before the sink is written again.
const FAILURES: usize = 4;

/// The thread of one sink.
pub(super) struct Worker {
    lane: Arc<Lane>,
    sink: Box<dyn Sink>,
    units: Units,
    pace: Pace,
    state: State,
}

/// The sizes and intervals of writes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pace {
    /// The maximum number of events in a batch.
    pub(super) batch: usize,
    /// The time that an event waits for others of its batch.
    pub(super) age: Duration,
    /// The interval at which sums and losses are written.
    pub(super) settle: Duration,
}

/// The state of a worker.
#[derive(Default)]
struct State {
    /// The records that are written next. After a failure, they stay here.
    records: Vec<Record>,
    /// The number of events that ever left the queue, by which flushes know that their events are
    /// written.
    popped: u64,
    /// The flushes that wait, each with the number of events that must have left the queue and be
    /// written.
    flushes: Flushes<u64>,
    /// The deadline of a shutdown, if one was requested.
    deadline: Option<Instant>,
    backoff: Backoff,
    refusals: Refusals,
    /// The failures that were logged since the last success.
    logged: Vec<String>,
    /// The time of the next attempt, after a failure.
    retry_at: Option<Instant>,
    settled_at: Option<Instant>,
    /// Whether something was written since the sink was last settled.
    is_unsettled: bool,
    /// Whether the sink can never be written again, so that a shutdown does not wait.
    is_over: bool,
    /// Whether a panic was logged. Only the first one is.
    has_panicked: bool,
}

impl Worker {
    /// Returns the worker of a sink that has begun.
    pub(super) fn new(lane: Arc<Lane>, sink: Box<dyn Sink>, units: Units, pace: Pace) -> Self {
        Self {
            lane,
            sink,
            units,
            pace,
            state: State::default(),
        }
    }

    /// Starts the thread, and gives its handle to the lane, which wakes it.
    pub(super) fn spawn(self) -> io::Result<()> {
        let lane = Arc::clone(&self.lane);
        let thread = thread::Builder::new().name(format!("tracks-{}", lane.name));
        let running = thread.spawn(move || self.run_guarded())?;
        lane.runs_on(running.thread().clone());
        Ok(())
    }

    /// Runs to the end, and wakes all waiters, even after a panic.
    fn run_guarded(self) {
        let lane = Arc::clone(&self.lane);
        if catch_unwind(AssertUnwindSafe(|| self.run())).is_err() {
            warn(format_args!(
                "the thread of the sink {} panicked and ended, so it records no more events",
                lane.name
            ));
        }
        lane.has_gone();
    }

    /// Runs until a shutdown. Between turns, the thread is parked until an event, a request or the
    /// time wakes it.
    fn run(mut self) {
        while let Some(wait) = self.turn() {
            // Where the sink waited for something, that may have taken the sign to go on.
            if !wait.is_zero() && !self.lane.was_woken() {
                thread::park_timeout(self.until_deadline(wait));
            }
        }
        self.end();
    }

    /// Handles requests and events, and returns how long to wait then; `None` at the end.
    ///
    /// A panic must not end the thread: the sink has no other, and events wait in its queue.
    fn turn(&mut self) -> Option<Duration> {
        // First: an event or a request that comes after this wakes the thread again.
        self.lane.looks();
        let turned = catch_unwind(AssertUnwindSafe(|| {
            self.heed();
            self.step()
        }));
        let wait = turned.unwrap_or_else(|_| self.panicked());
        (!self.has_ended()).then_some(wait)
    }

    /// Continues after a panic outside the calls of the sink, for instance in the `Display` of an
    /// error. The first one is logged.
    fn panicked(&mut self) -> Duration {
        let name = &self.lane.name;
        self.state.warn_of_panic(format_args!(
            "the thread of the sink {name} panicked; it tries again after a while"
        ));
        self.state.retry()
    }

    /// Takes the requests: new sets, flushes and shutdowns. A flush waits for the events that are
    /// queued at this moment.
    fn heed(&mut self) {
        let asked = self.lane.requests.take();
        for set in asked.sets {
            let defined = self.guarded(|sink| {
                sink.define(&set);
                Ok(())
            });
            self.state.is_unsettled |= defined.is_ok();
        }
        let (waiting, _) = self.lane.depth();
        // Events that came after the flush may be counted in: its answer is then a little late,
        // never early.
        let mark = self.state.popped + waiting as u64;
        for ((), answer) in asked.flushes.all {
            self.state.flushes.push(mark, answer);
        }
        if let Some(deadline) = asked.deadline {
            deadline::bound(&mut self.state.deadline, deadline);
        }
    }

    /// Writes a batch, and returns how long there is nothing to do.
    fn step(&mut self) -> Duration {
        let now = Instant::now();
        let retry_at = self.state.retry_at;
        if let Some(wait) = retry_at.and_then(|at| at.checked_duration_since(now)) {
            return wait;
        }
        self.fill();
        match self.write().and_then(|()| self.settle_if_due()) {
            Ok(()) => self.succeeded(),
            Err(error) => self.failed(&error),
        }
    }

    /// Takes events from the queue up to a batch, and computes their units. An invalid event is
    /// lost.
    fn fill(&mut self) {
        while self.state.records.len() < self.pace.batch {
            let Some(event) = self.lane.pop() else {
                break;
            };
            self.state.popped += 1;
            match event.record(&self.units) {
                Ok(record) => self.state.records.push(record),
                Err(event) => self.lane.lose(LostReason::Unwritable, &*event),
            }
        }
        let (waiting, capacity) = self.lane.depth();
        // Not as soon as one fits: at the limit, a queue would be full and have room by turns in
        // the log.
        if waiting < capacity / 2 {
            self.lane.has_room();
        }
    }

    /// Writes the records. A part that the sink refuses is halved until the refused record is
    /// found: about two calls for each halving. After a transient error, the rest stays.
    fn write(&mut self) -> Result<(), SinkError> {
        self.refuse()?;
        let records = mem::take(&mut self.state.records);
        // The last is the next.
        let mut parts: Vec<&[Record]> = vec![&records];
        let mut failure = None;
        while let Some(part) = parts.pop().filter(|part| !part.is_empty()) {
            match self.write_part(part) {
                Ok(()) => self.state.is_unsettled = true,
                Err(error) if error.is_transient() => {
                    parts.push(part);
                    failure = Some(error);
                    break;
                }
                Err(_) => {
                    let (first, second) = part.split_at(part.len() / 2);
                    parts.extend([second, first]);
                }
            }
        }
        self.state.records = parts.into_iter().rev().flatten().cloned().collect();
        self.state.refusals.report(&self.lane.name);
        failure.map_or(Ok(()), Err)
    }

    /// Counts records as lost that the sink does not accept.
    ///
    /// If the sink cannot decide, all records stay, and it is not asked again in this turn.
    fn refuse(&mut self) -> Result<(), SinkError> {
        let mut failure = None;
        for record in mem::take(&mut self.state.records) {
            let refused = match failure {
                Some(_) => Ok(None),
                None => self.guarded(|sink| sink.refuse(&record)),
            };
            match refused {
                Ok(Some(reason)) => {
                    self.state.is_unsettled = true;
                    self.lane.lose(reason, &record);
                    continue;
                }
                Err(error) if error.is_transient() => failure = Some(error),
                Ok(None) | Err(_) => {}
            }
            self.state.records.push(record);
        }
        failure.map_or(Ok(()), Err)
    }

    /// Writes records; a single one that is refused is set aside, or lost.
    fn write_part(&mut self, records: &[Record]) -> Result<(), SinkError> {
        match (self.guarded(|sink| sink.write(records)), records) {
            (Ok(taken), _) => {
                self.lane.counters.take(taken);
                Ok(())
            }
            (Err(error), [record]) if !error.is_transient() => self.set_aside(record, &error),
            (Err(error), _) => Err(error),
        }
    }

    /// Sets a refused record aside, or counts it as lost.
    fn set_aside(&mut self, record: &Record, error: &SinkError) -> Result<(), SinkError> {
        match self.guarded(|sink| sink.set_aside(record, error)) {
            Ok(()) => self.lane.counters.take(Taken {
                aside: 1,
                ..Taken::default()
            }),
            Err(error) if error.is_transient() => return Err(error),
            Err(_) => self.lane.lose(LostReason::Unwritable, record),
        }
        self.state.refusals.add(error);
        Ok(())
    }

    /// Settles the sink if the interval is over, or if a flush or a shutdown waits.
    fn settle_if_due(&mut self) -> Result<(), SinkError> {
        let is_old = |at: Instant| at.elapsed() >= self.pace.settle;
        let is_due = self.state.is_unsettled && self.state.settled_at.is_none_or(is_old);
        if !(is_due || self.is_answerable()) {
            return Ok(());
        }
        let losses = self.losses();
        let settled = self.guarded(|sink| sink.settle(&losses));
        // Also after a refusal: otherwise each turn would settle again.
        self.state.settled_at = Some(Instant::now());
        match settled {
            Ok(()) => self.state.is_unsettled = false,
            // No flush waits for the sums, and they delay no event.
            Err(error) if !error.is_transient() && !self.is_answerable() => {
                let name = &self.lane.name;
                warn(format_args!("{name} refused sums and losses: {error}"));
            }
            Err(error) => return Err(error),
        }
        Ok(())
    }

    /// Calls the sink. A panic in it counts as a refusal, so that its record is found by halving.
    fn guarded<R>(
        &mut self,
        work: impl FnOnce(&mut dyn Sink) -> Result<R, SinkError>,
    ) -> Result<R, SinkError> {
        let sink = &mut *self.sink;
        let worked = catch_unwind(AssertUnwindSafe(|| work(sink)));
        worked.unwrap_or_else(|_| {
            let name = &self.lane.name;
            self.state.warn_of_panic(format_args!(
                "the sink {name} panicked; each event for which it panics is set aside or lost"
            ));
            Err(SinkError::refused("the sink panicked"))
        })
    }

    /// Returns the losses of all sinks of the recorder.
    fn losses(&self) -> Vec<Lost> {
        self.lane.shared.losses.all()
    }

    /// Resets the intervals, answers flushes, and returns how long to wait.
    fn succeeded(&mut self) -> Duration {
        self.state.logged.clear();
        self.state.is_over = false;
        if self.state.retry_at.take().is_some() {
            warn(format_args!("{} can be written again", self.lane.name));
        }
        self.state.backoff.succeeded();
        let (done, counters) = (self.done(), &self.lane.counters);
        let flushes = &mut self.state.flushes;
        flushes.answer(|mark| *mark <= done, || counters.tally());
        let is_asked = !flushes.all.is_empty() || self.state.deadline.is_some();
        match self.lane.is_busy() || (is_asked && !self.is_drained()) {
            true => Duration::ZERO,
            false => self.pace.age,
        }
    }

    /// Logs a failure, answers flushes with it, and returns how long to wait.
    fn failed(&mut self, error: &SinkError) -> Duration {
        self.log(chain(error));
        self.state.is_over = error.is_over();
        // The events stay queued, so a later flush may succeed.
        self.state.flushes.fail(error);
        self.state.retry()
    }

    /// Logs a failure, once until the sink is written again. After a broken connection, the later
    /// failures often have the cause, so a few different ones are logged.
    fn log(&mut self, failure: String) {
        let logged = &mut self.state.logged;
        if logged.len() < FAILURES && !logged.contains(&failure) {
            let name = &self.lane.name;
            warn(format_args!(
                "{name} cannot be written, so events wait in its queue: {failure}"
            ));
            logged.push(failure);
        }
    }

    /// Returns the number of events that left the queue and are written or lost.
    fn done(&self) -> u64 {
        self.state.popped - self.state.records.len() as u64
    }

    /// Returns whether a flush or a shutdown waits for nothing but the settling.
    fn is_answerable(&self) -> bool {
        let is_closing = self.state.deadline.is_some() && self.is_drained();
        let done = self.done();
        is_closing || self.state.flushes.any(|mark| *mark <= done)
    }

    /// Returns whether no event is waiting.
    fn is_drained(&self) -> bool {
        self.state.records.is_empty() && self.lane.depth().0 == 0
    }

    /// Returns the shorter of a wait and the time until the deadline.
    fn until_deadline(&self, wait: Duration) -> Duration {
        let deadline = self.state.deadline;
        let left = deadline.map(|at| at.saturating_duration_since(Instant::now()));
        left.map_or(wait, |left| left.min(wait))
    }

    /// Returns whether a shutdown is complete: all is written, the sink is over, or the time is.
    fn has_ended(&self) -> bool {
        let Some(deadline) = self.state.deadline else {
            return false;
        };
        let is_done = self.is_drained() && self.state.retry_at.is_none();
        is_done || self.state.is_over || Instant::now() >= deadline
    }

    /// Counts the events that could not be written in time, and logs a warning.
    fn end(mut self) {
        for record in mem::take(&mut self.state.records) {
            self.lane.lose(LostReason::TimeOver, &record);
        }
        let deadline = self.state.deadline;
        let is_late = self.state.is_over || deadline.is_none_or(|at| Instant::now() >= at);
        self.lane.end(match is_late {
            true => LostReason::TimeOver,
            // They came after everything was written.
            false => LostReason::Closed,
        });
        let losses = self.losses();
        // The waiters get an answer anyway.
        let _ = self.guarded(|sink| sink.settle(&losses));
        // Before anybody goes on, so that a file is closed when it is opened again.
        let _ = catch_unwind(AssertUnwindSafe(|| drop(self.sink)));
    }
}

impl State {
    /// Sets the time of the next attempt, and returns how long that is.
    fn retry(&mut self) -> Duration {
        let wait = self.backoff.failed();
        self.retry_at = Some(Instant::now() + wait);
        wait
    }

    /// Logs the first panic.
    fn warn_of_panic(&mut self, message: fmt::Arguments<'_>) {
        if !mem::replace(&mut self.has_panicked, true) {
            warn(message);
        }
    }
}
