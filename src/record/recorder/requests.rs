//! Requests to the thread of a sink: sets, flushes and shutdowns.

use std::{
    collections::HashSet,
    mem,
    sync::{Arc, Mutex, PoisonError},
    time::Instant,
};

use crate::{assign::Set, record::SetDigest};

use super::{deadline, flushes::Flushes, pending::Flushed};

/// Requests to the thread of a sink, other than events.
///
/// A sink may hang in a write for hours, so requests are bounded: at most [`SETS`] sets, the flushes that
/// still have a waiter, and the earliest deadline of all shutdowns.
#[derive(Default)]
pub(super) struct Requests(Mutex<State>);

/// The number of sets that may wait, and that are remembered: a program may build sets without end.
const SETS: usize = 1_000;

/// The requests, behind one lock that is held for moments only.
#[derive(Default)]
struct State {
    waiting: Waiting,
    /// The sets that wait, or that the thread has taken. When there are too many, they are
    /// forgotten and may be reported again.
    known: HashSet<SetDigest>,
    /// Whether the thread has ended.
    is_closed: bool,
}

/// The requests that wait for the thread.
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
    /// Adds a set, if it is new and there is room; returns whether it was added.
    pub(super) fn define(&self, set: &Arc<Set>, digest: SetDigest) -> bool {
        self.with(|state| {
            let is_new = state.is_new(digest);
            let new = is_new.then(|| Arc::clone(set));
            state.waiting.sets.extend(new);
            is_new
        })
    }

    /// Adds a flush.
    pub(super) fn flush(&self, answer: oneshot::Sender<Flushed>) {
        self.with(|state| state.waiting.flushes.push((), answer));
    }

    /// Adds a shutdown. Of several deadlines, the earliest counts.
    pub(super) fn close(&self, deadline: Instant) {
        self.with(|state| deadline::bound(&mut state.waiting.deadline, deadline));
    }

    /// Returns all waiting requests, and removes them.
    pub(super) fn take(&self) -> Waiting {
        self.with(|state| mem::take(&mut state.waiting))
    }

    /// Drops all present and future requests, because the thread has ended. The waiters of flushes get an
    /// error.
    pub(super) fn end(&self) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *state = State {
            is_closed: true,
            ..State::default()
        };
    }

    /// Changes the requests, unless the thread has ended.
    fn with<T: Default>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match state.is_closed {
            true => T::default(),
            false => change(&mut state),
        }
    }
}

impl State {
    /// Returns whether there is room for a set that is not known, and notes that it is known.
    fn is_new(&mut self, set: SetDigest) -> bool {
        // A set without room stays unknown, so that it is added when it is reported again.
        if self.waiting.sets.len() >= SETS || self.known.contains(&set) {
            return false;
        }
        if self.known.len() >= SETS {
            self.known.clear();
        }
        self.known.insert(set)
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
    fn requests_to_a_hanging_sink_are_bounded() {
        let requests = Requests::default();
        let sets = SimpleTrackSet::new("delay").track("long", 1);
        let sets = sets.build().unwrap();
        let key = Key::from("alice");
        let exposure = Exposure::new(sets.assign(&key, &()), key, SystemTime::now()).unwrap();
        let (set, _) = exposure.met().unwrap();
        let deadline = Instant::now();
        for _ in 0..10_000 {
            requests.define(set, SetDigest::of(set));
            requests.flush(oneshot::channel().0);
            requests.close(deadline);
        }
        let waiting = requests.take();
        assert_eq!((waiting.sets.len(), waiting.deadline), (1, Some(deadline)));
        assert!(waiting.flushes.all.len() <= 64);
        assert!(!requests.define(set, SetDigest::of(set)), "it is known");
        assert!(requests.take().sets.is_empty());
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
