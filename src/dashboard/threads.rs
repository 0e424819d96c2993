//! Threads for work that would stop other requests: waiting for a store, and writing large responses.
//!
//! They need no runtime, so the dashboard runs on any.

use std::{io, sync::Arc, thread};

/// The number of threads of one kind that may work at the same time.
const MOST: usize = 8;

/// The threads of one kind. Each working thread has a clone of the `Arc`.
#[derive(Debug, Default)]
pub(super) struct Threads(Arc<()>);

impl Threads {
    /// Starts work on a thread of its own; `None` if too many threads are working.
    pub(super) fn start<T: Send + 'static>(
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
