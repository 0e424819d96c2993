//! The thread that computes reports and reads stored ones.

use std::{
    io, mem,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc, Weak,
        mpsc::{Receiver, RecvTimeoutError},
    },
    thread,
    time::{Duration, Instant},
};

use crate::{
    report::{Report, Reporter},
    store::{StoreError, StoreErrorKind, Timestamp},
    warn::warn,
};

use super::{board::Board, known::Known};

/// The minimum rest as a multiple of the last computation, so that reports take at most a tenth of
/// the store's time.
const REST: u32 = 10;

/// The maximum rest before a store that failed is read again.
const RETRY: Duration = Duration::from_secs(5);

/// Starts the thread that reads the store, until the board is gone: then `open` is closed.
pub(super) fn start(board: &Arc<Board>, open: Receiver<()>) -> io::Result<()> {
    // The thread has the board only while it reads. With an `Arc` of its own, the board would never
    // be dropped, and the thread would never end.
    let board = Arc::downgrade(board);
    let work = move || {
        let mut panics = Panics::default();
        while let Some(rest) = round(&board, &mut panics) {
            if open.recv_timeout(rest) != Err(RecvTimeoutError::Timeout) {
                break;
            }
        }
    };
    let thread = thread::Builder::new().name("tracks-dashboard".into());
    thread.spawn(work).map(drop)
}

/// The panics of the store.
#[derive(Default)]
struct Panics {
    /// The number since the last success.
    in_a_row: u32,
    /// Whether a panic was logged. Only the first one is.
    is_logged: bool,
}

impl Panics {
    /// Counts a panic, and returns the minimum rest after it, which doubles each time.
    fn next(&mut self) -> Duration {
        if !mem::replace(&mut self.is_logged, true) {
            warn(format_args!(
                "the store of the dashboard panicked; it is read again, at growing intervals"
            ));
        }
        // The exponent is limited, since a shift by 32 bits would overflow.
        let rest = RETRY.saturating_mul(1 << self.in_a_row.min(16));
        self.in_a_row = self.in_a_row.saturating_add(1);
        rest
    }
}

/// Reads the store once, and returns the rest before the next time; `None` when the board was
/// dropped.
///
/// A panic of the store must not end the thread, since there is only one.
fn round(board: &Weak<Board>, panics: &mut Panics) -> Option<Duration> {
    let board = board.upgrade()?;
    let begun = Instant::now();
    // Nothing half done is seen after a panic: the report is replaced as a whole, by `learn`.
    let read = catch_unwind(AssertUnwindSafe(|| {
        read(&board).map_err(|error| trouble(&error))
    }));
    let (trouble, least) = match read {
        Ok(Ok(())) => {
            panics.in_a_row = 0;
            return Some(board.refresh.max(begun.elapsed().saturating_mul(REST)));
        }
        Ok(Err(trouble)) => (trouble, RETRY),
        Err(_) => ("the store panicked".to_owned(), panics.next()),
    };
    board.learn(board.known().with_trouble(&trouble));
    // As long as the failure took, so that failures cost at most half of the time of the store. No
    // longer than an interval: the store may be back before.
    Some(board.refresh.min(begun.elapsed().max(least)))
}

/// Returns the error as pages show it.
fn trouble(error: &StoreError) -> String {
    match error.kind() {
        StoreErrorKind::Unavailable | StoreErrorKind::Over => {
            format!("the store cannot be reached ({error})")
        }
        _ => error.to_string(),
    }
}

/// Shows the stored report at once, and computes a new one if it is old. So after a restart there
/// is something to show, and of several servers with one store, one computes.
fn read(board: &Board) -> Result<(), StoreError> {
    let stored = Reporter::stored(&*board.store)?;
    let is_old = is_old(&stored, board.refresh);
    board.learn(Known::new(stored, Timestamp::now()));
    if is_old {
        let before = board.known();
        let computed = reporter(board).refresh()?;
        board.learn(Known::new(computed, Timestamp::now()));
        guard(board, &before.report);
    }
    Ok(())
}

/// Reports what has begun since the report before, and pauses sets that a track harms. Pages show the new
/// report already, since the log of changes may be slow.
fn guard(board: &Board, before: &Report) {
    #[cfg(feature = "control")]
    if let Some(controls) = &board.controls {
        controls.guard(before, &board.known().report);
    }
    #[cfg(not(feature = "control"))]
    let _ = (board, before);
}

/// Returns a reporter that knows the changes of the running tests, where the dashboard knows them.
fn reporter(board: &Board) -> Reporter<'_> {
    let mut reporter = Reporter::new(&*board.store, Timestamp::now());
    if let Some(source) = &board.source {
        reporter = reporter.attribute_by(&**source);
    }
    #[cfg(feature = "control")]
    if let Some(controls) = &board.controls {
        return reporter.changes(controls.changes());
    }
    reporter
}

/// Returns whether a report is older than the interval. A report from the future is old, too, or it
/// would stay until then; the clocks of servers may differ by less than the interval.
fn is_old(report: &Report, refresh: Duration) -> bool {
    let now = Timestamp::now();
    let latest = report.phases.iter().map(|phase| phase.as_of.0).max();
    !latest.is_some_and(|latest| latest.plus(refresh) > now && latest < now.plus(refresh))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rests_after_panics_grow() {
        let mut panics = Panics::default();
        assert_eq!(
            [panics.next(), panics.next(), panics.next()],
            [1, 2, 4].map(|n| RETRY * n)
        );
        panics.in_a_row = u32::MAX;
        assert!(panics.next() > Duration::from_secs(86_400));
        panics.in_a_row = 0;
        assert_eq!(panics.next(), RETRY);
    }
}
