//! What a node knows of its log. It does no I/O, and a moment is an argument, so that its rules can be
//! tested without waiting.

use std::time::{Duration, Instant};

use crate::store::Timestamp;

use super::{
    alert::Alert,
    change::Change,
    clock::Clock,
    code::Code,
    log::Changes,
    reach::raises,
    state::{Mode, State, state},
};

/// How long after a read the clock of a node goes on for what enrols more units. While the log cannot be
/// read, no later ramp step may begin: the change that stops it may be among those that are missed.
const RISING: Duration = Duration::from_secs(60);

/// How often a log may lose changes, before the first loss is forgotten.
const MOST_LOSSES: usize = 8;

/// The changes that a node has read, and the time of the log.
#[derive(Debug, Default)]
pub(super) struct Known {
    changes: Vec<Change>,
    last: u64,
    clock: Option<Clock>,
    health: Health,
    /// What a log has that lost changes.
    rest: Option<Box<Known>>,
}

/// Whether the log can be read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Health {
    /// Nothing was read yet.
    #[default]
    Unread,
    /// Nothing could be read since the start.
    Unreadable,
    Fresh,
    /// The last reading failed.
    Stale,
    /// The log ends before the last known change, or has another one of its number.
    Regressed,
}

impl Known {
    /// Returns what an earlier run of the program knew.
    pub(super) fn cached(changes: Vec<Change>, last: u64, at: Timestamp, read: Instant) -> Self {
        Self {
            changes,
            last,
            clock: Some(Clock::new(at, read)),
            ..Self::default()
        }
    }

    pub(super) fn changes(&self) -> &[Change] {
        &self.changes
    }

    pub(super) fn last(&self) -> u64 {
        self.last
    }

    /// Returns the number after which the log has to be read: that before the last known change, which shows
    /// whether the log is still the same.
    pub(super) fn next(&self) -> u64 {
        self.rest().map_or(self.last.saturating_sub(1), Self::next)
    }

    /// Returns what a log has that lost changes; `None` of a sound one.
    ///
    /// Of these changes, pauses are in force: what stops a test needs no decision about the log.
    pub(super) fn rest(&self) -> Option<&Self> {
        self.rest.as_deref()
    }

    /// Returns what the log has now: of a sound log, all that is known.
    pub(super) fn current(&self) -> &Self {
        self.rest().map_or(self, Self::current)
    }

    /// Returns the number of the last change of a set and phase under one of its names, which the next one has
    /// to name; 0 if there is none.
    pub(super) fn last_of(&self, set: &str, phase: u32) -> u64 {
        let changes = self.current().changes.iter();
        let its = changes.filter(|change| change.set == set && change.phase == phase);
        its.map(|change| change.number).max().unwrap_or_default()
    }

    /// Whether the log was read since the start.
    pub(super) fn is_loaded(&self) -> bool {
        !matches!(self.health, Health::Unread | Health::Unreadable)
    }

    pub(super) fn is_fresh(&self) -> bool {
        self.health == Health::Fresh
    }

    /// Returns whether the log can be read, and its time when it was read last, maybe by an earlier run.
    #[cfg(feature = "dashboard")]
    pub(super) fn health(&self) -> (Health, Option<Timestamp>) {
        (self.health, self.clock.map(|clock| clock.at))
    }

    /// Adds the changes that were read after the last known one, and returns the alerts to report. The
    /// reading ended at a moment, and took so long.
    ///
    /// A log that lost changes is not taken: what is in force would be reversed by a restored backup, and
    /// numbers would be given twice.
    pub(super) fn take(&mut self, read: Changes, when: Instant, took: Duration) -> Vec<Alert> {
        if let Some(rest) = &mut self.rest {
            let alerts = rest.take(read, when, took);
            self.forget_losses();
            return alerts;
        }
        let known = self.last;
        if !self.is_continued_by(&read) {
            self.health = Health::Regressed;
            self.rest = Some(Box::default());
            let last = read.last;
            return vec![Alert::Regressed { known, last }];
        }
        self.clock = Some(Clock::read(self.clock, read.now, when, took));
        let was = std::mem::replace(&mut self.health, Health::Fresh);
        let was_told = matches!(was, Health::Stale | Health::Unreadable);
        let fresh = was_told.then_some(Alert::Fresh);
        let malformed = read.malformed.into_iter();
        let malformed = malformed.filter(|malformed| malformed.number > known);
        let malformed = malformed.map(Alert::Malformed);
        // What was made before the start of the program is no news.
        let is_first = matches!(was, Health::Unread | Health::Unreadable);
        let is_news = !is_first || known > 0;
        let later = read.changes.into_iter();
        let later: Vec<Change> = later.filter(|change| change.number > known).collect();
        let news = later.iter().filter(|_| is_news).cloned();
        let news = news.map(Alert::of_change);
        let alerts = fresh.into_iter().chain(malformed).chain(news).collect();
        self.changes.extend(later);
        self.last = read.last;
        alerts
    }

