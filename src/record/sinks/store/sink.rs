use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use crate::{
    assign::Set,
    event::{Exposure, Unit, Units},
    record::{
        AliasRow, AsideRow, Batch, ConversionRow, DefinitionRow, ExposureRow, LossRow, Lost,
        RawUnitRow, Readout, Record, Sink, SinkError, Store, StoreError, SumRow, Taken, Timestamp,
        WriterRow, recorder::warn,
    },
};

use super::{
    known::Known,
    met::{Met, TrackId},
    payload,
    sums::{Request, Sums},
};

/// How far in the future an event may be, by this machine's clock.
const FUTURE: Duration = Duration::from_secs(60 * 60);

/// The kind of read-out that a plan is stored as.
pub(in crate::record) const PLAN: &str = "plan";

/// A store as a sink.
pub(in crate::record) struct StoreSink {
    store: Arc<dyn Store>,
    is_error: IsError,
    writer: Option<WriterRow>,
    /// Whether keys are kept beside their units.
    is_raw: bool,
    met: Met,
    exposed: Known<(TrackId, Unit)>,
    aliased: Known<(Unit, Unit)>,
    sums: Sums,
}

type IsError = Arc<dyn Fn(&Exposure) -> bool + Send + Sync>;

/// A batch in the making, and what is to be noted once it is written.
struct Draft {
    batch: Batch,
    writer: u32,
    now: Timestamp,
    taken: Taken,
    exposed: Vec<((TrackId, Unit), Timestamp)>,
    aliased: Vec<((Unit, Unit), Timestamp)>,
    requests: Vec<Request>,
}

impl StoreSink {
    pub(in crate::record) fn new(store: Arc<dyn Store>, is_error: IsError) -> Self {
        Self {
            store,
            is_error,
            writer: None,
            is_raw: false,
            met: Met::default(),
            exposed: Known::default(),
            aliased: Known::default(),
            sums: Sums::default(),
        }
    }

    fn draft(&self) -> Draft {
        let mut batch = Batch::default();
        let writer = self.writer.as_ref().map(|writer| batch.writer(writer));
        Draft {
            batch,
            writer: writer.unwrap_or_default(),
            now: Timestamp::now(),
            taken: Taken::default(),
            exposed: Vec::new(),
            aliased: Vec::new(),
            requests: Vec::new(),
        }
    }

