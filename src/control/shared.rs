//! What the thread that reads the log, the layers and the handles share.

#[cfg(feature = "report")]
use std::collections::BTreeSet;
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
    time::{Duration, Instant},
};

use crate::{
    assign::Sets,
    store::{StoreError, StoreErrorKind},
    warn::warn,
};

use super::{
    alert::Alert,
    cache::{Cache, Cached},
    change::{Change, Draft},
    code::Code,
    dials::Dials,
    error::ControlError,
    known::Known,
    log::{Appended, ChangeLog, Changes},
    proposal::Rules,
    state::{Mode, State},
};

/// The log, its known changes, and the dials that follow it.
pub(super) struct Shared {
    pub(super) log: Box<dyn ChangeLog>,
    known: Mutex<Known>,
    dials: Mutex<Vec<Weak<Dials>>>,
    /// Held while the log is read, so that of two reads the later is taken last.
    reading: Mutex<()>,
    /// The sets and phases that the guard could not pause.
    #[cfg(feature = "report")]
    pub(super) unguarded: Mutex<BTreeSet<(String, u32)>>,
    /// Held while the cache is written, by one thread at a time.
    saving: Mutex<()>,
    settings: Settings,
}

/// The closure that gets alerts.
type Notify = Box<dyn Fn(&Alert) + Send + Sync>;

pub(super) struct Settings {
    pub(super) rules: Rules,
    pub(super) cache: Option<Cache>,
    pub(super) notify: Option<Notify>,
    pub(super) starts_paused: bool,
}

impl Shared {
    pub(super) fn new(log: Box<dyn ChangeLog>, known: Known, settings: Settings) -> Self {
        Self {
            log,
            known: Mutex::new(known),
            dials: Mutex::default(),
            reading: Mutex::default(),
            #[cfg(feature = "report")]
            unguarded: Mutex::default(),
            saving: Mutex::default(),
            settings,
        }
    }

    pub(super) fn settings(&self) -> &Settings {
        &self.settings
    }

    pub(super) fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns dials for a group, which follow the log from now on.
    pub(super) fn register(&self, sets: &Arc<Sets>) -> Arc<Dials> {
        let dials = Arc::new(Dials::new(Arc::clone(sets)));
        self.lock_dials().push(Arc::downgrade(&dials));
        self.turn(&dials);
        dials
    }

    /// Returns the dials of all layers that still exist.
    pub(super) fn dials(&self) -> Vec<Arc<Dials>> {
        let mut all = self.lock_dials();
        all.retain(|dials| dials.strong_count() > 0);
        all.iter().filter_map(Weak::upgrade).collect()
    }

    fn lock_dials(&self) -> MutexGuard<'_, Vec<Weak<Dials>>> {
        self.dials.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads the log, and puts in force what is new.
    pub(super) fn refresh(&self) {
        let reading = self.lock_reading();
        let next = self.known().next();
        let alerts = self.follow(next, Known::take);
        drop(reading);
        alerts.iter().for_each(|alert| self.alert(alert));
        let is_regressed = |alert: &Alert| matches!(alert, Alert::Regressed { .. });
        if alerts.iter().any(is_regressed) {
            // For the pauses of the log as it is now.
            self.refresh();
        }
    }

    /// Replaces the known changes by those of the log. If it cannot be read, they stay.
    pub(super) fn accept(&self) {
        let reading = self.lock_reading();
        let alerts = self.follow(0, |known, read, when, took| {
            *known = Known::default();
            known.take(read, when, took)
        });
        // Otherwise the next start would know the lost changes again.
        self.save();
        drop(reading);
        alerts.iter().for_each(|alert| self.alert(alert));
    }

    fn lock_reading(&self) -> MutexGuard<'_, ()> {
        self.reading.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads the log after a number, puts in force what was read, and returns the alerts to report.
    fn follow(
        &self,
        number: u64,
        take: impl FnOnce(&mut Known, Changes, Instant, Duration) -> Vec<Alert>,
    ) -> Vec<Alert> {
        let known = self.known().last();
        let begin = Instant::now();
        let read = self.read(number);
        let took = begin.elapsed();
        let mut alerts = match read {
            Ok(read) => take(&mut self.known(), read, begin + took, took),
            Err(error) => match self.known().fail() {
                true => vec![Alert::Stale(Arc::new(error))],
                false => Vec::new(),
            },
        };
        let void = self.void(&alerts);
        alerts.extend(void);
        // Also what was made before the start, which is no news, and has no layer yet.
        let is_later = self.known().last() != known;
        let is_news = alerts.iter().any(|alert| alert.change().is_some());
        if self.turn_all() || is_news || is_later {
            self.save();
        }
        alerts
    }

