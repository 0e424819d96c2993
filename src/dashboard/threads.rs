//! Threads for work that would stop other requests: waiting for a store, and writing large responses.
//!
//! They need no runtime, so the dashboard runs on any.

use std::{io, sync::Arc, thread, time::Duration};

use axum::response::{IntoResponse, Response};
use http::{StatusCode, header};

use crate::{store::History, unit::Unit};

use super::{board::Board, responses};

/// The number of threads of one kind that may work at the same time.
const MOST: usize = 8;

/// The time that a page waits for the store.
const PATIENCE: Duration = Duration::from_secs(3);

/// The number of facts of each kind on a page.
pub(super) const FACTS: usize = 200;

/// The number of goals up to which a response is written on the thread of the request, which other
/// requests share.
const FEW: usize = 1_000;

/// The threads of one kind. Each working thread has a clone of the `Arc`.
#[derive(Debug, Default)]
pub(super) struct Threads(Arc<()>);

impl Threads {
    /// Starts work on a thread of its own; `None` if too many threads are working.
    fn start<T: Send + 'static>(
        &self,
        name: &str,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Option<io::Result<oneshot::Receiver<T>>> {
        let ticket = Arc::clone(&self.0);
        // Counted with the new ticket: of threads that race for the last place, each sees all
        // tickets that were taken before its own, so at most one of them gets it.
        if Arc::strong_count(&ticket) > MOST + 1 {
            return None;
        }
        let (sender, result) = oneshot::channel();
        let work = move || {
            // The request may be gone by now. Then the result is dropped, which is no fault.
            let _ = sender.send(work());
            drop(ticket);
        };
        let thread = thread::Builder::new().name(name.to_owned());
        Some(thread.spawn(work).map(|_| result))
    }
}

impl Board {
    /// Returns a page of the facts of a unit, or the reason why it cannot be read. Pages count from 0.
    ///
    /// If a kind of fact has another page, the result has one more fact of it.
    pub(super) async fn history(&self, unit: Unit, page: usize) -> Result<History, String> {
        let (store, from) = (Arc::clone(&self.store), page.saturating_mul(FACTS));
        let read = move || store.history_part(unit, from, FACTS + 1);
        let found = self.lookups.start("tracks-lookup", read);
        let found = found.ok_or("too many units are being looked up; try again")?;
        let found = found.and_then(with_patience);
        let found = found.map_err(|error| error.to_string())?.await;
        let found = found.map_err(|_| "the store has not answered")?;
        found.map_err(|error| error.to_string())
    }

    /// Writes a response with this number of goals, on a thread of its own if it is large. If too many
    /// large responses are being written, the response is 503.
    pub(super) async fn write(
        &self,
        goals: usize,
        answer: impl FnOnce() -> Response + Send + 'static,
    ) -> Response {
        if goals <= FEW {
            return answer();
        }
        match self.writers.start("tracks-write", answer) {
            Some(Ok(written)) => written.await.unwrap_or_else(|_| busy()),
            _ => busy(),
        }
    }
}

/// Returns the same result, unless it takes too long.
fn with_patience<T: Send + 'static>(
    slow: oneshot::Receiver<T>,
) -> io::Result<oneshot::Receiver<T>> {
    let (sender, result) = oneshot::channel();
    // On a second thread, since the first may hang in the store. This one has no ticket: it ends in
    // time, so that the limit is one of threads that hang.
    let wait = move || {
        if let Ok(found) = slow.recv_timeout(PATIENCE) {
            let _ = sender.send(found);
        }
    };
    let thread = thread::Builder::new().name("tracks-lookup".into());
    thread.spawn(wait).map(|_| result)
}

/// The response while all threads are busy.
fn busy() -> Response {
    let page = responses::plain("Too many large answers are being written; try again.");
    let soon = [(header::RETRY_AFTER, "1")];
    (StatusCode::SERVICE_UNAVAILABLE, soon, page).into_response()
}
