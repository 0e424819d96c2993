//! The constructors of notices.

use crate::{figures::count, report::Notice};

impl Notice {
    /// Returns a notice about the whole phase.
    pub(in crate::report::compute) fn new(kind: &str, sentence: impl Into<String>) -> Self {
        Self {
            kind: kind.to_owned(),
            goal: None,
            track: None,
            sentence: sentence.into(),
            blocks: false,
        }
    }

    /// Returns a notice that questions the validity of the results.
    pub(in crate::report::compute) fn blocking(kind: &str, sentence: impl Into<String>) -> Self {
        Self {
            blocks: true,
            ..Self::new(kind, sentence)
        }
    }

    /// Returns a notice with a number in its sentence, unless the number is 0.
    pub(super) fn counted(n: u64, notice: impl FnOnce(String) -> Self) -> Option<Self> {
        (n > 0).then(|| notice(count(n)))
    }

    /// Returns the notice as one about a track.
    pub(in crate::report::compute) fn of_track(self, track: &str) -> Self {
        Self {
            track: Some(track.to_owned()),
            ..self
        }
    }
}
