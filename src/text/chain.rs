//! An error with its causes as one line, for logs, counters and the command line.

use std::{
    error::Error,
    panic::{AssertUnwindSafe, catch_unwind},
};

/// Returns an error and its causes in one line: `error: cause: cause`.
///
/// Some errors repeat their cause in their own message; it is not repeated here. An error of a
/// sink or a store of the application's own may panic when it is written, which costs its text alone.
///
/// ```text
/// it cannot be reached: connection refused
/// ```
///
/// The line breaks of the messages become spaces, so that one error is one line of a log.
pub(crate) fn chain(error: &dyn Error) -> String {
    // Nothing is seen half done after a panic: the error is only read, and the text so far is
    // dropped.
    let written = catch_unwind(AssertUnwindSafe(|| written(error)));
    written.unwrap_or_else(|_| "an error that panics when it is written".to_owned())
}

/// Joins the messages. A cause is left out if the message so far ends with it, as where an error
/// writes `{self}: {cause}` itself.
fn written(error: &dyn Error) -> String {
    let mut message = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let text = cause.to_string();
        if !message.ends_with(&text) {
            message.push_str(": ");
            message.push_str(&text);
        }
        source = cause.source();
    }
    message.replace(['\n', '\r'], " ")
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;
    use crate::{
        record::SinkError,
        store::{StoreError, StoreErrorKind},
    };

    #[test]
    fn causes_follow_in_one_line_without_repetition() {
        let refused = io::Error::new(io::ErrorKind::ConnectionRefused, "refused\nby the host");
        let error = StoreError::new(StoreErrorKind::Unavailable, "it cannot be reached");
        let error = SinkError::from(error.caused_by(refused));
        let expected = "it cannot be reached: refused by the host";
        assert_eq!(chain(&error), expected);
        let repeats = StoreError::new(StoreErrorKind::Other, "it failed: no route");
        let repeats = repeats.caused_by(io::Error::other("no route"));
        assert_eq!(chain(&repeats), "it failed: no route");
    }
}
