//! The recorder as the application holds it: an observer that puts events into the queues.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{
            AtomicBool,
            Ordering::{AcqRel, Release},
        },
    },
    time::{Duration, Instant, SystemTime},
};

use crate::{
    assign::Set,
    event::{Alias, Conversion, Exposure, Goal, GoalError, Observe, Reached, Told},
    record::SetDigest,
    unit::{CookieSigning, Subject, Units},
};

use super::{
    builder::{RecorderBuilder, Shared},
    deadline,
    event::Event,
    lane::Lane,
    losses::Lost,
    pending::{Closing, Flush},
    receipt::{Receipt, ReceiptError, Signer},
    subjects::Subjects,
    tally::Tallies,
};

/// The time that a recorder waits for its sinks if it is dropped without a shutdown.
const LAST: Duration = Duration::from_secs(1);

/// Records exposures and conversions, off the request path.
///
/// It implements [`Observe`], so a layer can report to it. Cloning it is cheap, and all clones are the same
/// recorder. Call [`shutdown`](Self::shutdown) at the end. If the last clone is dropped without it, the
/// recorder writes queued events for at most a second and logs a warning with the number of lost ones.
///
/// On the request path, the recorder only pushes an event into the queue of each sink. It never waits. If a
/// queue is full, the event is lost for that sink and [counted](Self::losses).
///
/// ```
/// use std::time::Duration;
///
/// use tower_tracks::{Key, Units, record::Recorder, store::{Memory, Store}};
///
/// let store = std::sync::Arc::new(Memory::default());
/// let units = Units::pseudonym("sixteen random bytes, or more")?;
/// let recorder = Recorder::builder(units).store(std::sync::Arc::clone(&store)).start()?;
///
/// recorder.reached(&Key::from("alice"), "purchase").value(19.90).once("order 17")?;
/// let tallies = recorder.shutdown(Duration::from_secs(5)).wait();
/// assert_eq!(tallies.get("store").unwrap().written, 1);
/// assert_eq!(store.goals()?.len(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// See the [module docs](crate::record).
#[derive(Clone)]
pub struct Recorder(Arc<Inner>);

/// What all clones of a recorder share.
struct Inner {
    units: Units,
    receipts: Signer,
    lanes: Vec<Arc<Lane>>,
    shared: Shared,
    /// Whether a shutdown was requested, so that dropping the last clone does not wait again.
    closed: AtomicBool,
}

