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
    ending::Ending,
    event::Event,
    lane::Lane,
    losses::{Losses, Lost},
    pending::{Closing, Flush},
    receipt::{Receipt, ReceiptError, Signer},
    subjects::Subjects,
    tally::Tallies,
};

/// The time that a dropped recorder waits for its sinks.
const LAST: Duration = Duration::from_secs(1);

/// Records exposures and conversions, off the request path.
///
/// It is an [`Observe`] for a layer. Cloning it is cheap, and all clones are the same recorder. Call
/// [`shutdown`](Self::shutdown) at the end. If the last clone is dropped without it, the recorder
/// writes queued events for at most a second and logs a warning with the number of lost ones.
///
/// See the [module docs](crate::record).
#[derive(Clone)]
pub struct Recorder(Arc<Inner>);

struct Inner {
    units: Units,
    receipts: Signer,
    lanes: Vec<Arc<Lane>>,
    losses: Arc<Losses>,
    ending: Arc<Ending>,
    closed: AtomicBool,
}

impl Recorder {
    /// Returns the builder of a recorder.
    ///
    /// `units` defines how keys are recorded: as [pseudonyms](Units::pseudonym), with a secret that you
    /// keep as long as the data, or [raw](Units::raw). With raw units, a store has the keys as well.
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

    pub(super) fn new(
        units: Units,
        lanes: Vec<Arc<Lane>>,
        Shared { losses, ending }: Shared,
    ) -> Self {
        Self(Arc::new(Inner {
            receipts: Signer::new(&units),
            units,
            lanes,
            losses,
            ending,
            closed: AtomicBool::new(false),
        }))
    }

    /// Returns a conversion outside a request, for instance in a job. Record it with
    /// [`once`](Reached::once) or [`every_time`](Reached::every_time).
    ///
    /// The subject is the key of a visitor, a pair of a kind and a key, or a receipt.
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
        let invalid = who.invalid();
        let reached = Reached::new(goal, SystemTime::now(), move |told| self.tell(who, told));
        reached.refused(invalid)
    }

    /// Returns the subject of a receipt, for [`reached`](Self::reached).
    ///
    /// # Errors
    ///
    /// If the text is not a receipt, or was signed with another secret.
    pub fn redeem(&self, receipt: &str) -> Result<Receipt, ReceiptError> {
        Receipt::read(receipt, &self.0.receipts)
    }

    /// Writes all events that were reported before.
    pub fn flush(&self) -> Flush {
        let ask = |lane: &Arc<Lane>| {
            let (sender, receiver) = oneshot::channel();
            lane.flush(sender);
            (Arc::clone(&lane.name), receiver)
        };
        Flush(self.0.lanes.iter().map(ask).collect())
    }

    /// Writes all events that were reported before, for at most this time, and ends the recorder. Later
    /// events are lost and counted. If several tasks call it, the recorder ends when the shortest of
    /// their times is over.
    ///
    /// [`Duration::MAX`] waits as long as it takes.
    pub fn shutdown(&self, timeout: Duration) -> Closing {
        self.0.shutdown(timeout)
    }

    /// Returns the numbers of written and lost events of each sink so far.
    pub fn tallies(&self) -> Tallies {
        self.0.tallies()
    }

    /// Returns the lost events so far, by sink, reason, track and goal.
    pub fn losses(&self) -> Vec<Lost> {
        self.0.losses.all()
    }

    /// Returns the length and the capacity of each queue, in events.
    pub fn depths(&self) -> impl Iterator<Item = (&str, usize, usize)> {
        self.0.lanes.iter().map(|lane| {
            let (waiting, capacity) = lane.depth();
            (&*lane.name, waiting, capacity)
        })
    }

    /// Returns how keys become units.
    pub fn units(&self) -> &Units {
        &self.0.units
    }

    fn tell(&self, who: Subjects, told: Told) {
        let id = told.id.or_else(random_id);
        for subject in who.0 {
            let conversion = Conversion::new(subject, told.goal.clone(), told.at);
            let conversion = conversion.worth(told.micros);
            self.conversion(&match id {
                Some(id) => conversion.identified(id),
                None => conversion,
            });
        }
    }

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
    /// Records an exposure, unless its key belongs to one request alone: such a unit would never be
    /// seen again.
    fn observe(&self, exposure: &Exposure) {
        if exposure.key().is_some() {
            self.push(Event::Exposure(exposure.clone()));
        }
    }

    fn alias(&self, alias: &Alias) {
        self.push(Event::Alias(alias.clone()));
    }

    fn conversion(&self, conversion: &Conversion) {
        // The same id in all sinks.
        let conversion = match (conversion.id(), random_id()) {
            (None, Some(id)) => conversion.clone().identified(id),
            _ => conversion.clone(),
        };
        self.push(Event::Conversion(conversion));
    }

    fn define(&self, set: &Arc<Set>) {
        let digest = SetDigest::of(set);
        let lanes = self.0.lanes.iter();
        lanes.for_each(|lane| lane.define(set, digest));
    }

    fn receipt(&self, subjects: &[Subject]) -> Option<String> {
        Receipt::of(subjects, &self.0.units).map(|receipt| receipt.write(&self.0.receipts))
    }

    /// Returns the signing by the secret of its units; none for [raw](Units::raw) ones.
    fn cookie_signing(&self) -> Option<CookieSigning> {
        self.0.units.cookie_signing()
    }
}

impl Inner {
    fn tallies(&self) -> Tallies {
        let tally = |lane: &Arc<Lane>| (Arc::clone(&lane.name), lane.counters.tally());
        Tallies(self.lanes.iter().map(tally).collect())
    }

    fn shutdown(&self, timeout: Duration) -> Closing {
        let deadline = self.close(timeout);
        Closing {
            answer: self.ending.of(&self.lanes, deadline),
            last: self.tallies(),
        }
    }

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
            self.ending.wait(&self.lanes, deadline);
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

fn random_id() -> Option<[u8; 16]> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).ok()?;
    Some(bytes)
}
