//! The flushes that wait for an answer.

use crate::record::sinks::SinkError;

use super::{pending::Flushed, tally::Tally};

/// The number of flushes from which abandoned ones are removed.
const FEW: usize = 64;

/// The waiting flushes, each with the event that it waits for.
///
/// Abandoned flushes, for instance after a timeout, are removed. That happens when there are twice as
/// many as were left the last time, so the cost per flush is constant.
#[derive(Default)]
pub(super) struct Flushes<T> {
    pub(super) all: Vec<(T, oneshot::Sender<Flushed>)>,
    /// The number from which abandoned flushes are removed, if it is more than [`FEW`].
    enough: usize,
}

impl<T> Flushes<T> {
    /// Adds a flush, and removes abandoned ones if there are many.
    pub(super) fn push(&mut self, what: T, answer: oneshot::Sender<Flushed>) {
        if self.all.len() >= FEW.max(self.enough) {
            self.all.retain(|(_, answer)| !answer.is_closed());
            self.enough = 2 * self.all.len();
        }
        self.all.push((what, answer));
    }

    /// Returns whether the closure is true for a waiting flush.
    pub(super) fn any(&self, is_meant: impl Fn(&T) -> bool) -> bool {
        self.all.iter().any(|(what, _)| is_meant(what))
    }

    /// Answers the flushes for which the closure is true. An abandoned one ignores its answer.
    pub(super) fn answer(&mut self, is_meant: impl Fn(&T) -> bool, tally: impl Fn() -> Tally) {
        for (_, answer) in self.all.extract_if(.., |(what, _)| is_meant(what)) {
            let _ = answer.send(Ok(tally()));
        }
    }

    /// Answers all flushes with an error.
    pub(super) fn fail(&mut self, error: &SinkError) {
        for (_, answer) in self.all.drain(..) {
            let _ = answer.send(Err(error.to_string()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flushes_that_nobody_waits_for_are_forgotten() {
        let mut flushes = Flushes::default();
        let waiting: Vec<_> = (0..100_000)
            .filter_map(|number| {
                let (sender, receiver) = oneshot::channel();
                flushes.push((), sender);
                assert!(flushes.all.len() <= FEW.max(2 * (1 + number / 1_000)));
                (number % 1_000 == 0).then_some(receiver)
            })
            .collect();
        flushes.answer(|()| true, Tally::default);
        assert!(flushes.all.is_empty());
        for receiver in waiting {
            assert_eq!(receiver.recv(), Ok(Ok(Tally::default())));
        }
    }
}
