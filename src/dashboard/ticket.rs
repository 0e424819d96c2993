//! A limit for the number of threads that wait for a store or write large responses.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering::AcqRel},
};

/// The number of threads of one kind that may work at the same time.
const MOST: usize = 8;

/// The count of the threads of one kind.
#[derive(Debug, Clone, Default)]
pub(super) struct Tickets(Arc<AtomicUsize>);

impl Tickets {
    /// Returns a ticket, unless all are taken.
    pub(super) fn draw(&self) -> Option<Ticket> {
        let ticket = Ticket(Arc::clone(&self.0));
        // A refused ticket is dropped here, which takes back the addition.
        (self.0.fetch_add(1, AcqRel) < MOST).then_some(ticket)
    }
}

/// The permission for one thread. Dropping it gives it back.
pub(super) struct Ticket(Arc<AtomicUsize>);

impl Drop for Ticket {
    fn drop(&mut self) {
        self.0.fetch_sub(1, AcqRel);
    }
}
