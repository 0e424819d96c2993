//! The report that pages show, and the reason if it is old.

use std::sync::Arc;

use crate::{
    report::{Report, Utc},
    store::Timestamp,
};

/// The data of the pages: the report that was read last. It is replaced as a whole.
#[derive(Debug, Clone, Default)]
pub(super) struct Known {
    /// The report.
    pub(super) report: Arc<Report>,
    /// The time at which the store responded last; `None` before the first response.
    pub(super) read_at: Option<Timestamp>,
    /// The reason why it did not respond since; `None` if it did.
    pub(super) trouble: Option<Arc<str>>,
}

impl Known {
    /// Returns a report that was just read.
    pub(super) fn new(report: Report, at: Timestamp) -> Self {
        Self {
            report: Arc::new(report),
            read_at: Some(at),
            trouble: None,
        }
    }

    /// Returns the same report, with the reason why no newer one could be read.
    pub(super) fn with_trouble(&self, why: &impl ToString) -> Self {
        Self {
            trouble: Some(why.to_string().into()),
            ..self.clone()
        }
    }

    /// Returns a sentence if the report is old; `None` if it is current.
    ///
    /// A store may be so slow that it neither responds nor fails. Then the report is old after
    /// `patience`.
    pub(super) fn missing(&self, now: Timestamp, patience: std::time::Duration) -> Option<String> {
        let since = match self.read_at {
            Some(at) => format!("These numbers were read at {}, and none since", Utc(at)),
            None => "Nothing could be read yet".to_owned(),
        };
        match (&self.trouble, self.read_at) {
            (Some(why), _) => Some(format!("{since}: {why}.")),
            (None, Some(at)) if at.plus(patience) >= now => None,
            (None, _) => Some(format!("{since}: the store has not answered.")),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn missing_parts_are_named() {
        let (now, patience) = (Timestamp::from_micros(0), Duration::from_secs(60));
        let later = now.plus(Duration::from_secs(61));
        let missing = |known: &Known, at| known.missing(at, patience).unwrap_or_default();
        let known = Known::new(Report::default(), now);
        assert_eq!(missing(&known, now), "");
        let stale = "These numbers were read at 1970-01-01 00:00 UTC, and none since";
        assert_eq!(
            missing(&known, later),
            format!("{stale}: the store has not answered.")
        );
        let failed = known.with_trouble(&"it is away");
        assert_eq!(missing(&failed, now), format!("{stale}: it is away."));
        let none = "Nothing could be read yet: the store has not answered.";
        assert_eq!(missing(&Known::default(), now), none);
    }
}
