use std::sync::Arc;

use tower_tracks::{
    Goal,
    store::{
        AliasRow, AsideRow, Batch, ConversionRow, DefinitionName, DefinitionRow, ErasedRow,
        ExposureRow, LossRow, PhaseName, PlanRow, RawUnitRow, RequestSums, SumRow, Timestamp,
        TrackName, WriterRow,
    },
    unit::Unit,
};

/// A row with what it refers to, so that it may go into any batch.
#[derive(Debug, Clone)]
pub(super) enum Fact {
    Exposure(Exposure),
    Conversion(Conversion),
    Alias(AliasRow),
    Sum(Sum),
    Loss(Loss),
    Definition(Definition),
    Plan(Plan),
    Erased(ErasedRow),
    Raw(RawUnitRow),
    Aside(AsideRow),
    Track(TrackName),
    Goal(Goal),
}

#[derive(Debug, Clone)]
pub(super) struct Exposure {
    pub(super) track: TrackName,
    pub(super) unit: Unit,
    pub(super) first_at: Timestamp,
    pub(super) coin: Option<bool>,
    /// A byte of the fingerprint.
    pub(super) definition: Option<u8>,
    pub(super) segment: Option<Arc<str>>,
    pub(super) writer: WriterRow,
}

#[derive(Debug, Clone)]
pub(super) struct Conversion {
    pub(super) goal: Goal,
    pub(super) unit: Unit,
    pub(super) idem: [u8; 16],
    pub(super) at: Timestamp,
    pub(super) value: i64,
    pub(super) writer: WriterRow,
}

#[derive(Debug, Clone)]
pub(super) struct Sum {
    pub(super) track: TrackName,
    pub(super) bucket: u16,
    pub(super) writer: WriterRow,
    pub(super) sums: RequestSums,
}

#[derive(Debug, Clone)]
pub(super) struct Loss {
    pub(super) writer: WriterRow,
    pub(super) track: Option<TrackName>,
    pub(super) goal: Option<Goal>,
    pub(super) sink: Arc<str>,
    pub(super) reason: Arc<str>,
    pub(super) n: u64,
}

#[derive(Debug, Clone)]
pub(super) struct Definition {
    pub(super) phase: PhaseName,
    pub(super) fingerprint: [u8; 32],
    pub(super) json: Arc<str>,
    pub(super) first_at: Timestamp,
}

#[derive(Debug, Clone)]
pub(super) struct Plan {
    pub(super) phase: PhaseName,
    pub(super) first_at: Timestamp,
    pub(super) json: Arc<str>,
}

/// Returns a batch of facts.
pub(super) fn batch<'a>(facts: impl IntoIterator<Item = &'a Fact>) -> Batch {
    let mut batch = Batch::default();
    for fact in facts {
        fact.add_to(&mut batch);
    }
    batch
}

impl Fact {
    fn add_to(&self, batch: &mut Batch) {
        match self.clone() {
            Self::Exposure(fact) => fact.add_to(batch),
            Self::Conversion(fact) => fact.add_to(batch),
            Self::Alias(row) => batch.aliases.push(row),
            Self::Sum(fact) => fact.add_to(batch),
            Self::Loss(fact) => fact.add_to(batch),
            Self::Definition(fact) => fact.add_to(batch),
            Self::Plan(fact) => fact.add_to(batch),
            Self::Erased(row) => batch.erased.push(row),
            Self::Raw(row) => batch.raw_units.push(row),
            Self::Aside(row) => batch.aside.push(row),
            Self::Track(track) => drop(batch.track(&track)),
            Self::Goal(goal) => drop(batch.goal(&goal)),
        }
    }

    /// Returns the same rows with a wrong kind of a phase, and a wrong control of a track.
    pub(super) fn mistaken(mut self) -> Self {
        let mistake = |phase: &mut PhaseName| phase.kind = "mistaken".into();
        match &mut self {
            Self::Exposure(Exposure { track, .. })
            | Self::Sum(Sum { track, .. })
            | Self::Loss(Loss {
                track: Some(track), ..
            })
            | Self::Track(track) => {
                mistake(&mut track.phase);
                track.control = !track.control;
            }
            Self::Definition(Definition { phase, .. }) | Self::Plan(Plan { phase, .. }) => {
                mistake(phase);
            }
            _ => {}
        }
        self
    }
}

impl Exposure {
    fn add_to(self, batch: &mut Batch) {
        let definition = self.definition.map(|byte| DefinitionName {
            phase: self.track.phase.clone(),
            fingerprint: [byte; 32],
        });
        let row = ExposureRow {
            track: batch.track(&self.track),
            unit: self.unit,
            first_at: self.first_at,
            coin: self.coin,
            definition: definition.map(|definition| batch.definition(&definition)),
            segment: self.segment.map(|segment| batch.segment(&segment)),
            writer: batch.writer(&self.writer),
        };
        batch.exposures.push(row);
    }
}

impl Conversion {
    fn add_to(self, batch: &mut Batch) {
        let row = ConversionRow {
            goal: batch.goal(&self.goal),
            unit: self.unit,
            idem: self.idem,
            at: self.at,
            value: self.value,
            writer: batch.writer(&self.writer),
        };
        batch.conversions.push(row);
    }
}

impl Sum {
    fn add_to(self, batch: &mut Batch) {
        let row = SumRow {
            track: batch.track(&self.track),
            bucket: self.bucket,
            writer: batch.writer(&self.writer),
            sums: self.sums,
        };
        batch.sums.push(row);
    }
}

impl Loss {
    fn add_to(self, batch: &mut Batch) {
        let row = LossRow {
            writer: batch.writer(&self.writer),
            track: self.track.map(|track| batch.track(&track)),
            goal: self.goal.map(|goal| batch.goal(&goal)),
            sink: self.sink,
            reason: self.reason,
            n: self.n,
        };
        batch.losses.push(row);
    }
}

impl Definition {
    fn add_to(self, batch: &mut Batch) {
        let row = DefinitionRow {
            phase: batch.phase(&self.phase),
            fingerprint: self.fingerprint,
            json: self.json,
            first_at: self.first_at,
        };
        batch.definitions.push(row);
    }
}

impl Plan {
    fn add_to(self, batch: &mut Batch) {
        let row = PlanRow {
            phase: batch.phase(&self.phase),
            first_at: self.first_at,
            json: self.json,
        };
        batch.plans.push(row);
    }
}
