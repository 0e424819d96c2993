//! The callers that wait for the thread of a sink.

use std::time::Instant;

use crate::record::sinks::SinkError;

use super::{flushes::Flushes, pending::Flushed, tally::Tally};

/// The waiting flushes, and the deadline of a shutdown.
#[derive(Default)]
pub(super) struct Asked {
    /// The flushes, each with the number of events that must have left the queue and be written.
    flushes: Flushes<u64>,
    deadline: Option<Instant>,
}

impl Asked {
    /// Adds a flush that waits for this number of events.
    pub(super) fn flush(&mut self, mark: u64, answer: oneshot::Sender<Flushed>) {
        self.flushes.push(mark, answer);
    }

    /// Sets the deadline. Of several shutdowns, the earliest counts.
    pub(super) fn close(&mut self, deadline: Instant) {
        let first = self.deadline.unwrap_or(deadline);
        self.deadline = Some(deadline.min(first));
    }

    /// Returns whether no caller waits.
    pub(super) fn is_empty(&self) -> bool {
        self.flushes.is_empty() && self.deadline.is_none()
    }

    /// Returns the deadline of the shutdown, if one was requested.
    pub(super) fn deadline(&self) -> Option<Instant> {
        self.deadline
    }

    /// Returns whether a flush waits for no more events than are done.
    pub(super) fn is_flushed(&self, done: u64) -> bool {
        self.flushes.any(|mark| *mark <= done)
    }

    /// Answers the flushes whose events are done.
    pub(super) fn answer_flushes(&mut self, done: u64, tally: impl Fn() -> Tally) {
        self.flushes.answer(|mark| *mark <= done, tally);
    }

    /// Answers all flushes with an error. Their events stay queued, and a later flush may succeed.
    pub(super) fn fail_flushes(&mut self, error: &SinkError) {
        self.flushes.fail(error);
    }
}
