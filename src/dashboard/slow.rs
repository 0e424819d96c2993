//! Work of pages that is too slow for the thread of a request: reading a unit's history, making a change, and
//! writing large responses.

use std::{io, sync::Arc, thread, time::Duration};

use axum::response::{IntoResponse, Response};
use http::{StatusCode, header};

use crate::{store::History, unit::Unit};

use super::{board::Board, responses};

/// The time that a page waits for the store.
const PATIENCE: Duration = Duration::from_secs(3);

/// The time that a page waits for the log of changes: longer than a database waits for another writer,
/// since afterwards it is unknown whether the change was made.
#[cfg(feature = "control")]
const LOG_PATIENCE: Duration = Duration::from_secs(15);

/// The number of facts of each kind on a page.
pub(super) const FACTS: usize = 200;

/// The number of goals up to which a response is written on the thread of the request, which other
/// requests share.
const FEW: usize = 1_000;

impl Board {
    /// Returns a page of the facts of a unit, or the reason why it cannot be read. Pages count from 0.
    ///
    /// If a kind of fact has another page, the result has one more fact of it.
    pub(super) async fn history(&self, unit: Unit, page: usize) -> Result<History, String> {
        let (store, from) = (Arc::clone(&self.store), page.saturating_mul(FACTS));
        let read = move || store.history_part(unit, from, FACTS + 1);
        let found = self.lookups.start("tracks-lookup", read);
        let found = found.ok_or("too many units are being looked up; try again")?;
        let found = found.and_then(|found| with_patience(found, PATIENCE));
        let found = found.map_err(|error| error.to_string())?.await;
        let found = found.map_err(|_| "the store has not answered")?;
        found.map_err(|error| error.to_string())
    }

    /// Makes a change on a thread of its own, or returns why it is not known whether it was made.
    #[cfg(feature = "control")]
    pub(super) async fn change<T: Send + 'static>(
        &self,
        make: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, &'static str> {
        const BUSY: &str = "Too many changes are being made, so nothing was done. Try again.";
        let made = self.changers.start("tracks-change", make).ok_or(BUSY)?;
        let made = made.and_then(|made| with_patience(made, LOG_PATIENCE));
        let made = made.map_err(|_| BUSY)?.await;
        made.map_err(|_| {
            "The log of changes has not answered. It is not known whether the change was made: look at the \
             set before you try again."
        })
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
    patience: Duration,
) -> io::Result<oneshot::Receiver<T>> {
    let (sender, result) = oneshot::channel();
    // On a second thread, since the first may hang in the store. This one has no ticket: it ends in
    // time, so that the limit is one of threads that hang.
    let wait = move || {
        if let Ok(found) = slow.recv_timeout(patience) {
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
