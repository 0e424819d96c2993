//! Threads that look up the facts of a unit in the store.

use std::{io, sync::Arc, thread, time::Duration};

use crate::{
    store::{History, Store, StoreError},
    unit::Unit,
};

use super::ticket::{Ticket, Tickets};

/// The time that a page waits for the store.
const PATIENCE: Duration = Duration::from_secs(3);

/// The number of facts of each kind on a page.
pub(super) const FACTS: usize = 200;

/// The result of a look-up.
type Found = Result<History, StoreError>;

/// Looks up units in a store, on threads that may wait for it.
///
/// It needs no runtime, so the dashboard runs on any.
#[derive(Debug, Clone, Default)]
pub(super) struct Lookups(Tickets);

impl Lookups {
    /// Returns a page of the facts of a unit, or the reason why it cannot be read. Pages count from 0.
    ///
    /// If a kind of fact has another page, the result has one more fact of it.
    pub(super) async fn find(
        &self,
        store: &Arc<dyn Store>,
        unit: Unit,
        page: usize,
    ) -> Result<History, String> {
        let Some(ticket) = self.0.draw() else {
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

/// Starts two threads: one queries the store and may hang, the other gives up after a while. The
/// ticket belongs to the first, so a store that hangs takes at most eight threads.
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
