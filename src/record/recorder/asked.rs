use std::time::Instant;

use crate::record::SinkError;

use super::{pending::Flushed, tally::Tally};

/// Who waits for the thread of a sink.
#[derive(Default)]
pub(super) struct Asked {
    /// Who waits until so many events have left the queue and are written.
    flushes: Vec<(u64, oneshot::Sender<Flushed>)>,
    /// Who waits for the end, each until when.
    closings: Vec<(Instant, oneshot::Sender<Tally>)>,
}

impl Asked {
    pub(super) fn flush(&mut self, mark: u64, answer: oneshot::Sender<Flushed>) {
        self.flushes.push((mark, answer));
    }

    pub(super) fn close(&mut self, deadline: Instant, answer: oneshot::Sender<Tally>) {
        self.closings.push((deadline, answer));
    }

    pub(super) fn is_empty(&self) -> bool {
        self.flushes.is_empty() && self.closings.is_empty()
    }

    /// Returns when to end at the latest, if it is to end: none of those who wait for it waits
    /// longer than it said.
    pub(super) fn deadline(&self) -> Option<Instant> {
        let closings = self.closings.iter();
        closings.map(|(deadline, _)| *deadline).min()
    }

    /// Returns whether a flush waits for no more events than that are done.
    pub(super) fn is_flushed(&self, done: u64) -> bool {
        self.flushes.iter().any(|(mark, _)| *mark <= done)
    }

    /// Answers those flushes before which everything is written.
    pub(super) fn answer_flushes(&mut self, done: u64, tally: impl Fn() -> Tally) {
        for (_, answer) in self.flushes.extract_if(.., |(mark, _)| *mark <= done) {
            let _ = answer.send(Ok(tally()));
        }
    }

    pub(super) fn fail_flushes(&mut self, error: &SinkError) {
        for (_, answer) in self.flushes.drain(..) {
            let _ = answer.send(Err(error.to_string()));
        }
    }

    /// Answers those who waited for the end.
    pub(super) fn answer_closings(self, tally: impl Fn() -> Tally) {
        for (_, answer) in self.closings {
            let _ = answer.send(tally());
        }
    }
}
