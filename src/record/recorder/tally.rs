//! Counts of events for each sink.

use std::{
    collections::BTreeMap,
    fmt,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
};

use crate::record::sinks::Taken;

use super::lane::Lane;

/// The numbers of events that a sink accepted, wrote and lost.
///
/// Once no event [waits](Self::waiting), `accepted` is the sum of the other numbers. Its `Display`
/// form is one line, for a log:
///
/// ```
/// use tower_tracks::record::Tally;
///
/// let tally = Tally { accepted: 12, written: 9, duplicates: 3, ..Tally::default() };
/// assert_eq!(
///     tally.to_string(),
///     "12 accepted: 9 written, 3 known before, 0 dropped, 0 set aside",
/// );
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// The number of events that the recorder received.
    pub accepted: u64,
    /// The number of events that were new and were written.
    pub written: u64,
    /// The number of events that were already known, or whose unit was erased later.
    pub duplicates: u64,
    /// The number of lost events; [`Recorder::losses`](crate::record::Recorder::losses) has them with
    /// their reasons.
    pub dropped: u64,
    /// The number of events that could not be written and were set aside.
    pub aside: u64,
}

/// The tallies of all sinks of a recorder.
///
/// [`Recorder::tallies`](crate::record::Recorder::tallies), a flush and a shutdown return it. The
/// `Display` form has a line for each sink, with its name. If two sinks have the same name, only
/// one of them is shown.
///
/// ```
/// use std::time::Duration;
///
/// use tower_tracks::{Units, record::Recorder, store::Memory};
///
/// let units = Units::pseudonym("sixteen random bytes, or more")?;
/// let recorder = Recorder::builder(units).store(Memory::default()).start()?;
/// let tallies = recorder.shutdown(Duration::from_secs(5)).wait();
/// println!("{tallies}");
/// assert!(tallies.to_string().starts_with("store: 0 accepted"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tallies(pub(super) BTreeMap<Arc<str>, Tally>);

impl Tally {
    /// Returns how many events still wait to be written.
    ///
    /// ```
    /// use tower_tracks::record::Tally;
    ///
    /// let tally = Tally { accepted: 12, written: 9, dropped: 1, ..Tally::default() };
    /// assert_eq!(tally.waiting(), 2);
    /// ```
    pub fn waiting(&self) -> u64 {
        let done = self.written + self.duplicates + self.dropped + self.aside;
        // The counters are read one after the other, so the last of them may be newer than the
        // first.
        self.accepted.saturating_sub(done)
    }
}

impl Tallies {
    /// Returns the tallies of lanes: the present ones, or those after the deadline.
    pub(super) fn of(lanes: &[Arc<Lane>], tally: impl Fn(&Lane) -> Tally) -> Self {
        let named = lanes
            .iter()
            .map(|lane| (Arc::clone(&lane.name), tally(lane)));
        Self(named.collect())
    }

    /// Returns the tally of the sink of this name, such as `store` or `json-lines`.
    ///
    /// ```
    /// use tower_tracks::{Units, record::{Recorder, Tally}, store::Memory};
    ///
    /// let units = Units::pseudonym("sixteen random bytes, or more")?;
    /// let recorder = Recorder::builder(units).store(Memory::default()).start()?;
    /// assert_eq!(recorder.tallies().get("store"), Some(Tally::default()));
    /// assert_eq!(recorder.tallies().get("json-lines"), None);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn get(&self, sink: &str) -> Option<Tally> {
        self.0.get(sink).copied()
    }

    /// Returns the tallies with the names of their sinks, sorted by name.
    ///
    /// ```
    /// use tower_tracks::{Units, record::Recorder, store::Memory};
    ///
    /// let units = Units::pseudonym("sixteen random bytes, or more")?;
    /// let recorder = Recorder::builder(units).store(Memory::default()).start()?;
    /// for (sink, tally) in recorder.tallies().iter() {
    ///     println!("{sink}: {} of {} events lost", tally.dropped, tally.accepted);
    /// }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, Tally)> {
        self.0.iter().map(|(name, tally)| (&**name, *tally))
    }
}

/// A line, such as `12 accepted: 9 written, 3 known before, 0 dropped, 0 set aside`.
impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} accepted: {} written, {} known before, {} dropped, {} set aside",
            self.accepted, self.written, self.duplicates, self.dropped, self.aside
        )
    }
}

/// A line for each sink, with its name.
impl fmt::Display for Tallies {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (name, tally)) in self.iter().enumerate() {
            let line = if index == 0 { "" } else { "\n" };
            write!(f, "{line}{name}: {tally}")?;
        }
        Ok(())
    }
}

/// A tally that several threads add to.
///
/// Each counter is exact. A tally that is read meanwhile may count an event as accepted and not yet
/// as written, never the other way around for long: `waiting` saturates.
#[derive(Default)]
pub(super) struct Counters {
    accepted: AtomicU64,
    written: AtomicU64,
    duplicates: AtomicU64,
    dropped: AtomicU64,
    aside: AtomicU64,
}

impl Counters {
    /// Counts an event before it is queued, so that `accepted` is never less than the rest.
    pub(super) fn accept(&self) {
        self.accepted.fetch_add(1, Relaxed);
    }

    /// Counts a lost event.
    pub(super) fn drop(&self) {
        self.dropped.fetch_add(1, Relaxed);
    }

    /// Counts what became of the records of a write.
    pub(super) fn take(&self, taken: Taken) {
        self.written.fetch_add(taken.written, Relaxed);
        self.duplicates.fetch_add(taken.duplicates, Relaxed);
        self.aside.fetch_add(taken.aside, Relaxed);
    }

    /// Returns the present numbers. Each is read by itself.
    pub(super) fn tally(&self) -> Tally {
        Tally {
            accepted: self.accepted.load(Relaxed),
            written: self.written.load(Relaxed),
            duplicates: self.duplicates.load(Relaxed),
            dropped: self.dropped.load(Relaxed),
            aside: self.aside.load(Relaxed),
        }
    }
}
