use std::{
    sync::{
        Arc, OnceLock,
        atomic::{
            AtomicBool, AtomicU64,
            Ordering::{AcqRel, Acquire, Relaxed, Release},
        },
        mpsc,
    },
    thread::Thread,
    time::Instant,
};

use crossbeam_queue::ArrayQueue;

use crate::assign::Set;

use super::{
    event::Event,
    losses::{Losses, LostReason, Lostling},
    pending::Flushed,
    tally::{Counters, Tally},
};

/// The highest bit.
const ENDED: u64 = 1 << 63;

/// The way of events to one sink: a bounded queue, and a thread that empties it.
pub(super) struct Lane {
    pub(super) index: usize,
    pub(super) name: Arc<str>,
    pub(super) counters: Counters,
    queue: ArrayQueue<Event>,
    /// So many waiting events are worth waking the thread for.
    batch: usize,
    /// Whether the thread was woken since it last looked.
    woken: AtomicBool,
    thread: OnceLock<Thread>,
    closed: AtomicBool,
    /// Whether the thread empties the queue for the last time, or has: in the highest bit. The
    /// others count the events that came into the queue, so that the two have an order.
    ended: AtomicU64,
    /// Whether events are being dropped, which is said once until none is.
    dropping: AtomicBool,
    losses: Arc<Losses>,
    commands: mpsc::Sender<Command>,
}

/// What is asked of the thread, beside writing.
pub(super) enum Command {
    Define(Arc<Set>),
    /// To answer once all is written that came by now.
    Flush(oneshot::Sender<Flushed>),
    /// To write all that came by now, by this time, and to end.
    Close(Instant, oneshot::Sender<Tally>),
}

impl Lane {
    pub(super) fn new(
        index: usize,
        name: Arc<str>,
        (capacity, batch): (usize, usize),
        losses: Arc<Losses>,
    ) -> (Self, mpsc::Receiver<Command>) {
        let (commands, received) = mpsc::channel();
        let lane = Self {
            index,
            name,
            counters: Counters::default(),
            queue: ArrayQueue::new(capacity),
            batch: batch.min(capacity.div_ceil(2)),
            woken: AtomicBool::new(false),
            thread: OnceLock::new(),
            closed: AtomicBool::new(false),
            ended: AtomicU64::new(0),
            dropping: AtomicBool::new(false),
            losses,
            commands,
        };
        (lane, received)
    }

    /// Puts an event into the queue, or counts it as lost. It never waits.
    pub(super) fn push(&self, event: Event) {
        self.counters.accept();
        if self.closed.load(Acquire) {
            return self.lose(LostReason::Closed, &event);
        }
        match self.queue.push(event) {
            Ok(()) => {
                // Either the end is seen here, or the event is seen there.
                if self.ended.fetch_add(1, AcqRel) & ENDED != 0 {
                    // This one, or another that came as late, whose teller takes this one.
                    self.lose_next(LostReason::Closed);
                } else if self.queue.len() >= self.batch {
                    self.wake();
                }
            }
            Err(event) => {
                self.lose(LostReason::QueueFull, &event);
                self.warn_once();
                self.wake();
            }
        }
    }

    /// Returns the event that waits longest.
    pub(super) fn pop(&self) -> Option<Event> {
        self.queue.pop()
    }

    /// Returns whether so many events wait that the thread need not.
    pub(super) fn is_busy(&self) -> bool {
        self.queue.len() >= self.batch
    }

    /// Returns how many events wait, and how many can.
    pub(super) fn depth(&self) -> (usize, usize) {
        (self.queue.len(), self.queue.capacity())
    }

    pub(super) fn command(&self, command: Command) {
        // Who is gone wants nothing any more; whoever asked learns it by the lost answer.
        let _ = self.commands.send(command);
        self.wake();
    }

    pub(super) fn close(&self) {
        self.closed.store(true, Release);
    }

    /// Counts as lost what waits, for the last time. What is on its way into the queue is counted
    /// by whoever tells it.
    pub(super) fn end(&self, reason: LostReason) {
        self.ended.fetch_or(ENDED, AcqRel);
        while self.lose_next(reason) {}
    }

    fn lose_next(&self, reason: LostReason) -> bool {
        let next = self.pop();
        next.inspect(|event| self.lose(reason, event)).is_some()
    }

    pub(super) fn lose<'a>(&self, reason: LostReason, event: impl Into<Lostling<'a>>) {
        self.counters.drop(1);
        self.losses.count((self.index, &self.name), reason, event);
    }

    /// Returns the tally when nobody waits any longer: what was not written by now is lost.
    pub(super) fn given_up(&self) -> Tally {
        let tally = self.counters.tally();
        Tally {
            dropped: tally.dropped + tally.waiting(),
            ..tally
        }
    }

    /// Says which thread to wake.
    pub(super) fn runs_on(&self, thread: Thread) {
        let _ = self.thread.set(thread);
    }

    /// Notes that the thread looks at what waits: whoever comes later wakes it again.
    pub(super) fn looks(&self) {
        // Either who wakes it sees this, or what they woke it for is seen after this.
        self.woken.swap(false, AcqRel);
    }

    /// Returns whether somebody woke the thread since it looked.
    pub(super) fn was_woken(&self) -> bool {
        self.woken.load(Acquire)
    }

    /// Says how many were lost, once there is room again.
    pub(super) fn has_room(&self) {
        if self.dropping.swap(false, AcqRel) {
            let dropped = self.counters.tally().dropped;
            warn(format_args!(
                "the queue of {} has room again; {dropped} events were lost so far",
                self.name
            ));
        }
    }

    fn wake(&self) {
        if self.woken.swap(true, AcqRel) {
            return;
        }
        if let Some(thread) = self.thread.get() {
            thread.unpark();
        }
    }

    fn warn_once(&self) {
        if !self.dropping.load(Relaxed) && !self.dropping.swap(true, AcqRel) {
            warn(format_args!(
                "the queue of {} is full, so events are lost; they are counted by set and track",
                self.name
            ));
        }
    }
}

pub(in crate::record) use crate::warn::warn;

#[cfg(test)]
mod tests {
    use std::{collections::BTreeMap, time::SystemTime};

    use crate::{assign::Key, event::Alias};

    use super::*;

    /// Of one who was about to put it into the queue when the recorder was shut down.
    #[test]
    fn what_comes_after_the_end_is_counted_and_nothing_stays() {
        let losses = Arc::new(Losses::default());
        let (lane, _) = Lane::new(0, "store".into(), (4, 1), Arc::clone(&losses));
        let (visitor, user) = (Key::from("alice"), Key::from(7));
        let event = Event::Alias(Alias::new(visitor, "user", user, SystemTime::UNIX_EPOCH));
        lane.push(event.clone());
        lane.end(LostReason::TimeOver);
        lane.push(event);
        let tally = lane.counters.tally();
        assert_eq!((tally.accepted, tally.dropped, lane.depth().0), (2, 2, 0));
        let all = losses.all().into_iter();
        let reasons: BTreeMap<_, _> = all.map(|lost| (lost.reason.as_str(), lost.n)).collect();
        assert_eq!(reasons, [("closed", 1), ("time-over", 1)].into());
    }
}
