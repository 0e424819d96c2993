//! The end of a recorder, for which several callers may wait.

use std::{
    mem,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread,
    time::{Duration, Instant},
};

use crate::warn::warn;

use super::{deadline, lane::Lane, tally::Tallies};

/// The additional time after a deadline, since a sink may be in the middle of a write.
const GRACE: Duration = Duration::from_millis(100);

/// The end of a recorder: its waiters and their deadlines.
///
/// A sink may hang in a write, and a waiter may be async. So a single thread waits for all of them.
#[derive(Default)]
pub(super) struct Ending {
    state: Mutex<State>,
    changed: Condvar,
}

/// The earliest deadline, and the callers that wait.
#[derive(Default)]
struct State {
    deadline: Option<Instant>,
    waiters: Vec<oneshot::Sender<Tallies>>,
    /// Whether the thread runs that waits for the lanes.
    is_awaited: bool,
}

impl Ending {
    /// Returns an answer that comes when all of these lanes have ended, or the time is over.
    pub(super) fn of(
        self: &Arc<Self>,
        lanes: &[Arc<Lane>],
        deadline: Instant,
    ) -> oneshot::Receiver<Tallies> {
        let (sender, answer) = oneshot::channel();
        let mut state = self.lock();
        deadline::bound(&mut state.deadline, deadline);
        // A program may ask for a shutdown again and again and drop each answer.
        state.waiters.retain(|waiter| !waiter.is_closed());
        state.waiters.push(sender);
        if !mem::replace(&mut state.is_awaited, true) && self.spawn(lanes).is_err() {
            // Dropped, by which they learn that there will be no answer.
            *state = State::default();
        }
        drop(state);
        // The thread that waits may sleep until a later deadline than this one.
        self.changed.notify_all();
        answer
    }

    /// Waits until all of these lanes have ended, or the time is over; warns about lost events.
    pub(super) fn wait(&self, lanes: &[Arc<Lane>], deadline: Instant) -> Tallies {
        let mut state = self.lock();
        deadline::bound(&mut state.deadline, deadline);
        let have_ended = || lanes.iter().all(|lane| lane.has_ended());
        while let Some(left) = state.left().filter(|_| !have_ended()) {
            let waited = self.changed.wait_timeout(state, left);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        drop(state);
        warn_of_lost(lanes);
        Tallies::of(lanes, Lane::given_up)
    }

    /// Wakes the waiters, because a lane has ended.
    pub(super) fn lane_ended(&self) {
        // With the lock, no waiter can miss the notification.
        drop(self.lock());
        self.changed.notify_all();
    }

    /// Starts the thread that waits for all lanes, and answers all waiters at once.
    fn spawn(self: &Arc<Self>, lanes: &[Arc<Lane>]) -> std::io::Result<()> {
        let (ending, lanes) = (Arc::clone(self), lanes.to_vec());
        let waits = move || {
            let deadline = ending.lock().deadline;
            let tallies = ending.wait(&lanes, deadline.unwrap_or_else(Instant::now));
            // The whole state is taken, so that a later shutdown starts a thread of its own.
            let State { waiters, .. } = mem::take(&mut *ending.lock());
            for waiter in waiters {
                let _ = waiter.send(tallies.clone());
            }
        };
        let thread = thread::Builder::new().name("tracks-closing".into());
        thread.spawn(waits).map(drop)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Returns the remaining time, with the grace; `None` if it is over.
    fn left(&self) -> Option<Duration> {
        let end = self.deadline? + GRACE;
        let left = end.saturating_duration_since(Instant::now());
        (!left.is_zero()).then_some(left)
    }
}

/// Warns about the events of each sink that were not written in time.
fn warn_of_lost(lanes: &[Arc<Lane>]) {
    let lost = lanes.iter().filter_map(|lane| match lane.late() {
        0 => None,
        late => Some(format!("{late} events of {}", lane.name)),
    });
    let lost: Vec<String> = lost.collect();
    if !lost.is_empty() {
        warn(format_args!(
            "the recorder ended before all events were written: {} are lost; give `shutdown` a \
             longer timeout",
            lost.join(", ")
        ));
    }
}
