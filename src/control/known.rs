//! What a node knows of its log. It does no I/O, and a moment is an argument, so that its rules can be
//! tested without waiting.

use std::time::{Duration, Instant};

use crate::store::Timestamp;

use super::{alert::Alert, change::Change, log::Changes};

/// How long after a read the clock of a node goes on. While the log cannot be read, no later ramp step
/// may begin: the change that stops it may be among those that are missed.
const RISING: Duration = Duration::from_secs(60);

/// The changes that a node has read, and the time of the log.
#[derive(Debug, Default)]
pub(super) struct Known {
    changes: Vec<Change>,
    last: u64,
    clock: Option<Clock>,
    health: Health,
}

/// The time of the log when it was read last.
#[derive(Debug, Clone, Copy)]
struct Clock {
    at: Timestamp,
    read: Instant,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Health {
    /// Nothing was read yet.
    #[default]
    Unread,
    Fresh,
    Stale,
    /// The log ends before the last known change.
    Regressed,
}

impl Known {
    /// Returns what an earlier run of the program knew.
    pub(super) fn cached(changes: Vec<Change>, last: u64, at: Timestamp, read: Instant) -> Self {
        Self {
            changes,
            last,
            clock: Some(Clock { at, read }),
            health: Health::Unread,
        }
    }

    pub(super) fn changes(&self) -> &[Change] {
        &self.changes
    }

    pub(super) fn last(&self) -> u64 {
        self.last
    }

    /// Whether the log was read since the start.
    pub(super) fn is_loaded(&self) -> bool {
        self.health != Health::Unread
    }

    pub(super) fn is_fresh(&self) -> bool {
        self.health == Health::Fresh
    }

    pub(super) fn is_regressed(&self) -> bool {
        self.health == Health::Regressed
    }

    /// Adds the changes that were read after the last known one, and returns the alerts to report.
    ///
    /// A log that lost changes is not taken: what is in force would be reversed by a restored backup, and
    /// numbers would be given twice.
    pub(super) fn take(&mut self, read: Changes, when: Instant) -> Vec<Alert> {
        if self.is_regressed() {
            return Vec::new();
        }
        let known = self.last;
        if read.last < known {
            self.health = Health::Regressed;
            let last = read.last;
            return vec![Alert::Regressed { known, last }];
        }
        self.clock = Some(Clock {
            at: read.now,
            read: when,
        });
        let was = std::mem::replace(&mut self.health, Health::Fresh);
        let fresh = (was == Health::Stale).then_some(Alert::Fresh);
        let malformed = read.malformed.into_iter().map(Alert::Malformed);
        // What was made before the start of the program is no news.
        let is_news = was != Health::Unread || known > 0;
        let news = read
            .changes
            .iter()
            .filter(|_| is_news)
            .cloned()
            .map(Alert::of_change);
        let alerts = fresh.into_iter().chain(malformed).chain(news).collect();
        self.changes.extend(read.changes);
        self.last = read.last;
        alerts
    }

    /// Notes that the log could not be read, and returns whether that is news.
    pub(super) fn fail(&mut self) -> bool {
        let is_news = matches!(self.health, Health::Fresh);
        if is_news {
            self.health = Health::Stale;
        }
        is_news
    }

    /// Returns the time by the clock of the log.
    ///
    /// It is never before a change that was read, so that a pause is in force as soon as it is read.
    pub(super) fn now(&self, when: Instant) -> Timestamp {
        let made = self.changes.iter().map(|change| change.at).max();
        let clock = self.clock.map(|clock| {
            let elapsed = when.saturating_duration_since(clock.read);
            clock.at.plus(elapsed.min(RISING))
        });
        made.max(clock).unwrap_or(Timestamp::MIN)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::control::{Act, Draft};

    const NOON: Timestamp = Timestamp::from_micros(43_200_000_000);

    fn pause(number: u64) -> Change {
        Draft::new("delay", 1, Act::Pause, "alice", "errors").numbered(number, NOON)
    }

    fn read(changes: Vec<Change>, last: u64) -> Changes {
        Changes::new(changes, last, NOON)
    }

    #[test]
    fn changes_of_before_the_start_are_no_news() {
        let mut known = Known::default();
        assert!(!known.is_loaded());
        assert!(
            known
                .take(read(vec![pause(1)], 1), Instant::now())
                .is_empty()
        );
        assert!(known.is_loaded() && known.is_fresh());
        let alerts = known.take(read(vec![pause(2)], 2), Instant::now());
        assert!(matches!(&alerts[..], [Alert::Changed(change)] if change.number == 2));
        assert_eq!(known.changes().len(), 2);
    }

    #[test]
    fn a_log_that_lost_changes_is_reported_once_and_not_taken() {
        let mut known = Known::default();
        known.take(read(vec![pause(1), pause(2)], 2), Instant::now());
        let alerts = known.take(read(Vec::new(), 1), Instant::now());
        assert!(matches!(
            alerts[..],
            [Alert::Regressed { known: 2, last: 1 }]
        ));
        // The log goes on and gives the numbers again.
        assert!(
            known
                .take(read(vec![pause(3)], 3), Instant::now())
                .is_empty()
        );
        assert_eq!((known.changes().len(), known.last()), (2, 2));
        assert!(known.is_loaded() && !known.is_fresh());
    }

    #[test]
    fn a_failure_is_news_once_until_a_read_succeeds() {
        let mut known = Known::default();
        // Nothing was read, so nothing went stale.
        assert!(!known.fail());
        known.take(read(Vec::new(), 0), Instant::now());
        assert!(known.fail() && !known.fail());
        let alerts = known.take(read(Vec::new(), 0), Instant::now());
        assert!(matches!(alerts[..], [Alert::Fresh]));
        assert!(known.fail());
    }

    #[test]
    fn the_clock_stands_still_a_minute_after_the_last_read() {
        let mut known = Known::default();
        let begin = Instant::now();
        known.take(read(Vec::new(), 0), begin);
        let after = |seconds| known.now(begin + Duration::from_secs(seconds));
        assert_eq!(after(59), NOON.plus(Duration::from_secs(59)));
        assert_eq!(after(61), after(60));
        assert_eq!(after(86_400), NOON.plus(RISING));
    }

    #[test]
    fn the_time_is_never_before_a_change_that_was_read() {
        let mut known = Known::default();
        let begin = Instant::now();
        let early = Timestamp::from_micros(0);
        known.take(Changes::new(vec![pause(1)], 1, early), begin);
        assert_eq!(known.now(begin), NOON);
    }
}
