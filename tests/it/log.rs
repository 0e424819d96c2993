//! What is logged, for tests that look at warnings.

use std::{
    cell::RefCell,
    io,
    sync::{Mutex, Once, PoisonError},
};

thread_local! {
    /// What was logged on this thread, which is one test's.
    static LOG: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// The warnings of all threads, and so of all tests.
static WARNINGS: Mutex<Vec<String>> = Mutex::new(Vec::new());

struct ThreadLog;

impl io::Write for ThreadLog {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        LOG.with_borrow_mut(|log| log.extend_from_slice(bytes));
        let line = String::from_utf8_lossy(bytes);
        if is_warning(&line) {
            let mut warnings = WARNINGS.lock().unwrap_or_else(PoisonError::into_inner);
            warnings.push(line.into_owned());
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn is_warning(line: &str) -> bool {
    line.contains("WARN tower_tracks")
}

/// The warnings of this crate.
pub(crate) struct Log;

impl Log {
    /// Collects what this thread logs, and the warnings of all.
    ///
    /// There is one subscriber for all threads: `tracing` may take a callsite for disabled that is
    /// met first by a thread without one.
    pub(crate) fn start() -> Self {
        static SUBSCRIBER: Once = Once::new();
        SUBSCRIBER.call_once(|| {
            let subscriber = tracing_subscriber::fmt()
                .with_ansi(false)
                .with_writer(|| ThreadLog);
            tracing::subscriber::set_global_default(subscriber.finish()).unwrap();
        });
        LOG.with_borrow_mut(Vec::clear);
        Self
    }

    /// Returns how many warnings of this thread have a text in them.
    pub(crate) fn count(&self, text: &str) -> usize {
        self.lines(text).len()
    }

    /// Returns the warnings of this thread that have a text in them.
    pub(crate) fn lines(&self, text: &str) -> Vec<String> {
        let log = LOG.with_borrow(|log| String::from_utf8(log.clone()).unwrap());
        let is_wanted = |line: &&str| is_warning(line) && line.contains(text);
        log.lines().filter(is_wanted).map(str::to_owned).collect()
    }

    /// Returns the warnings of all threads that have a text in them, such as the name of a sink that
    /// no other test has.
    pub(crate) fn everywhere(&self, text: &str) -> Vec<String> {
        let warnings = WARNINGS.lock().unwrap_or_else(PoisonError::into_inner);
        let is_wanted = |line: &&String| line.contains(text);
        warnings.iter().filter(is_wanted).cloned().collect()
    }
}
