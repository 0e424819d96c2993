use std::time::{Duration, Instant};

use super::server::{Answer, Sink};

/// A line for each minute.
pub(super) struct Table {
    begin: Instant,
    minute: u32,
}

/// What a line shows, beside the sinks.
pub(super) struct Row {
    pub(super) requests: u64,
    pub(super) starts: usize,
    pub(super) faults: u64,
    pub(super) resident: Option<u64>,
}

impl Table {
    pub(super) fn begin() -> Self {
        println!(
            "minute  requests  starts  faults  memory  since the start: written, known before, \
             dropped, set aside"
        );
        Self {
            begin: Instant::now(),
            minute: 0,
        }
    }

    /// Prints a line if a minute is over, with what the sinks said last.
    pub(super) fn tick(&mut self, row: impl FnOnce() -> Row, answer: &Answer) {
        let minute = (self.begin.elapsed().as_secs_f64() / 60.0) as u32;
        if minute == self.minute {
            return;
        }
        self.minute = minute;
        let row = row();
        let megabytes = row.resident.map_or("?".to_owned(), |bytes| {
            format!("{:.1} MB", bytes as f64 / 1e6)
        });
        let sinks: Vec<_> = answer.sinks.iter().map(text).collect();
        println!(
            "{minute:>6}  {:>8}  {:>6}  {:>6}  {megabytes:>7}  {}",
            row.requests,
            row.starts,
            row.faults,
            sinks.join("; ")
        );
    }

    pub(super) fn elapsed(&self) -> Duration {
        self.begin.elapsed()
    }
}

fn text((name, sink): (&String, &Sink)) -> String {
    let Sink {
        written,
        known,
        dropped,
        aside,
        ..
    } = sink;
    format!("{name} {written}, {known}, {dropped}, {aside}")
}
