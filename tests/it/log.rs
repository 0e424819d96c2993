//! What the crate logs.

use std::{
    cell::RefCell,
    io,
    sync::{Mutex, Once, PoisonError},
};

thread_local! {
    /// What was logged on this thread, which is one test's.
    static LOG: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// What this crate logged on any thread.
static ALL: Mutex<String> = Mutex::new(String::new());

struct Writer;

impl io::Write for Writer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        LOG.with_borrow_mut(|log| log.extend_from_slice(bytes));
        let line = String::from_utf8_lossy(bytes);
        if line.contains("tower_tracks") {
            let mut all = ALL.lock().unwrap_or_else(PoisonError::into_inner);
            all.push_str(&line);
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

pub(crate) struct Log;

impl Log {
    /// Collects what is logged.
    ///
    /// There is one subscriber for all threads: `tracing` may take a callsite for disabled that is
    /// met first by a thread without one.
    pub(crate) fn start() -> Self {
        static SUBSCRIBER: Once = Once::new();
        SUBSCRIBER.call_once(|| {
            let subscriber = tracing_subscriber::fmt()
                .with_ansi(false)
                .with_writer(|| Writer);
            tracing::subscriber::set_global_default(subscriber.finish()).unwrap();
        });
        LOG.with_borrow_mut(Vec::clear);
        Self
    }

    /// Counts the warnings of this thread with a text.
    pub(crate) fn count(&self, text: &str) -> usize {
        let log = LOG.with_borrow(|log| String::from_utf8(log.clone()).unwrap());
        warnings(&log, text).len()
    }

    /// Returns the warnings of all threads with a text, which is to be one test's.
    pub(crate) fn everywhere(&self, text: &str) -> Vec<String> {
        warnings(&ALL.lock().unwrap_or_else(PoisonError::into_inner), text)
    }
}

fn warnings(log: &str, text: &str) -> Vec<String> {
    let is_warning = |line: &&str| line.contains("WARN tower_tracks") && line.contains(text);
    log.lines().filter(is_warning).map(str::to_owned).collect()
}
