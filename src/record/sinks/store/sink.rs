//! The sink that writes into a store.
//!
//! It looks up most repetitions in memory. Whenever a write fails, or the store was replaced, it
//! forgets what it knows of the store and writes definitions again: a fact that is written twice
//! counts once.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use crate::{
    event::Exposure,
    record::{
        recorder::{IsError, Lost},
        sinks::{Record, Sink, SinkError, Taken},
    },
    store::{
        AliasRow, ConversionRow, ExposureRow, LatencyRow, LossRow, LostReason, Store, StoreError,
        StoreErrorKind, SumRow, Timestamp, WriterRow,
    },
    unit::{Unit, Units},
};

use super::{
    ceiling::Ceiling,
    draft::Draft,
    growth::Growth,
    known::Known,
    met::{Met, TrackId},
    sums::{Request, Sums},
};

/// The time that an event may be in the future, by this machine's clock.
const FUTURE: Duration = Duration::from_secs(60 * 60);

/// The name of the sink.
pub(crate) const STORE: &str = "store";

/// A sink that writes into a store.
pub(crate) struct StoreSink {
    pub(super) store: Arc<dyn Store>,
    is_error: IsError,
    growth: Growth,
    writer: Option<WriterRow>,
    /// The scheme of the units, with which the store is claimed.
    claim: String,
    /// Whether the store has returned this claim, so that a missing one means an emptied store.
    is_claim_known: bool,
    /// The number of replacements of the store at which the rest of this was true.
    replacements: u64,
    /// Whether keys are stored beside their units.
    is_raw: bool,
    pub(super) met: Met,
    exposed: Known<(TrackId, Unit)>,
    aliased: Known<(Unit, Unit)>,
    sums: Sums,
}

impl StoreSink {
    /// Returns a sink that knows nothing of the store yet.
    pub(crate) fn new(store: Arc<dyn Store>, is_error: IsError, ceiling: Ceiling) -> Self {
        Self {
            store,
            is_error,
            growth: Growth::new(ceiling),
            writer: None,
            claim: String::new(),
            is_claim_known: false,
            replacements: 0,
            is_raw: false,
            met: Met::default(),
            exposed: Known::default(),
            aliased: Known::default(),
            sums: Sums::default(),
        }
    }

    /// Adds a record to the batch. Events too far in the future are set aside: a wrong clock would
    /// make them the latest for years.
    fn add(&mut self, draft: &mut Draft, record: &Record) {
        if at(record) > draft.now.plus(FUTURE) {
            draft.taken.aside += 1;
            let reason = "its time is more than an hour in the future";
            return draft.set_aside(record, reason);
        }
        match record {
            Record::Exposure { exposure, unit } => self.add_exposure(draft, exposure, *unit),
            Record::Conversion {
                conversion,
                unit,
                id,
            } => {
                let row = ConversionRow {
                    goal: draft.batch.goal(conversion.goal()),
                    unit: *unit,
                    idem: *id,
                    at: conversion.at().into(),
                    value: conversion.micros(),
                    writer: draft.writer,
                };
                draft.batch.conversions.push(row);
                let subject = conversion.subject();
                let key = subject.key().filter(|_| self.is_raw);
                draft.add_key(*unit, subject.kind(), key);
            }
            Record::Alias {
                alias,
                visitor,
                user,
            } => self.add_alias(draft, alias.at().into(), (*visitor, *user)),
        }
    }

    /// Adds an exposure, unless it is known. Its request is summed in any case.
    fn add_exposure(&mut self, draft: &mut Draft, exposure: &Exposure, unit: Unit) {
        let Some((set, track)) = self.met.meet(exposure) else {
            return;
        };
        let request = Request::of(track, unit, exposure, &*self.is_error);
        draft.requests.extend(request);
        let first_at = exposure.at().into();
        if self.exposed.has(&(track, unit), first_at) {
            draft.taken.duplicates += 1;
            return;
        }
        let (Some(met), Some(name)) = (self.met.set(set), self.met.name(track)) else {
            return;
        };
        if !met.is_stored {
            let earliest = draft.sets.entry(set).or_insert(first_at);
            *earliest = first_at.min(*earliest);
        }
        let row = ExposureRow {
            track: draft.batch.track(name),
            unit,
            first_at,
            coin: exposure.choice().coin(),
            definition: Some(draft.batch.definition(&met.definition)),
            segment: exposure
                .choice()
                .segment()
                .map(|segment| draft.batch.segment(&segment.into())),
            writer: draft.writer,
        };
        draft.batch.exposures.push(row);
        draft.exposed.push(((track, unit), first_at));
        let key = exposure.key().filter(|_| self.is_raw);
        draft.add_key(unit, exposure.unit_kind(), key);
    }

