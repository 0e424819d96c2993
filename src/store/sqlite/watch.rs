//! A limit of the time that a reading takes.

use std::{
    io,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use rusqlite::InterruptHandle;

/// How long to wait before a connection is interrupted once more: an interruption between two
/// statements is lost.
const AGAIN: Duration = Duration::from_millis(20);

/// Interrupts a connection that reads for longer than it may, until it is dropped.
///
/// It does nothing if no limit is set. With one, it has a thread, because SQLite has no time limit
/// of its own and an interruption must come from another thread.
#[derive(Default)]
pub(super) struct Watch(Option<Watching>);

/// A watch with its thread.
struct Watching {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

/// What the reading thread and the watching thread share.
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

/// What the reading thread does.
#[derive(Clone, Copy)]
enum State {
    /// The connection is busy since then.
    Reading(Instant),
    /// The reader is busy with something else.
    Paused,
    /// The reading has ended, and so does the thread.
    Done,
}

impl Watch {
    /// Begins to watch a connection that is about to read.
    pub(super) fn start(handle: InterruptHandle, limit: Duration) -> io::Result<Self> {
        let shared = Arc::new(Shared {
            state: Mutex::new(State::Reading(Instant::now())),
            changed: Condvar::new(),
        });
        let watched = Arc::clone(&shared);
        let thread = thread::Builder::new().name("tracks-timeout".into());
        let thread = thread.spawn(move || watched.watch(&handle, limit))?;
        Ok(Self(Some(Watching {
            shared,
            thread: Some(thread),
        })))
    }

    /// Does something that is no reading. The time for the next part of the reading begins anew.
    pub(super) fn pause<T>(&self, other: impl FnOnce() -> T) -> T {
        self.set(State::Paused);
        let done = other();
        self.set(State::Reading(Instant::now()));
        done
    }

    /// Sets the state, if there is a limit.
    fn set(&self, state: State) {
        if let Self(Some(watching)) = self {
            watching.shared.set(state);
        }
    }
}

impl Shared {
    /// Sets the state, and wakes the watching thread.
    fn set(&self, state: State) {
        *self.state() = state;
        self.changed.notify_all();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until the limit, interrupts the connection, and repeats that until the reading has
    /// ended.
    fn watch(&self, handle: &InterruptHandle, limit: Duration) {
        let mut state = self.state();
        loop {
            let wait = match *state {
                State::Done => return,
                State::Paused => Duration::MAX,
                State::Reading(since) => match limit.saturating_sub(since.elapsed()) {
                    Duration::ZERO => {
                        handle.interrupt();
                        AGAIN
                    }
                    rest => rest,
                },
            };
            let waited = self.changed.wait_timeout(state, wait.min(LONGEST));
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}

/// The longest time to wait at once, which every system can.
const LONGEST: Duration = Duration::from_secs(60 * 60);

impl Drop for Watching {
    fn drop(&mut self) {
        self.shared.set(State::Done);
        // The next query of this connection must not be interrupted.
        if let Some(thread) = self.thread.take() {
            thread.join().ok();
        }
    }
}