impl Recorder {
    /// Returns the builder of a recorder.
    ///
    /// `units` defines how keys are recorded: as [pseudonyms](Units::pseudonym) or [raw](Units::raw).
    /// Pseudonyms need a secret; keep it as long as the data. With raw units, a store has the keys as well.
    ///
    /// ```
    /// use tower_tracks::{Units, record::Recorder, store::Memory};
    ///
    /// let units = Units::pseudonym("sixteen random bytes, or more")?;
    /// let recorder = Recorder::builder(units).store(Memory::default()).start()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn builder(units: Units) -> RecorderBuilder {
        RecorderBuilder::new(units)
    }

    pub(super) fn new(units: Units, lanes: Vec<Arc<Lane>>, shared: Shared) -> Self {
        Self(Arc::new(Inner {
            receipts: Signer::new(&units),
            units,
            lanes,
            shared,
            closed: AtomicBool::new(false),
        }))
    }

    /// Returns a conversion outside a request, for instance in a job. Record it with
    /// [`once`](Reached::once) or [`every_time`](Reached::every_time).
    ///
    /// `who` is the key of a visitor, a pair of the name of a unit and a key, or a receipt.
    ///
    /// ```
    /// # use tower_tracks::{Key, Units, record::Recorder, store::Memory};
    /// # let recorder = Recorder::builder(Units::raw()).store(Memory::default()).start()?;
    /// recorder.reached(("user", &Key::from(42)), "renewal").value(9.90).once("invoice 2026-117")?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn reached(
        &self,
        who: impl Into<Subjects>,
        goal: impl TryInto<Goal, Error: Into<GoalError>>,
    ) -> Reached<'_> {
        let who = who.into();
        let goal: Result<Goal, GoalError> = goal.try_into().map_err(Into::into);
        let goal = goal.and_then(|goal| who.check().map(|()| goal));
        Reached::new(goal, SystemTime::now(), move |told| self.tell(who, told))
    }

    /// Returns the subject of a receipt, for [`reached`](Self::reached).
    ///
    /// With a receipt, a program without the visitor's key can record a conversion of that visitor. An
    /// example is a program that receives the calls of a payment provider. The program that has the key
    /// issues the receipt. Both programs must have the same [units](Self::units).
    ///
    /// # Errors
    ///
    /// If the text is not a receipt, or was signed with another secret.
    ///
    /// ```
    /// use tower_tracks::{Key, Observe, Units, record::Recorder, store::Memory};
    ///
    /// let units = Units::pseudonym("sixteen random bytes, or more")?;
    /// let recorder = Recorder::builder(units).store(Memory::default()).start()?;
    /// // In a handler, `Goals::receipt` returns this text.
    /// let receipt = recorder.receipt(&[(&Key::from("alice")).into()]).unwrap();
    ///
    /// let buyer = recorder.redeem(&receipt)?;
    /// recorder.reached(buyer, "purchase").value(19.90).once("payment 4711")?;
    /// assert!(recorder.redeem("visitor:alice").is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn redeem(&self, receipt: &str) -> Result<Receipt, ReceiptError> {
        Receipt::read(receipt, &self.0.receipts)
    }

    /// Writes all events that were reported so far, and the numbers of lost events.
    ///
    /// Await the returned [`Flush`], or call its [`wait`](Flush::wait) outside of async code. The
    /// flush is requested at once, even if the returned value is dropped.
    ///
    /// ```
    /// use tower_tracks::{Key, Units, record::Recorder, store::Memory};
    ///
    /// let units = Units::pseudonym("sixteen random bytes, or more")?;
    /// let recorder = Recorder::builder(units).store(Memory::default()).start()?;
    /// recorder.reached(&Key::from("alice"), "signup").every_time()?;
    /// let tallies = recorder.flush().wait()?;
    /// assert_eq!(tallies.get("store").unwrap().written, 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn flush(&self) -> Flush {
        let ask = |lane: &Arc<Lane>| {
            let (sender, receiver) = oneshot::channel();
            lane.flush(sender);
            (Arc::clone(&lane.name), receiver)
        };
        Flush(self.0.lanes.iter().map(ask).collect())
    }

    /// Writes all events that were reported so far, and ends the recorder.
    ///
    /// It writes for at most `timeout`. Later events are lost and counted. If several tasks call it, the
    /// recorder ends when the first of their timeouts is over.
    ///
    /// [`Duration::MAX`] sets no time limit.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use tower_tracks::{Units, record::Recorder, store::Memory};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let units = Units::pseudonym("sixteen random bytes, or more")?;
    /// let recorder = Recorder::builder(units).store(Memory::default()).start()?;
    /// // … serve requests until a signal arrives, and then:
    /// let tallies = recorder.shutdown(Duration::from_secs(5)).await;
    /// assert!(tallies.iter().all(|(_, tally)| tally.dropped == 0));
    /// # Ok(())
    /// # }
    /// ```
    pub fn shutdown(&self, timeout: Duration) -> Closing {
        // At once, so that it happens even if the returned value is dropped.
        let deadline = self.0.close(timeout);
        Closing {
            answer: self.0.shared.ending.of(&self.0.lanes, deadline),
            last: self.tallies(),
        }
    }

    /// Returns the numbers of written and lost events of each sink so far.
    ///
    /// It reads a few counters and never waits, so a health check may call it often. Events of the
    /// last moments are counted as accepted, and not yet as written.
    ///
    /// ```
    /// use tower_tracks::{Units, record::Recorder, store::Memory};
    ///
    /// let units = Units::pseudonym("sixteen random bytes, or more")?;
    /// let recorder = Recorder::builder(units).store(Memory::default()).start()?;
    /// assert_eq!(
    ///     recorder.tallies().to_string(),
    ///     "store: 0 accepted: 0 written, 0 known before, 0 dropped, 0 set aside",
    /// );
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn tallies(&self) -> Tallies {
        Tallies::of(&self.0.lanes, |lane| lane.counters.tally())
    }

    /// Returns the lost events so far, by sink, reason, track and goal, sorted in this order.
    ///
    /// A store has the same numbers, so that a report can check whether all tracks lost events equally.
    /// Without a loss, the list is empty.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use tower_tracks::{
    ///     Key, Units,
    ///     record::Recorder,
    ///     store::{LostReason, Memory},
    /// };
    ///
    /// let units = Units::pseudonym("sixteen random bytes, or more")?;
    /// let recorder = Recorder::builder(units).store(Memory::default()).start()?;
    /// recorder.shutdown(Duration::from_secs(5)).wait();
    ///
    /// // A job that goes on after the shutdown.
    /// recorder.reached(&Key::from("alice"), "signup").every_time()?;
    /// let losses = recorder.losses();
    /// assert_eq!((losses[0].reason, losses[0].n), (LostReason::Closed, 1));
    /// assert_eq!(losses[0].goal.as_ref().unwrap().as_str(), "signup");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn losses(&self) -> Vec<Lost> {
        self.0.shared.losses.all()
    }

    /// Returns the name of each sink, with the length and the capacity of its queue, in events.
    ///
    /// If a queue stays near its capacity, its sink is too slow or fails. Export the numbers as a gauge to
    /// notice this. Events of the batch that is being written are not in the queue.
    ///
    /// ```
    /// use tower_tracks::{Units, record::Recorder, store::Memory};
    ///
    /// let units = Units::pseudonym("sixteen random bytes, or more")?;
    /// let recorder = Recorder::builder(units).store(Memory::default()).start()?;
    /// for (sink, waiting, capacity) in recorder.depths() {
    ///     println!("{sink}: {waiting} of {capacity}");
    /// }
    /// assert_eq!(recorder.depths().next(), Some(("store", 0, 32_768)));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn depths(&self) -> impl Iterator<Item = (&str, usize, usize)> {
        self.0.lanes.iter().map(|lane| {
            let (waiting, capacity) = lane.depth();
            (&*lane.name, waiting, capacity)
        })
    }

    /// Returns the [`Units`] that the builder received.
    ///
    /// A program computes the unit of a key with them, for instance to erase a visitor from a store.
    ///
    /// ```
    /// use tower_tracks::{Key, Units, record::Recorder, store::{Memory, Store}};
    ///
    /// let store = std::sync::Arc::new(Memory::default());
    /// let units = Units::pseudonym("sixteen random bytes, or more")?;
    /// let recorder = Recorder::builder(units).store(std::sync::Arc::clone(&store)).start()?;
    ///
    /// let unit = recorder.units().unit("visitor", &Key::from("alice"));
    /// assert!(store.history(unit)?.exposures.is_empty());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn units(&self) -> &Units {
        &self.0.units
    }

    /// Records a conversion of each subject.
    fn tell(&self, who: Subjects, told: Told) {
        for conversion in told.conversions(who.0, || random_bytes().ok()) {
            self.conversion(&conversion);
        }
    }

    /// Puts an event into each queue. The last queue gets the event itself: with one sink, nothing
    /// is cloned.
    fn push(&self, event: Event) {
        let Some((last, others)) = self.0.lanes.split_last() else {
            return;
        };
        for lane in others {
            lane.push(event.clone());
        }
        last.push(event);
    }
}

