use std::time::Instant;

use crate::record::sinks::SinkError;

use super::{flushes::Flushes, pending::Flushed, tally::Tally};

/// The waiters for the thread of a sink, and its deadline.
#[derive(Default)]
pub(super) struct Asked {
    /// The flushes that wait until a number of events has left the queue and is written.
    flushes: Flushes<u64>,
    deadline: Option<Instant>,
}

impl Asked {
    pub(super) fn flush(&mut self, mark: u64, answer: oneshot::Sender<Flushed>) {
        self.flushes.push(mark, answer);
    }

    pub(super) fn close(&mut self, deadline: Instant) {
        let first = self.deadline.unwrap_or(deadline);
        self.deadline = Some(deadline.min(first));
    }

    pub(super) fn is_empty(&self) -> bool {
        self.flushes.is_empty() && self.deadline.is_none()
    }

    /// Returns the deadline of the end, if there is one: the earliest of all waiters.
    pub(super) fn deadline(&self) -> Option<Instant> {
        self.deadline
    }

    /// Returns whether a flush waits for no more events than that are done.
    pub(super) fn is_flushed(&self, done: u64) -> bool {
        self.flushes.any(|mark| *mark <= done)
    }

    /// Answers those flushes before which everything is written.
    pub(super) fn answer_flushes(&mut self, done: u64, tally: impl Fn() -> Tally) {
        self.flushes.answer(|mark| *mark <= done, tally);
    }

    pub(super) fn fail_flushes(&mut self, error: &SinkError) {
        self.flushes.fail(error);
    }
}
