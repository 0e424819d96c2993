use std::{
    fmt,
    sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel},
    thread::{self, ThreadId},
    time::Duration,
};

use tokio::{
    runtime::{Handle, RuntimeFlavor},
    task::JoinHandle,
};

use super::failure::Outcome;
use crate::record::{StoreError, StoreErrorKind};

/// How long a runtime may take until it begins with what it is given.
const PATIENCE: Duration = Duration::from_secs(10);

/// From threads that wait to the runtime of the pool.
#[derive(Clone)]
pub(super) struct Bridge {
    handle: Handle,
    /// The thread that drove the runtime when it was met. A runtime on one thread is stuck while
    /// that thread waits for it.
    driver: ThreadId,
}

/// An answer that is under way.
pub(super) struct Pending<T> {
    news: Receiver<News<T>>,
    task: JoinHandle<()>,
}

enum News<T> {
    Begun,
    Done(Outcome<T>),
}

impl Bridge {
    /// Returns the bridge to the runtime that polls this.
    pub(super) fn here() -> Result<Self, StoreError> {
        let handle = Handle::try_current().map_err(|error| {
            let message = "connecting to PostgreSQL needs the runtime of tokio";
            StoreError::new(StoreErrorKind::Other, message).caused_by(error)
        })?;
        let driver = thread::current().id();
        Ok(Self { handle, driver })
    }

    /// Runs a future on the runtime, and waits for it.
    pub(super) fn run<T: Send + 'static>(
        &self,
        future: impl Future<Output = Outcome<T>> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.refuse_to_be_stuck()?;
        self.begin(future)?.wait()
    }

    /// Begins with a future on the runtime, for those whom [`run`](Self::run) has let through.
    pub(super) fn begin<T: Send + 'static>(
        &self,
        future: impl Future<Output = Outcome<T>> + Send + 'static,
    ) -> Result<Pending<T>, StoreError> {
        // Room for both, so that the runtime never waits.
        let (sender, news) = sync_channel(2);
        let task = self.spawn(tell(sender, future))?;
        Ok(Pending { news, task })
    }

    /// What a thread of a runtime spawns may be queued for that very thread, which is about to wait.
    /// So a thread that may be one has another spawn it.
    fn spawn(
        &self,
        future: impl Future<Output = ()> + Send + 'static,
    ) -> Result<JoinHandle<()>, StoreError> {
        if Handle::try_current().is_err() {
            return Ok(self.handle.spawn(future));
        }
        let handle = self.handle.clone();
        let spawning = thread::Builder::new().spawn(move || handle.spawn(future));
        let spawning = spawning.map_err(|error| {
            let message = "there is no thread left to reach PostgreSQL";
            StoreError::new(StoreErrorKind::Unavailable, message).caused_by(error)
        })?;
        spawning.join().map_err(|_| gone())
    }

    /// Drops what must be dropped on the runtime, such as a connection that goes back to its pool.
    pub(super) fn drop_there<T>(&self, value: T) {
        let _context = self.handle.enter();
        drop(value);
    }

    fn refuse_to_be_stuck(&self) -> Result<(), StoreError> {
        let is_inside = Handle::try_current().is_ok_and(|here| here.id() == self.handle.id());
        let is_alone = self.handle.runtime_flavor() == RuntimeFlavor::CurrentThread;
        match is_inside && is_alone && thread::current().id() == self.driver {
            false => Ok(()),
            true => {
                let message = "a store was called by async code on the one thread of its \
                               runtime, which would wait for itself: use spawn_blocking";
                Err(StoreError::new(StoreErrorKind::Other, message))
            }
        }
    }
}

async fn tell<T>(sender: SyncSender<News<T>>, future: impl Future<Output = Outcome<T>>) {
    // Whoever does not wait any more needs no news.
    let _ = sender.try_send(News::Begun);
    let _ = sender.try_send(News::Done(future.await));
}

impl<T> Pending<T> {
    /// Waits for the answer.
    ///
    /// What was begun has the time limits of the pool and of the server.
    pub(super) fn wait(self) -> Result<T, StoreError> {
        let mut news = self.news.recv_timeout(PATIENCE);
        if let Ok(News::Begun) = news {
            news = self.news.recv().map_err(|_| RecvTimeoutError::Disconnected);
        }
        match news {
            Ok(News::Done(outcome)) => outcome.map_err(StoreError::from),
            Err(RecvTimeoutError::Timeout) => {
                self.task.abort();
                Err(stuck())
            }
            Ok(News::Begun) | Err(RecvTimeoutError::Disconnected) => Err(gone()),
        }
    }
}

fn stuck() -> StoreError {
    let message = "the runtime of the pool did not begin within ten seconds: it is not driven, or \
                   its threads all wait for stores, which async code calls by spawn_blocking";
    StoreError::new(StoreErrorKind::Unavailable, message)
}

fn gone() -> StoreError {
    let message = "the runtime of the pool was shut down";
    StoreError::new(StoreErrorKind::Unavailable, message)
}

impl fmt::Debug for Bridge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bridge").finish_non_exhaustive()
    }
}