    /// Forgets the first of many losses, as of a log whose copies are read in turn.
    fn forget_losses(&mut self) {
        if self.losses() > MOST_LOSSES
            && let Some(mut rest) = self.rest.take()
        {
            self.rest = rest.rest.take();
        }
    }

    fn losses(&self) -> usize {
        self.rest().map_or(0, |rest| 1 + rest.losses())
    }

    /// Whether a log still has the last known change. One that was replaced gives its number again.
    fn is_continued_by(&self, read: &Changes) -> bool {
        let last = |change: &&Change| change.number == self.last;
        let known = self.changes.iter().rfind(last);
        let there = read.changes.iter().find(last);
        let is_same = known.zip(there).is_none_or(|(known, there)| known == there);
        read.last >= self.last && is_same
    }

    /// Notes that the log could not be read, and returns whether that is news.
    pub(super) fn fail(&mut self) -> bool {
        if let Some(rest) = &mut self.rest {
            return rest.fail();
        }
        let (health, is_news) = match self.health {
            Health::Unread => (Health::Unreadable, true),
            Health::Fresh => (Health::Stale, true),
            health => (health, false),
        };
        self.health = health;
        is_news
    }

    /// Returns what is in force for a set.
    ///
    /// If the log has lost changes, the known changes stay in force, and so does a pause that the log has now.
    pub(super) fn state(&self, code: Code<'_>, when: Instant) -> State {
        let in_force = self.held(code, when);
        match self.rest().and_then(|rest| rest.state(code, when).paused) {
            None => in_force,
            paused => State {
                mode: Mode::Paused,
                paused,
                ..in_force
            },
        }
    }

    /// When the log was not read for a minute, only what enrols fewer units still comes into force.
    fn held(&self, code: Code<'_>, when: Instant) -> State {
        let at = |now| state(code, &self.changes, now);
        let (mut held, now) = (at(self.now(when)), self.time(when));
        let mut next = held.next;
        while let Some(moment) = next.filter(|next| *next <= now) {
            let later = at(moment);
            next = later.next;
            if !raises(code, &held, &later) {
                held = later;
            }
        }
        held.next = next;
        held
    }

    /// Returns the time by the clock of the log, at most a minute after the last read.
    ///
    /// It is never before a change that was read, so that a pause is in force as soon as it is read.
    pub(super) fn now(&self, when: Instant) -> Timestamp {
        self.after_read(when, RISING)
    }

    /// Returns the time by the clock of the log, however long ago it was read.
    pub(super) fn time(&self, when: Instant) -> Timestamp {
        self.after_read(when, Duration::MAX)
    }

