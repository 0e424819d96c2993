use std::{
    collections::HashSet,
    mem,
    sync::{Arc, Mutex, PoisonError},
    time::Instant,
};

use crate::assign::Set;

use super::{flushes::Flushes, pending::Flushed};

/// What the thread of a sink is asked for beside writing, until it looks.
///
/// A sink may hang in a write for hours, and so what waits here is bounded: a set waits once, a
/// flush as long as somebody waits for it, and of all shutdowns the first deadline.
#[derive(Default)]
pub(super) struct Requests(Mutex<State>);

#[derive(Default)]
struct State {
    waiting: Waiting,
    /// The addresses of the sets that wait.
    known: HashSet<usize>,
    is_closed: bool,
}

/// What waits.
#[derive(Default)]
pub(super) struct Waiting {
    /// Sets to take note of.
    pub(super) sets: Vec<Arc<Set>>,
    /// Flushes to answer.
    pub(super) flushes: Flushes<()>,
    /// When to end at the latest, if it is to end.
    pub(super) deadline: Option<Instant>,
}

impl Requests {
    pub(super) fn define(&self, set: &Arc<Set>) {
        self.with(|state| {
            if state.known.insert(Arc::as_ptr(set).addr()) {
                state.waiting.sets.push(Arc::clone(set));
            }
        });
    }

    pub(super) fn flush(&self, answer: oneshot::Sender<Flushed>) {
        self.with(|state| state.waiting.flushes.push((), answer));
    }

    pub(super) fn close(&self, deadline: Instant) {
        self.with(|state| {
            let first = state.waiting.deadline.unwrap_or(deadline);
            state.waiting.deadline = Some(deadline.min(first));
        });
    }

    /// Returns what waits, which then waits no longer.
    pub(super) fn take(&self) -> Waiting {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        state.known.clear();
        mem::take(&mut state.waiting)
    }

    /// Refuses all that waits and all that comes: the thread is gone. Whoever waits for a flush
    /// learns it by the lost answer.
    pub(super) fn end(&self) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *state = State {
            is_closed: true,
            ..State::default()
        };
    }

    fn with(&self, change: impl FnOnce(&mut State)) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !state.is_closed {
            change(&mut state);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use crate::{
        assign::{Key, SimpleTrackSet},
        event::Exposure,
    };

    use super::*;

    #[test]
    fn what_waits_for_a_sink_that_hangs_is_bounded() {
        let requests = Requests::default();
        let sets = SimpleTrackSet::new("delay").track("long", 1);
        let sets = sets.build().unwrap();
        let key = Key::from("alice");
        let exposure = Exposure::new(sets.assign(&key, &()), key, SystemTime::now()).unwrap();
        let (set, _) = exposure.met().unwrap();
        let deadline = Instant::now();
        for _ in 0..10_000 {
            requests.define(set);
            requests.flush(oneshot::channel().0);
            requests.close(deadline);
        }
        let waiting = requests.take();
        assert_eq!((waiting.sets.len(), waiting.deadline), (1, Some(deadline)));
        assert!(waiting.flushes.into_iter().count() <= 64);
        requests.define(set);
        assert_eq!(
            requests.take().sets.len(),
            1,
            "it was taken, and so may wait again"
        );
    }

    #[test]
    fn flushes_after_the_end_are_not_kept() {
        let requests = Requests::default();
        let (sender, receiver) = oneshot::channel();
        requests.flush(sender);
        requests.end();
        assert!(receiver.recv().is_err());
        let (sender, receiver) = oneshot::channel();
        requests.flush(sender);
        assert!(receiver.recv().is_err());
    }
}