    /// Adds an alias, unless it is known.
    fn add_alias(&self, draft: &mut Draft, first_at: Timestamp, pair: (Unit, Unit)) {
        if self.aliased.has(&pair, first_at) {
            draft.taken.duplicates += 1;
            return;
        }
        let (visitor, user) = pair;
        let row = AliasRow::new(visitor, user, first_at);
        draft.batch.aliases.push(row);
        draft.aliased.push((pair, first_at));
    }

    /// Adds the sums over requests that differ from the store.
    fn add_sums(&self, draft: &mut Draft) {
        for (name, bucket, sums) in self.sums.changed() {
            let row = SumRow {
                track: draft.batch.track(name),
                bucket,
                writer: draft.writer,
                sums,
            };
            draft.batch.sums.push(row);
        }
        for (name, group, bin, requests) in self.sums.changed_latencies() {
            let track = draft.batch.track(name);
            let row = LatencyRow::new(track, group, bin, draft.writer, requests);
            draft.batch.latencies.push(row);
        }
    }

    /// Does work on the store, and repeats it once if the store was replaced meanwhile.
    fn following<T>(
        &mut self,
        work: impl Fn(&mut Self) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.follow()?;
        match work(self) {
            Err(error) if error.kind() == StoreErrorKind::Replaced => {
                self.begin_anew(self.store.replacements()?)?;
                work(self)
            }
            done => done,
        }
    }

    /// Checks whether the store was replaced, for instance by a restored backup.
    pub(super) fn follow(&mut self) -> Result<(), StoreError> {
        match self.store.replacements()? {
            known if known == self.replacements => Ok(()),
            replacements => self.begin_anew(replacements),
        }
    }

    /// Claims a replaced store, and forgets what was in the former one.
    fn begin_anew(&mut self, replacements: u64) -> Result<(), StoreError> {
        self.store.claim(&self.claim)?;
        self.forget();
        self.replacements = replacements;
        Ok(())
    }

    /// Forgets what is in the store. After a failure it may be another one, such as a restored
    /// backup or new tables.
    fn forget(&mut self) {
        self.met.are_gone();
        self.exposed = Known::default();
        self.aliased = Known::default();
        self.sums.are_gone();
    }

    /// Clears the data of the previous batch, and all known sets and facts if there are too many.
    fn bound(&mut self) {
        // Other programs may write before the next batch.
        self.met.kinds = None;
        if self.met.is_full() {
            // Exposed facts have ids of `met`, so they are forgotten with it. Sums have names and
            // stay.
            self.met = Met::default();
            self.exposed = Known::default();
        }
    }

    /// Claims the store again, if it was emptied without a failure in between.
    fn claim_again(&mut self) -> Result<(), StoreError> {
        match self.store.units()? {
            Some(_) => self.is_claim_known = true,
            None if self.is_claim_known => self.begin_anew(self.replacements)?,
            None => {}
        }
        Ok(())
    }

    /// Writes records in one batch, with the definitions that they need.
    fn write_once(&mut self, records: &[Record]) -> Result<Taken, StoreError> {
        let mut draft = Draft::new(self.writer.as_ref());
        for record in records {
            self.add(&mut draft, record);
        }
        self.add_definitions(&mut draft);
        self.commit(draft)
    }

    /// Writes the sums over requests and the losses of all sinks.
    fn settle_once(&mut self, losses: &[Lost]) -> Result<(), StoreError> {
        self.claim_again()?;
        let mut draft = Draft::new(self.writer.as_ref());
        self.add_sums(&mut draft);
        for lost in losses {
            let row = LossRow {
                writer: draft.writer,
                track: lost.track.as_ref().map(|track| draft.batch.track(track)),
                goal: lost.goal.as_ref().map(|goal| draft.batch.goal(goal)),
                sink: Arc::clone(&lost.sink),
                reason: lost.reason.as_str().into(),
                n: lost.n,
            };
            draft.batch.losses.push(row);
        }
        self.commit(draft)?;
        self.sums.are_stored();
        Ok(())
    }

    /// Writes a batch, and remembers its facts. Nothing may fail after the write, because a failure
    /// repeats the batch.
    fn commit(&mut self, draft: Draft) -> Result<Taken, StoreError> {
        let written = match draft.batch.is_empty() {
            true => Default::default(),
            false => {
                let written = self.store.write(&draft.batch);
                written.inspect_err(|_| self.forget())?.total()
            }
        };
        if self.store.replacements()? != self.replacements {
            let message =
                "the store was replaced during a write, so it lacks facts that were written";
            return Err(StoreError::new(StoreErrorKind::Replaced, message));
        }
        self.met.are_stored(draft.sets.into_keys());
        let now = Instant::now();
        self.exposed.learn(draft.exposed, now);
        self.aliased.learn(draft.aliased, now);
        for request in draft.requests {
            if let Some(track) = self.met.name(request.track) {
                self.sums.add(track, request);
            }
        }
        Ok(Taken {
            written: written.new,
            duplicates: draft.taken.duplicates + written.known + written.erased,
            aside: draft.taken.aside,
        })
    }
}