    fn after_read(&self, when: Instant, most: Duration) -> Timestamp {
        let made = self.changes.iter().map(|change| change.at).max();
        let clock = self.clock.map(|clock| clock.after(when, most));
        made.max(clock).unwrap_or(Timestamp::MIN)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        SimpleTrackSet,
        control::{Act, Draft, Mode, Step},
    };

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
                .take(read(vec![pause(1)], 1), Instant::now(), Duration::ZERO)
                .is_empty()
        );
        assert!(known.is_loaded() && known.is_fresh());
        let alerts = known.take(read(vec![pause(2)], 2), Instant::now(), Duration::ZERO);
        assert!(matches!(&alerts[..], [Alert::Changed(change)] if change.number == 2));
        assert_eq!(known.changes().len(), 2);
    }

    #[test]
    fn a_log_that_lost_changes_is_reported_once_and_not_taken() {
        let mut known = Known::default();
        known.take(
            read(vec![pause(1), pause(2)], 2),
            Instant::now(),
            Duration::ZERO,
        );
        let alerts = known.take(read(Vec::new(), 1), Instant::now(), Duration::ZERO);
        assert!(matches!(
            alerts[..],
            [Alert::Regressed { known: 2, last: 1 }]
        ));
        // The log goes on and gives the numbers again.
        assert!(
            known
                .take(read(vec![pause(3)], 3), Instant::now(), Duration::ZERO)
                .is_empty()
        );
        assert_eq!((known.changes().len(), known.last()), (2, 2));
        assert_eq!(known.rest().map(|rest| rest.changes().len()), Some(1));
        assert_eq!(known.next(), 2);
        assert!(known.is_loaded() && !known.is_fresh());
    }

    #[test]
    fn a_log_with_another_change_of_the_last_number_was_replaced() {
        let mut known = Known::default();
        known.take(read(vec![pause(1)], 1), Instant::now(), Duration::ZERO);
        let again = known.take(read(vec![pause(1)], 1), Instant::now(), Duration::ZERO);
        assert!(again.is_empty() && known.changes().len() == 1);
        let other = Draft::new("delay", 1, Act::Resume, "bob", "mended").numbered(1, NOON);
        let alerts = known.take(read(vec![other], 1), Instant::now(), Duration::ZERO);
        assert!(matches!(
            alerts[..],
            [Alert::Regressed { known: 1, last: 1 }]
        ));
    }

    #[test]
    fn a_failure_is_news_once_until_a_read_succeeds() {
        let mut known = Known::default();
        assert!(known.fail() && !known.fail() && !known.is_loaded());
        let alerts = known.take(read(vec![pause(1)], 1), Instant::now(), Duration::ZERO);
        assert!(matches!(alerts[..], [Alert::Fresh]));
        assert!(known.fail() && !known.fail() && known.is_loaded());
        let alerts = known.take(read(Vec::new(), 1), Instant::now(), Duration::ZERO);
        assert!(matches!(alerts[..], [Alert::Fresh]));
        assert!(known.fail());
    }

    #[test]
    fn the_clock_stands_still_a_minute_after_the_last_read() {
        let mut known = Known::default();
        let begin = Instant::now();
        known.take(read(Vec::new(), 0), begin, Duration::ZERO);
        let after = |seconds| known.now(begin + Duration::from_secs(seconds));
        assert_eq!(after(59), NOON.plus(Duration::from_secs(59)));
        assert_eq!(after(61), after(60));
        assert_eq!(after(86_400), NOON.plus(RISING));
    }

    /// Returns what is in force so many seconds after the only read, and the seconds of the next change.
    fn after(change: Draft, share: f64, seconds: u64) -> (Mode, Option<u64>) {
        let delay = SimpleTrackSet::new("delay")
            .track("long", 2000)
            .share(share);
        let delay = delay.build().unwrap();
        let (mut known, begin) = (Known::default(), Instant::now());
        known.take(
            read(vec![change.numbered(1, NOON)], 1),
            begin,
            Duration::ZERO,
        );
        let code = Code::of(&delay).next().unwrap();
        let state = known.state(code, begin + Duration::from_secs(seconds));
        let micros = |at: Timestamp| at.as_micros() - NOON.as_micros();
        let next = state.next.map(|at| micros(at).unsigned_abs() / 1_000_000);
        (state.mode, next)
    }

    fn ramp(over: f64, steps: &[(u64, f64)]) -> Draft {
        let step = |&(at, share): &(u64, f64)| Step {
            at: NOON.plus(Duration::from_secs(at)),
            share,
        };
        let steps = steps.iter().map(step).collect();
        Draft::new("delay", 1, Act::Ramp { steps, over }, "alice", "more")
    }

    #[test]
    fn without_a_read_for_a_minute_no_ramp_rises() {
        let rising = || ramp(0.1, &[(30, 0.2), (90, 0.5), (120, 1.0)]);
        for (seconds, expected) in [
            (29, (Mode::Code, Some(30))),
            (30, (Mode::Share(0.2), Some(90))),
            // The step is not waited for again and again: the next moment is one to come.
            (90, (Mode::Share(0.2), Some(120))),
            (121, (Mode::Share(0.2), None)),
            (86_400, (Mode::Share(0.2), None)),
        ] {
            assert_eq!(after(rising(), 0.1, seconds), expected, "{seconds}");
        }
    }

    #[test]
    fn without_a_read_for_a_minute_falling_steps_and_pauses_go_on() {
        let falling = || ramp(1.0, &[(90, 0.2), (120, 0.5)]);
        for (seconds, expected) in [
            (89, (Mode::Code, Some(90))),
            (90, (Mode::Share(0.2), Some(120))),
            (86_400, (Mode::Share(0.2), None)),
        ] {
            assert_eq!(after(falling(), 1.0, seconds), expected, "{seconds}");
        }
        let pause = Draft::new("delay", 1, Act::Pause, "alice", "errors");
        assert_eq!(after(pause, 1.0, 86_400), (Mode::Paused, None));
    }

    #[test]
    fn the_time_is_never_before_a_change_that_was_read() {
        let mut known = Known::default();
        let begin = Instant::now();
        let early = Timestamp::from_micros(0);
        known.take(
            Changes::new(vec![pause(1)], 1, early),
            begin,
            Duration::ZERO,
        );
        assert_eq!(known.now(begin), NOON);
    }
}
