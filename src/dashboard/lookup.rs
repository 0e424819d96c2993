use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::AcqRel},
    },
    thread,
    time::Duration,
};

use crate::{
    event::Unit,
    record::{History, Store, StoreError},
};

/// How long a page waits for the store.
const PATIENCE: Duration = Duration::from_secs(3);

/// How many facts of each kind are on a page.
pub(super) const FACTS: usize = 200;

/// How many look-ups may wait for a store at once.
const MOST: usize = 8;

type Found = Result<History, StoreError>;

/// Asks a store about units, on threads that may wait for it.
///
/// It needs no runtime, so that the dashboard runs on any.
#[derive(Debug, Clone, Default)]
pub(super) struct Lookups(Arc<AtomicUsize>);

impl Lookups {
    /// Returns a page of what is known of a unit, with one fact more of a kind of which there is
    /// another page; or why that cannot be said. Pages count from 0.
    pub(super) async fn find(
        &self,
        store: &Arc<dyn Store>,
        unit: Unit,
        page: usize,
    ) -> Result<History, String> {
        let Some(ticket) = Ticket::draw(&self.0) else {
            return Err("too many units are being looked up; try again".to_owned());
        };
        let store = Arc::clone(store);
        let from = page.saturating_mul(FACTS);
        let answer = ask(move || store.history_part(unit, from, FACTS + 1), ticket);
        let answer = answer.map_err(|error| error.to_string())?;
        match answer.await {
            Ok(found) => found.map_err(|error| error.to_string()),
            Err(_) => Err("the store has not answered".to_owned()),
        }
    }
}

/// One thread asks, and may hang; another gives up.
fn ask(
    asked: impl FnOnce() -> Found + Send + 'static,
    ticket: Ticket,
) -> io::Result<oneshot::Receiver<Found>> {
    let (found, finding) = oneshot::channel();
    let (sender, answer) = oneshot::channel();
    let asks = move || {
        let _ = found.send(asked());
        drop(ticket);
    };
    let waits = move || {
        if let Ok(found) = finding.recv_timeout(PATIENCE) {
            let _ = sender.send(found);
        }
    };
    let thread = || thread::Builder::new().name("tracks-lookup".into());
    thread().spawn(asks)?;
    thread().spawn(waits)?;
    Ok(answer)
}

/// One of few, given back when it is dropped.
struct Ticket(Arc<AtomicUsize>);

impl Ticket {
    fn draw(taken: &Arc<AtomicUsize>) -> Option<Self> {
        let ticket = Self(Arc::clone(taken));
        (taken.fetch_add(1, AcqRel) < MOST).then_some(ticket)
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        self.0.fetch_sub(1, AcqRel);
    }
}
