use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
    thread,
    time::Duration,
};

use tower_tracks::{
    Units,
    assign::Set,
    record::{Lost, Record, Sink, SinkError, Taken},
    store::{LostReason, WriterRow},
};

/// A sink that hangs on request.
pub(super) struct Gate<S> {
    inner: S,
    is_hung: Arc<AtomicBool>,
}

impl<S> Gate<S> {
    pub(super) fn new(inner: S, is_hung: &Arc<AtomicBool>) -> Self {
        Self {
            inner,
            is_hung: Arc::clone(is_hung),
        }
    }

    fn wait(&self) {
        while self.is_hung.load(Relaxed) {
            thread::sleep(Duration::from_millis(5));
        }
    }
}

impl<S: Sink> Sink for Gate<S> {
    fn name(&self) -> &str {
        self.inner.name()
    }

    fn begin(&mut self, writer: &WriterRow, units: &Units) -> Result<(), SinkError> {
        self.inner.begin(writer, units)
    }

    fn define(&mut self, set: &Arc<Set>) {
        self.inner.define(set);
    }

    fn refuse(&mut self, record: &Record) -> Result<Option<LostReason>, SinkError> {
        self.inner.refuse(record)
    }

    fn write(&mut self, records: &[Record]) -> Result<Taken, SinkError> {
        self.wait();
        self.inner.write(records)
    }

    fn set_aside(&mut self, record: &Record, reason: &SinkError) -> Result<(), SinkError> {
        self.inner.set_aside(record, reason)
    }

    fn settle(&mut self, losses: &[Lost]) -> Result<(), SinkError> {
        self.wait();
        self.inner.settle(losses)
    }
}