impl Observe for Recorder {
    /// Records an exposure, unless its key belongs to one request only. The unit of such a key never occurs
    /// again.
    fn observe(&self, exposure: &Exposure) {
        // A unit without its key is that of a secret, and this recorder would have another one for the key.
        let is_ours = exposure.unit().is_some() && !self.0.units.is_raw();
        if exposure.key().is_some() || is_ours {
            self.push(Event::Exposure(exposure.clone()));
        }
    }

    fn alias(&self, alias: &Alias) {
        self.push(Event::Alias(alias.clone()));
    }

    fn conversion(&self, conversion: &Conversion) {
        // Set here, so that all sinks have the same id.
        let id = conversion.id().or_else(|| random_bytes().ok());
        let conversion = conversion.clone();
        self.push(Event::Conversion(match id {
            Some(id) => conversion.identified(id),
            None => conversion,
        }));
    }

    fn define(&self, set: &Arc<Set>) {
        let digest = SetDigest::of(set);
        let lanes = self.0.lanes.iter();
        lanes.for_each(|lane| lane.define(set, digest));
    }

    fn receipt(&self, subjects: &[Subject]) -> Option<String> {
        Receipt::of(subjects, &self.0.units).map(|receipt| receipt.write(&self.0.receipts))
    }

    /// Returns the signing of visitor cookies with the secret of the units; `None` for [raw](Units::raw)
    /// units.
    fn cookie_signing(&self) -> Option<CookieSigning> {
        self.0.units.cookie_signing()
    }

    fn recorded_units(&self) -> Option<Units> {
        // Raw units have no secret to sign with, and another observer may have one.
        Some(self.0.units.clone()).filter(|units| !units.is_raw())
    }
}

impl Inner {
    /// Ends all sinks, and returns their deadline.
    fn close(&self, timeout: Duration) -> Instant {
        self.closed.store(true, Release);
        let deadline = deadline::after(timeout);
        self.lanes.iter().for_each(|lane| lane.close(deadline));
        deadline
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        if !self.closed.swap(true, AcqRel) {
            let deadline = self.close(LAST);
            self.shared.ending.wait(&self.lanes, deadline);
        }
    }
}

impl fmt::Debug for Recorder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recorder")
            .field("tallies", &self.tallies())
            .finish_non_exhaustive()
    }
}

/// Returns the bytes of an id that no other recorder or conversion has.
pub(super) fn random_bytes() -> Result<[u8; 16], getrandom::Error> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes)?;
    Ok(bytes)
}
