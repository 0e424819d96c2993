//! The queue of one sink, between the request path and the sink's thread.

use std::{
    sync::{
        Arc, OnceLock,
        atomic::{
            AtomicBool, AtomicU64, AtomicUsize,
            Ordering::{AcqRel, Acquire, Relaxed, Release},
        },
    },
    thread::Thread,
    time::Instant,
};

use crossbeam_queue::ArrayQueue;

use crate::{assign::Set, record::SetDigest, store::LostReason, warn::warn};

use super::{
    builder::Shared,
    event::Event,
    losses::LostEvent,
    pending::Flushed,
    requests::Requests,
    tally::{Counters, Tally},
};

/// The number of bytes for keys and kinds, per event of the queue's capacity. Short keys are inside
/// the event and take none.
const KEY_BYTES: usize = 256;

/// The highest bit of `Lane::ended`.
const ENDED: u64 = 1 << 63;

/// The path of events to one sink: a bounded queue, which a thread empties.
pub(super) struct Lane {
    pub(super) name: Arc<str>,
    pub(super) counters: Counters,
    queue: ArrayQueue<Event>,
    /// The number of bytes that queued events take outside the queue.
    bytes: AtomicUsize,
    /// The number of queued events at which the thread is woken before its time.
    batch: usize,
    /// Whether the thread was woken since it last checked the queue. It saves a system call per
    /// event.
    woken: AtomicBool,
    thread: OnceLock<Thread>,
    /// Whether a shutdown was requested, so that no more events are accepted.
    closed: AtomicBool,
    /// Whether the thread empties the queue for the last time, or has: in the highest bit. The
    /// others count the events that came into the queue, so that the two have an order.
    ended: AtomicU64,
    /// Whether the queue overflowed, which is logged once until there is room again.
    dropping: AtomicBool,
    pub(super) shared: Shared,
    pub(super) requests: Requests,
    /// The number of events that were lost because the time of a shutdown was over.
    late: AtomicU64,
    /// Whether the thread has ended.
    gone: AtomicBool,
}

impl Lane {
    /// Returns the lane of a sink. The thread is woken at half of a queue that is smaller than two
    /// batches, so that it does not overflow before.
    pub(super) fn new(name: Arc<str>, (capacity, batch): (usize, usize), shared: &Shared) -> Self {
        Self {
            name,
            counters: Counters::default(),
            queue: ArrayQueue::new(capacity),
            bytes: AtomicUsize::new(0),
            batch: batch.min(capacity.div_ceil(2)),
            woken: AtomicBool::new(false),
            thread: OnceLock::new(),
            closed: AtomicBool::new(false),
            ended: AtomicU64::new(0),
            dropping: AtomicBool::new(false),
            shared: shared.clone(),
            requests: Requests::default(),
            late: AtomicU64::new(0),
            gone: AtomicBool::new(false),
        }
    }

    /// Puts an event into the queue, or counts it as lost. It never waits.
    pub(super) fn push(&self, event: Event) {
        self.counters.accept();
        if self.closed.load(Acquire) {
            return self.lose(LostReason::Closed, &event);
        }
        let bytes = event.bytes();
        if !self.has_room_for(bytes) {
            return self.overflow(&event);
        }
        if let Err(event) = self.queue.push(event) {
            self.leave(bytes);
            return self.overflow(&event);
        }
        // Either the end is seen here, or the event is seen there.
        if self.ended.fetch_add(1, AcqRel) & ENDED != 0 {
            // This one, or another that came as late, whose teller takes this one.
            self.lose_next(LostReason::Closed);
        } else if self.queue.len() >= self.batch {
            self.wake();
        }
    }

    /// Counts an event as lost because the queue is full, and wakes the thread. It is logged once until
    /// there is room again.
    fn overflow(&self, event: &Event) {
        self.lose(LostReason::QueueFull, event);
        // During an overflow nearly every event ends at the load, which leaves the cache line
        // shared.
        if !self.dropping.load(Relaxed) && !self.dropping.swap(true, AcqRel) {
            warn(format_args!(
                "the queue of {} is full, so events are lost; they are counted by set and track",
                self.name
            ));
        }
        // Long keys may use up the bytes before there is a batch, so that nothing has woken the
        // thread yet.
        self.wake();
    }

    /// Returns the event that waits longest.
    pub(super) fn pop(&self) -> Option<Event> {
        let event = self.queue.pop()?;
        self.leave(event.bytes());
        Some(event)
    }

    /// Returns whether there is room for what an event takes outside the queue, and takes it. Most
    /// events take nothing.
    fn has_room_for(&self, bytes: usize) -> bool {
        if bytes == 0 {
            return true;
        }
        let before = self.bytes.fetch_add(bytes, Relaxed);
        let most = self.queue.capacity().saturating_mul(KEY_BYTES);
        // The longest key finds room in the smallest queue, if it is alone.
        let has_room = before == 0 || before.saturating_add(bytes) <= most;
        if !has_room {
            self.leave(bytes);
        }
        has_room
    }

