//! The way from a thread that waits to the runtime of the connections. Its invariant: no wait is
//! without a limit, also if the runtime was shut down or its threads all wait for stores.
//!
//! Work begins on the runtime within ten seconds, or the thread gives up. From then on, its own
//! limit applies, and ten seconds more in case the runtime stops.

use std::{
    fmt, io,
    sync::{
        Arc,
        mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel},
    },
    thread,
    time::Duration,
};

use sqlx::PgPool;
use tokio::{runtime::Handle, task::JoinHandle};

use super::{connections::Connections, failure::Outcome, own_runtime::OwnRuntime, within::within};
use crate::store::error::{StoreError, StoreErrorKind};

/// How long a runtime may take until it begins with what it is given.
const PATIENCE: Duration = Duration::from_secs(10);

/// From threads that wait to the runtime of the connections.
///
/// A connection belongs to the runtime on which it was made: its socket is driven by no other.
/// Where the application's runtime has one thread, that thread may be the one that waits, as when
/// the last recorder is dropped in its `main`, and then nothing would move. There the store has a
/// runtime of its own, with connections of its own. Where it has several, one that waits is not
/// missed, and the connections are those of the application's pool.
#[derive(Clone)]
pub(super) struct Bridge {
    handle: Handle,
    /// The store's own runtime, which ends with the last clone of the bridge.
    own: Option<Arc<OwnRuntime>>,
}

/// An answer that is under way.
pub(super) struct Pending<T> {
    /// The messages of the task: first that it has begun, then its result.
    news: Receiver<News<T>>,
    task: JoinHandle<()>,
    handle: Handle,
    limit: Duration,
}

/// A message of the task to the thread that waits.
enum News<T> {
    /// The runtime has begun with the work. The time limit of the work starts here.
    Begun,
    /// The work is done.
    Done(Outcome<T>),
}

impl Bridge {
    /// Returns the bridge to the runtime that polls this, or to one of the store's own.
    pub(super) fn here() -> Result<Self, StoreError> {
        let handle = Handle::try_current().map_err(|error| {
            let message = "connecting to PostgreSQL needs the runtime of tokio";
            StoreError::new(StoreErrorKind::Other, message).caused_by(error)
        })?;
        if handle.metrics().num_workers() > 1 {
            return Ok(Self { handle, own: None });
        }
        let own = Arc::new(OwnRuntime::start().map_err(no_thread)?);
        Ok(Self {
            handle: own.handle().clone(),
            own: Some(own),
        })
    }

    /// Returns the connections for this bridge: those of a pool, or others like them.
    pub(super) fn connections(&self, pool: PgPool) -> Connections {
        match self.own {
            None => Connections::of(pool),
            Some(_) => Connections::like(pool, &self.handle),
        }
    }

    /// Runs a future where the connections are, and waits for it as async code does, to its limit.
    pub(super) async fn complete<T: Send + 'static>(
        &self,
        limit: Duration,
        future: impl Future<Output = Outcome<T>> + Send + 'static,
    ) -> Result<T, StoreError> {
        let done = self.handle.spawn(within(limit, future)).await;
        // This task is never aborted, so one that did not panic was dropped with its runtime.
        let failed = |error: tokio::task::JoinError| match error.is_panic() {
            true => panicked(),
            false => gone(),
        };
        Ok(done.map_err(failed)??)
    }

    /// Runs a future on the runtime, and waits for it, to its limit.
    pub(super) fn run<T: Send + 'static>(
        &self,
        limit: Duration,
        future: impl Future<Output = Outcome<T>> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.begin(limit, future)?.wait()
    }

    /// Begins with a future on the runtime, which is given up at its limit.
    pub(super) fn begin<T: Send + 'static>(
        &self,
        limit: Duration,
        future: impl Future<Output = Outcome<T>> + Send + 'static,
    ) -> Result<Pending<T>, StoreError> {
        // Room for both, so that the runtime never waits.
        let (sender, news) = sync_channel(2);
        let task = self.spawn(tell(sender, within(limit, future)))?;
        let handle = self.handle.clone();
        Ok(Pending {
            news,
            task,
            handle,
            limit,
        })
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
        let spawning = spawning.map_err(no_thread)?;
        spawning.join().map_err(|_| gone())
    }

    /// Does what needs the runtime, such as giving a connection back to its pool.
    pub(super) fn there<T>(&self, work: impl FnOnce() -> T) -> T {
        let _context = self.handle.enter();
        work()
    }
}

/// Runs the work, and reports its beginning and its end.
async fn tell<T>(sender: SyncSender<News<T>>, future: impl Future<Output = Outcome<T>>) {
    // If the waiter has given up, the result is dropped.
    let _ = sender.try_send(News::Begun);
    let _ = sender.try_send(News::Done(future.await));
}

impl<T> Pending<T> {
    /// Waits for the answer.
    ///
    /// What was begun has its limit on the runtime, and a little more here: the runtime may stop.
    pub(super) fn wait(self) -> Result<T, StoreError> {
        let mut news = self.news.recv_timeout(PATIENCE);
        if let Ok(News::Begun) = news {
            news = self.news.recv_timeout(self.limit.saturating_add(PATIENCE));
        }
        match news {
            Ok(News::Done(outcome)) => outcome.map_err(StoreError::from),
            Err(RecvTimeoutError::Timeout) => {
                // The task may hold a connection, and a transaction with locks. Both end with
                // the task.
                self.task.abort();
                Err(stuck())
            }
            Ok(News::Begun) | Err(RecvTimeoutError::Disconnected) => Err(unfinished(&self.handle)),
        }
    }
}

/// Returns why a task did not answer: its runtime was shut down, or it panicked. One that was shut
/// down drops whatever it is given.
fn unfinished(handle: &Handle) -> StoreError {
    let (sender, answer) = sync_channel(1);
    handle.spawn(async move { sender.try_send(()) });
    match answer.recv_timeout(PATIENCE) {
        Err(RecvTimeoutError::Disconnected) => gone(),
        Ok(()) | Err(RecvTimeoutError::Timeout) => panicked(),
    }
}

/// Returns the error of work that panicked. It is a defect, not a state of the database.
fn panicked() -> StoreError {
    let message = "a task in the runtime of the pool panicked";
    StoreError::new(StoreErrorKind::Other, message)
}

/// Returns the error of a system without another thread.
fn no_thread(error: io::Error) -> StoreError {
    let message = "there is no thread left to reach PostgreSQL";
    StoreError::new(StoreErrorKind::Unavailable, message).caused_by(error)
}

/// Returns the error of a runtime that does not begin with the work.
fn stuck() -> StoreError {
    let message = "the runtime of the pool did not answer in time: it is not driven, or its threads \
                   all wait for stores, which async code calls by spawn_blocking";
    StoreError::new(StoreErrorKind::Unavailable, message)
}

/// Returns the error of a runtime that was shut down. It is `Over`: repeating the call cannot help.
fn gone() -> StoreError {
    let message = "the runtime of the pool was shut down";
    StoreError::new(StoreErrorKind::Over, message)
}

impl fmt::Debug for Bridge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bridge").finish_non_exhaustive()
    }
}
