use std::{
    io,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc, Weak,
        mpsc::{Receiver, RecvTimeoutError},
    },
    thread,
    time::{Duration, Instant},
};

use crate::{
    record::{StoreError, StoreErrorKind, Timestamp},
    report::{Report, Reporter},
};

use super::{board::Board, known::Known};

/// How much longer than the last computing took the next one is waited for, at least: so results
/// never keep a store busy for more than a tenth of its time.
const REST: u32 = 10;

/// How long to wait at most before a store that failed is read again.
const RETRY: Duration = Duration::from_secs(5);

/// Starts the thread that reads the store, until the board is gone: then `open` is closed.
pub(super) fn start(board: &Arc<Board>, open: Receiver<()>) -> io::Result<()> {
    let board = Arc::downgrade(board);
    let work = move || {
        while let Some(rest) = round(&board) {
            if open.recv_timeout(rest) != Err(RecvTimeoutError::Timeout) {
                break;
            }
        }
    };
    let thread = thread::Builder::new().name("tracks-dashboard".into());
    thread.spawn(work).map(drop)
}

/// Reads once, and returns how long to rest; `None` when the board is gone.
fn round(board: &Weak<Board>) -> Option<Duration> {
    let board = board.upgrade()?;
    let begun = Instant::now();
    let trouble = match catch_unwind(AssertUnwindSafe(|| read(&board))) {
        Ok(Ok(())) => None,
        Ok(Err(error)) => Some(trouble(&error)),
        Err(_) => Some("the store panicked".to_owned()),
    };
    if let Some(trouble) = trouble {
        board.learn(board.known().with_trouble(&trouble));
        return Some(board.refresh.min(begun.elapsed().max(RETRY)));
    }
    Some(board.refresh.max(begun.elapsed().saturating_mul(REST)))
}

fn trouble(error: &StoreError) -> String {
    match error.kind() {
        StoreErrorKind::Unavailable | StoreErrorKind::Over => {
            format!("the store cannot be reached ({error})")
        }
        _ => error.to_string(),
    }
}

/// Shows what is stored at once, and computes it again where it is old. So after a restart there
/// is something to see, and of several machines with one store, one computes.
fn read(board: &Board) -> Result<(), StoreError> {
    let stored = Reporter::stored(&*board.store)?;
    let is_old = is_old(&stored, board.refresh);
    board.learn(Known::new(stored, Timestamp::now()));
    if is_old {
        let computed = Reporter::new(&*board.store, Timestamp::now()).refresh()?;
        board.learn(Known::new(computed, Timestamp::now()));
    }
    Ok(())
}

fn is_old(report: &Report, refresh: Duration) -> bool {
    let latest = report.phases.iter().map(|phase| phase.as_of.0).max();
    latest.is_none_or(|latest| latest.plus(refresh) <= Timestamp::now())
}