    /// Reads the log after a number. If the log panics, the thread goes on, and the log is one that cannot be
    /// read.
    fn read(&self, number: u64) -> Result<Changes, StoreError> {
        let read = catch_unwind(AssertUnwindSafe(|| self.log.after(number)));
        read.unwrap_or_else(|_| {
            let kind = StoreErrorKind::Other;
            Err(StoreError::new(kind, "the log of changes panicked"))
        })
    }

    /// Returns the new changes that have no effect on a set of this program.
    fn void(&self, news: &[Alert]) -> Vec<Alert> {
        let new = |number: u64| {
            let mut changes = news.iter().filter_map(Alert::change);
            changes.find(|change| change.number == number).cloned()
        };
        let dials = self.dials();
        let codes = dials.iter().flat_map(|dials| dials.codes());
        let void = codes.flat_map(|code| self.state(code).void);
        void.filter_map(|(number, void)| Some(Alert::Void(new(number)?, void)))
            .collect()
    }

    /// Puts in force what the time has brought, without the log, and returns how long it is until the clock
    /// changes something.
    pub(super) fn tick(&self) -> Option<Duration> {
        // Before the dials are turned, since what comes into force between both would be missed.
        let until = self.until_next();
        if self.turn_all() {
            self.save();
        }
        until
    }

    /// Puts in force what the time has brought, and returns whether a dial was turned.
    fn turn_all(&self) -> bool {
        // Every one, so no short cut.
        self.dials().iter().filter(|dials| self.turn(dials)).count() > 0
    }

    /// The known changes stay locked, so that of two threads the one with the later state turns last.
    fn turn(&self, dials: &Dials) -> bool {
        let known = self.known();
        let now = Instant::now();
        // Until the log was read, if that was set.
        let is_paused = self.settings.starts_paused && !known.is_loaded();
        let mode = |code: Code<'_>| match is_paused {
            true => Mode::Paused,
            false => known.state(code, now).mode,
        };
        let turned = dials
            .codes()
            .enumerate()
            .filter(|(set, code)| dials.put(*set, mode(*code)));
        turned.count() > 0
    }

    /// Returns what is in force for a set.
    pub(super) fn state(&self, code: Code<'_>) -> State {
        self.known().state(code, Instant::now())
    }

    /// Returns how long it is until the clock changes something, if nothing else does.
    fn until_next(&self) -> Option<Duration> {
        let dials = self.dials();
        let codes = dials.iter().flat_map(|dials| dials.codes());
        let next = codes.filter_map(|code| self.state(code).next).min()?;
        let now = self.known().time(Instant::now());
        let micros = next.as_micros().saturating_sub(now.as_micros());
        Some(Duration::from_micros(
            u64::try_from(micros).unwrap_or_default(),
        ))
    }

    fn save(&self) {
        let Some(cache) = &self.settings.cache else {
            return;
        };
        let _saving = self.saving.lock().unwrap_or_else(PoisonError::into_inner);
        let cached = {
            let known = self.known();
            Cached {
                changes: known.changes().to_vec(),
                last: known.last(),
                at: known.now(Instant::now()),
            }
        };
        if let Err(error) = cache.write(&cached) {
            let path = cache.path().display();
            warn(format_args!(
                "the cache of changes {path} cannot be written: {error}"
            ));
        }
    }

    /// Adds a change after the last one that its author knew, and puts it in force.
    pub(super) fn append(&self, draft: &Draft, previous: u64) -> Result<Change, ControlError> {
        let appended = self.log.append(draft, previous)?;
        self.refresh();
        match appended {
            Appended::Added(change) => Ok(change),
            Appended::Conflict(change) => Err(ControlError::Conflict(Box::new(change))),
        }
    }

    pub(super) fn alert(&self, alert: &Alert) {
        if let Some(notify) = &self.settings.notify
            && catch_unwind(AssertUnwindSafe(|| notify(alert))).is_err()
        {
            warn(format_args!(
                "the closure that is notified of changes panicked"
            ));
        }
    }
}
