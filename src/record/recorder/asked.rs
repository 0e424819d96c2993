use std::time::Instant;

use crate::record::SinkError;

use super::{flushes::Flushes, pending::Flushed, tally::Tally};

/// Who waits for the thread of a sink, and until when it runs.
#[derive(Default)]
pub(super) struct Asked {
    /// Who waits until so many events have left the queue and are written.
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

    /// Returns when to end at the latest, if it is to end: none of those who wait for it waits
    /// longer than it said.
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