    fn add(&mut self, draft: &mut Draft, record: &Record) {
        if at(record) > draft.now.plus(FUTURE) {
            draft.taken.aside += 1;
            let reason = "it is more than an hour in the future";
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
                if let (true, Some(key)) = (self.is_raw, subject.key()) {
                    draft.add_key(*unit, subject.kind(), key.as_bytes());
                }
            }
            Record::Alias {
                alias,
                visitor,
                user,
            } => self.add_alias(draft, alias.at().into(), (*visitor, *user)),
        }
    }

    fn add_exposure(&mut self, draft: &mut Draft, exposure: &Exposure, unit: Unit) {
        let Some(track) = self.met.track(exposure) else {
            return;
        };
        draft
            .requests
            .extend(Request::of(track, unit, exposure, &*self.is_error));
        let first_at = exposure.at().into();
        if self.exposed.has(&(track, unit), first_at) {
            draft.taken.duplicates += 1;
            return;
        }
        let Some(name) = self.met.name(track) else {
            return;
        };
        let row = ExposureRow {
            track: draft.batch.track(name),
            unit,
            first_at,
            coin: exposure.choice().coin(),
            writer: draft.writer,
        };
        draft.batch.exposures.push(row);
        draft.exposed.push(((track, unit), first_at));
        if let (true, Some(key)) = (self.is_raw, exposure.key()) {
            draft.add_key(unit, exposure.unit(), key.as_bytes());
        }
    }

    fn add_alias(&self, draft: &mut Draft, first_at: Timestamp, pair: (Unit, Unit)) {
        if self.aliased.has(&pair, first_at) {
            draft.taken.duplicates += 1;
            return;
        }
        let (visitor, user) = pair;
        draft.batch.aliases.push(AliasRow {
            visitor,
            user,
            first_at,
        });
        draft.aliased.push((pair, first_at));
    }

    /// Adds the definitions that are not in the store yet.
    fn add_definitions(&self, draft: &mut Draft) {
        for (met, tracks) in self.met.not_stored() {
            for track in tracks {
                draft.batch.track(track);
            }
            // A definition that was built can be written.
            let json = serde_json::to_string(&*met.set).unwrap_or_default();
            let row = DefinitionRow {
                phase: draft.batch.phase(&met.phase),
                fingerprint: *met.set.fingerprint().as_bytes(),
                json: json.into(),
                first_at: draft.now,
            };
            draft.batch.definitions.push(row);
        }
    }

    fn add_sums(&self, draft: &mut Draft) {
        for (track, bucket, sums) in self.sums.changed() {
            let Some(name) = self.met.name(track) else {
                continue;
            };
            let row = SumRow {
                track: draft.batch.track(name),
                bucket,
                writer: draft.writer,
                sums,
            };
            draft.batch.sums.push(row);
        }
    }

    /// Writes what was drafted, and takes note of it.
    fn commit(&mut self, draft: Draft) -> Result<Taken, StoreError> {
        let written = match draft.batch.is_empty() {
            true => Default::default(),
            false => self.store.write(&draft.batch)?.total(),
        };
        let now = Instant::now();
        self.exposed.age(now);
        self.aliased.age(now);
        for (fact, at) in draft.exposed {
            self.exposed.insert(fact, at);
        }
        for (pair, at) in draft.aliased {
            self.aliased.insert(pair, at);
        }
        for request in draft.requests {
            self.sums.add(request);
        }
        self.store_plans()?;
        if self.met.are_stored() {
            self.warn_of_changes()?;
        }
        Ok(Taken {
            written: written.new,
            duplicates: draft.taken.duplicates + written.known + written.erased,
            aside: draft.taken.aside,
        })
    }

    /// Stores what sets are to find out. The definition that was first in force keeps its own, and
    /// the latest counts.
    fn store_plans(&self) -> Result<(), StoreError> {
        for (met, _) in self.met.not_stored() {
            let Some(plan) = met.set.plan() else {
                continue;
            };
            let readout = Readout {
                phase: met.phase.clone(),
                kind: PLAN.into(),
                as_of: Timestamp::now(),
                // What is written into a definition can be written.
                json: serde_json::to_string(plan).unwrap_or_default().into(),
            };
            self.store.put_readout(&readout)?;
        }
        Ok(())
    }

    /// Says which phases have had several definitions: whoever was in them may have been moved.
    fn warn_of_changes(&self) -> Result<(), StoreError> {
        for phase in self.store.phases()? {
            if phase.definitions.len() > 1 && self.met.has(&phase.name) {
                warn(format_args!(
                    "set {:?}: its salt, tracks or weights were changed within phase {}, which \
                     moves those who are in it; begin the next phase",
                    phase.name.set, phase.name.phase
                ));
            }
        }
        Ok(())
    }
}

impl Draft {
    fn set_aside(&mut self, record: &Record, reason: &str) {
        self.batch.aside.push(AsideRow {
            at: self.now,
            reason: reason.into(),
            payload: payload::of(record).into(),
        });
    }

    fn add_key(&mut self, unit: Unit, kind: &str, key: &[u8]) {
        self.batch.raw_units.push(RawUnitRow {
            unit,
            kind: kind.into(),
            key: key.into(),
        });
    }
}

impl Sink for StoreSink {
    fn name(&self) -> &str {
        "store"
    }

    fn begin(&mut self, writer: &WriterRow, units: &Units) -> Result<(), SinkError> {
        self.is_raw = units.is_raw();
        self.writer = Some(writer.clone());
        Ok(self.store.claim(&units.claim())?)
    }

    fn define(&mut self, set: &Arc<Set>) {
        self.met.meet(set);
    }

    fn write(&mut self, records: &[Record]) -> Result<Taken, SinkError> {
        let mut draft = self.draft();
        for record in records {
            self.add(&mut draft, record);
        }
        self.add_definitions(&mut draft);
        Ok(self.commit(draft)?)
    }

    fn set_aside(&mut self, record: &Record, reason: &SinkError) -> Result<(), SinkError> {
        let mut draft = self.draft();
        draft.set_aside(record, &reason.to_string());
        self.store.write(&draft.batch)?;
        Ok(())
    }

    fn settle(&mut self, losses: &[Lost]) -> Result<(), SinkError> {
        let mut draft = self.draft();
        self.add_definitions(&mut draft);
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
}

fn at(record: &Record) -> Timestamp {
    match record {
        Record::Exposure { exposure, .. } => exposure.at().into(),
        Record::Conversion { conversion, .. } => conversion.at().into(),
        Record::Alias { alias, .. } => alias.at().into(),
    }
}
