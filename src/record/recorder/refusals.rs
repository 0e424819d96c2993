//! Refused events, which are logged once per batch.

use crate::{record::sinks::SinkError, text::chain, warn::warn};

/// The events that a sink refused while one batch was written, for one line in the log.
#[derive(Default)]
pub(super) struct Refusals {
    count: u64,
    /// The reason of the first refusal, with all causes.
    first: Option<String>,
}

impl Refusals {
    /// Counts a refused event.
    pub(super) fn add(&mut self, error: &SinkError) {
        self.count += 1;
        self.first.get_or_insert_with(|| chain(error));
    }

    /// Logs the refusals since the last report in one line.
    pub(super) fn report(&mut self, sink: &str) {
        let Self { count, first } = std::mem::take(self);
        if let Some(first) = first {
            warn(format_args!(
                "{sink} refused {count} events for their values; the first: {first}"
            ));
        }
    }
}