impl Sink for StoreSink {
    fn name(&self) -> &str {
        STORE
    }

    fn begin(&mut self, writer: &WriterRow, units: &Units) -> Result<(), SinkError> {
        self.is_raw = units.is_raw();
        self.writer = Some(writer.clone());
        self.claim = units.claim();
        // Before the claim, so that a store that is replaced in between is claimed again at the
        // next write.
        self.replacements = self.store.replacements()?;
        self.store.claim(&self.claim)?;
        if self.growth.is_by_bytes() && self.store.bytes()?.is_none() {
            let message = "the ceiling is in bytes, but the store does not return its size; use a ceiling \
                           of new units a day";
            return Err(SinkError::refused(message));
        }
        Ok(())
    }

    fn refuse(&mut self, record: &Record) -> Result<Option<LostReason>, SinkError> {
        if let Record::Exposure { exposure, unit } = record
            && let Some((set, _)) = self.met.meet(exposure)
        {
            if self.is_of_other_unit(set)? {
                return Ok(Some(LostReason::OtherUnit));
            }
            let now = (Timestamp::now(), Instant::now());
            if self.growth.refuses(*unit, &*self.store, now)? {
                return Ok(Some(LostReason::Ceiling));
            }
        }
        Ok(None)
    }

    fn write(&mut self, records: &[Record]) -> Result<Taken, SinkError> {
        self.bound();
        let taken = self.following(|sink| sink.write_once(records))?;
        // What fails here is no failure of these records, and `settle` tries again.
        self.warn_of_changes().ok();
        Ok(taken)
    }

    fn set_aside(&mut self, record: &Record, reason: &SinkError) -> Result<(), SinkError> {
        let mut draft = Draft::new(self.writer.as_ref());
        draft.set_aside(record, &reason.to_string());
        self.following(|sink| sink.store.write(&draft.batch))?;
        Ok(())
    }

    fn settle(&mut self, losses: &[Lost]) -> Result<(), SinkError> {
        self.following(|sink| sink.settle_once(losses))?;
        Ok(self.warn_of_changes()?)
    }
}

/// Returns the time of a record.
fn at(record: &Record) -> Timestamp {
    match record {
        Record::Exposure { exposure, .. } => exposure.at().into(),
        Record::Conversion { conversion, .. } => conversion.at().into(),
        Record::Alias { alias, .. } => alias.at().into(),
    }
}

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use crate::{
        assign::{Key, MultiTrackSet, SimpleTrackSet},
        store::Memory,
    };

    use super::*;

    fn sets(number: usize) -> MultiTrackSet {
        let set = SimpleTrackSet::new(format!("set-{number}"));
        set.track("long", 1).build().unwrap()
    }

    fn record(number: usize) -> Record {
        let (sets, key) = (sets(number), Key::from("alice"));
        let choice = sets.assign(&key, &());
        let exposure = Exposure::new(choice, key, SystemTime::now()).unwrap();
        let unit = Unit::from_bytes([7; 16]);
        Record::Exposure { exposure, unit }
    }

    /// Two batches of definitions: after many others, the first ones are new once more.
    #[test]
    fn sets_without_end_are_forgotten_and_nothing_is_lost() {
        let store = Arc::new(Memory::default());
        let mut sink = StoreSink::new(
            store.clone(),
            Arc::new(|_: &Exposure| false),
            Ceiling::default(),
        );
        let units = Units::raw();
        let writer = WriterRow::new([1; 16], Timestamp::now());
        sink.begin(&writer, &units).unwrap();
        sink.write(&[record(0)]).unwrap();
        for number in 1..30_000 {
            let Record::Exposure { exposure, .. } = record(number) else {
                unreachable!("it is an exposure")
            };
            sink.met.meet(&exposure).unwrap();
            if number % 1_000 == 0 {
                sink.write(&[]).unwrap();
            }
            assert!(sink.met.len() <= 11_000);
        }
        let taken = sink.write(&[record(0), record(1)]).unwrap();
        assert_eq!((taken.written, taken.duplicates), (1, 1));
        assert_eq!(store.phases().unwrap().len(), 2);
    }
}
