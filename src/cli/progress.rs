//! The progress of long commands.

use std::{
    io::{Read, Write},
    time::Duration,
};

use indicatif::{ProgressBar, ProgressStyle};

/// The progress of a long command, on standard error; nothing if that is not a terminal.
#[derive(Debug)]
pub(super) struct Progress(ProgressBar);

impl Progress {
    /// Counts items whose total number is not known.
    pub(super) fn counting(what: &'static str) -> Self {
        Self::new(None, "{spinner} {human_pos} {msg}, {per_sec}", what)
    }

    /// Shows a message and the elapsed time, if nothing can be counted.
    pub(super) fn working(what: &'static str) -> Self {
        Self::new(None, "{spinner} {msg}, {elapsed}", what)
    }

    /// Counts bytes. If the length is known, it shows a bar and the remaining time.
    pub(super) fn of_bytes(length: Option<u64>, what: &'static str) -> Self {
        let style = match length {
            Some(_) => "{bar:40} {binary_bytes} of {binary_total_bytes} {msg}, {eta} left",
            None => "{spinner} {binary_bytes} {msg}, {binary_bytes_per_sec}",
        };
        Self::new(length, style, what)
    }

    /// Shows a bar, or a spinner if the length is not known, that is redrawn five times a second.
    fn new(length: Option<u64>, style: &str, what: &'static str) -> Self {
        let bar = length.map_or_else(ProgressBar::new_spinner, ProgressBar::new);
        if let Ok(style) = ProgressStyle::with_template(style) {
            bar.set_style(style);
        }
        bar.set_message(what);
        bar.enable_steady_tick(Duration::from_millis(200));
        Self(bar)
    }

    /// Adds a number of items or bytes.
    pub(super) fn add(&self, count: usize) {
        self.0.inc(count as u64);
    }

    /// Returns a reader whose bytes are counted.
    pub(super) fn reader<R: Read>(&self, inner: R) -> impl Read + use<R> {
        self.0.wrap_read(inner)
    }

    /// Returns a writer whose bytes are counted.
    pub(super) fn writer<W: Write>(&self, inner: W) -> impl Write + use<W> {
        self.0.wrap_write(inner)
    }

    /// Removes the progress from the terminal, so that only the answer remains.
    pub(super) fn done(self) {
        self.0.finish_and_clear();
    }
}
