use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering::AcqRel},
};

/// How many threads may work at once.
const MOST: usize = 8;

/// Bounds the threads of one kind.
#[derive(Debug, Clone, Default)]
pub(super) struct Tickets(Arc<AtomicUsize>);

impl Tickets {
    /// Returns a ticket, unless all are taken.
    pub(super) fn draw(&self) -> Option<Ticket> {
        let ticket = Ticket(Arc::clone(&self.0));
        (self.0.fetch_add(1, AcqRel) < MOST).then_some(ticket)
    }
}

/// One of few, given back when it is dropped.
pub(super) struct Ticket(Arc<AtomicUsize>);

impl Drop for Ticket {
    fn drop(&mut self) {
        self.0.fetch_sub(1, AcqRel);
    }
}