    /// Subtracts the bytes of an event that left the queue.
    fn leave(&self, bytes: usize) {
        if bytes > 0 {
            self.bytes.fetch_sub(bytes, Relaxed);
        }
    }

    /// Returns whether a batch is waiting, so that the thread does not pause.
    pub(super) fn is_busy(&self) -> bool {
        self.queue.len() >= self.batch
    }

    /// Returns the length and the capacity of the queue.
    pub(super) fn depth(&self) -> (usize, usize) {
        (self.queue.len(), self.queue.capacity())
    }

    /// Reports a set to the sink's thread, if it is new.
    pub(super) fn define(&self, set: &Arc<Set>, digest: SetDigest) {
        if self.requests.define(set, digest) {
            self.wake();
        }
    }

    /// Requests an answer when all events are written that are queued now.
    pub(super) fn flush(&self, answer: oneshot::Sender<Flushed>) {
        self.requests.flush(answer);
        self.wake();
    }

    /// Accepts no more events, and has the thread write the queued ones until the deadline, and
    /// end.
    pub(super) fn close(&self, deadline: Instant) {
        self.closed.store(true, Release);
        self.requests.close(deadline);
        self.wake();
    }

    /// Counts queued events as lost, for the last time. An event that is just being queued is counted by
    /// its sender.
    pub(super) fn end(&self, reason: LostReason) {
        self.ended.fetch_or(ENDED, AcqRel);
        while self.lose_next(reason) {}
    }

    /// Counts the next queued event as lost; returns whether there was one.
    fn lose_next(&self, reason: LostReason) -> bool {
        let next = self.pop();
        next.inspect(|event| self.lose(reason, event)).is_some()
    }

    /// Counts an event as lost.
    pub(super) fn lose<'a>(&self, reason: LostReason, event: impl Into<LostEvent<'a>>) {
        self.counters.drop();
        if reason == LostReason::TimeOver {
            self.late.fetch_add(1, Relaxed);
        }
        self.shared.losses.count(&self.name, reason, event);
    }

    /// Notes that the thread has ended. The order matters: events are counted before waiters are
    /// told, so that the last tallies are complete.
    pub(super) fn has_gone(&self) {
        self.closed.store(true, Release);
        self.end(LostReason::TimeOver);
        self.gone.store(true, Release);
        self.requests.end();
        self.shared.ending.lane_ended();
    }

    /// Returns whether the thread is gone.
    pub(super) fn has_ended(&self) -> bool {
        self.gone.load(Acquire)
    }

    /// Returns the tally after the deadline: unwritten events are lost.
    pub(super) fn given_up(&self) -> Tally {
        let tally = self.counters.tally();
        Tally {
            dropped: tally.dropped + tally.waiting(),
            ..tally
        }
    }

    /// Returns how many events were not written in time.
    pub(super) fn late(&self) -> u64 {
        let late = self.late.load(Relaxed);
        match self.has_ended() {
            true => late,
            false => late + self.counters.tally().waiting(),
        }
    }

    /// Sets the thread to wake.
    pub(super) fn runs_on(&self, thread: Thread) {
        let _ = self.thread.set(thread);
    }

    /// Notes that the thread checks the queue: later events wake it again.
    pub(super) fn looks(&self) {
        // Either the waker sees this store, or the thread sees the event after it.
        self.woken.swap(false, AcqRel);
    }

    /// Returns whether the thread was woken since it checked the queue.
    pub(super) fn was_woken(&self) -> bool {
        self.woken.load(Acquire)
    }

    /// Logs the number of lost events, once there is room again.
    pub(super) fn has_room(&self) {
        if self.dropping.swap(false, AcqRel) {
            let dropped = self.counters.tally().dropped;
            warn(format_args!(
                "the queue of {} has room again; {dropped} events were lost so far",
                self.name
            ));
        }
    }

    /// Wakes the thread, unless it was woken since it last checked.
    fn wake(&self) {
        if !self.woken.swap(true, AcqRel)
            && let Some(thread) = self.thread.get()
        {
            thread.unpark();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeMap, time::SystemTime};

    use crate::{assign::Key, event::Alias};

    use super::*;

    /// A sender may be about to queue an event when the recorder is shut down.
    #[test]
    fn events_after_the_end_count_as_lost() {
        let shared = Shared::default();
        let lane = Lane::new("store".into(), (4, 1), &shared);
        let (visitor, user) = (Key::from("alice"), Key::from(7));
        let event = Event::Alias(Alias::new(visitor, "user", user, SystemTime::UNIX_EPOCH));
        lane.push(event.clone());
        lane.end(LostReason::TimeOver);
        lane.push(event);
        let tally = lane.counters.tally();
        assert_eq!((tally.accepted, tally.dropped, lane.depth().0), (2, 2, 0));
        let all = shared.losses.all().into_iter();
        let reasons: BTreeMap<_, _> = all.map(|lost| (lost.reason.as_str(), lost.n)).collect();
        assert_eq!(reasons, [("closed", 1), ("time-over", 1)].into());
    }
}
