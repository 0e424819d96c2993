use std::{
    sync::Arc,
    time::{Duration, SystemTime},
};

use tower_tracks::{
    Exposure, Goal, Key, Metric, MultiTrackSet, Observe, Plan, SimpleTrackSet, Units,
    assign::Set,
    event::Conversion,
    record::Recorder,
    report::{PhaseReport, Report, Reporter},
    store::{
        Batch, DefinitionName, DefinitionRow, ExposureRow, Memory, PhaseName, PlanRow, Store,
        Timestamp, TrackName, WriterRow,
    },
    unit::Unit,
};

use super::visitors::{Behaviour, Visitor};

pub(super) const CONTROL: Behaviour = Behaviour {
    rate: 0.2,
    spend: 30.0,
};

pub(super) const CHEAP: Behaviour = Behaviour {
    rate: 0.25,
    spend: 28.0,
};

/// A day.
pub(super) const DAY: Duration = Duration::from_secs(86_400);

/// When everything begins: midnight of a day that is over wherever this runs.
pub(super) fn start() -> SystemTime {
    SystemTime::UNIX_EPOCH + 20_148 * DAY
}

/// So many days after the start.
pub(super) fn day(days: u32) -> Timestamp {
    (start() + days * DAY).into()
}

pub(super) fn units() -> Units {
    Units::pseudonym("0123456789abcdef").unwrap()
}

pub(super) fn plan() -> Plan {
    Plan::default()
        .primary(Metric::rate("purchase"))
        .exploratory(Metric::value("purchase"))
}

/// A set with one track beside control.
pub(super) fn pricing(plan: Plan) -> MultiTrackSet {
    let set = SimpleTrackSet::new("pricing").track("cheap", ()).plan(plan);
    set.build().unwrap()
}

/// The definition of a set, in force since the start.
pub(super) fn definition_of(set: &Set, phase: u32) -> DefinitionRow {
    let fingerprint = *set.fingerprint().as_bytes();
    let json = serde_json::to_string(set).unwrap().into();
    DefinitionRow::new(phase, fingerprint, json, day(0))
}

pub(super) fn phase_of(sets: &MultiTrackSet) -> PhaseName {
    PhaseName::of(sets.sets().next().unwrap())
}

/// A shop in which visitors are assigned and recorded, without http.
pub(super) struct Shop {
    pub(super) store: Arc<Memory>,
    pub(super) recorder: Recorder,
    pub(super) sets: MultiTrackSet,
    /// How long it is between two visitors.
    pub(super) every: Duration,
    /// When the next one comes.
    after: Duration,
}

impl Shop {
    pub(super) fn new(sets: MultiTrackSet) -> Self {
        let store = Arc::new(Memory::default());
        let recorder = Recorder::builder(units()).queue(200_000);
        let recorder = recorder.store(store.clone()).start().unwrap();
        Self {
            store,
            recorder,
            sets,
            every: Duration::from_secs(60),
            after: Duration::ZERO,
        }
    }

    /// Adds visitors; those in any track but control behave as if it were cheap.
    pub(super) fn visit(&mut self, visitors: impl IntoIterator<Item = Visitor>) {
        self.visit_unless(visitors, |_| false);
    }

    /// The same, but exposures that are `lost` do not come to the recorder.
    pub(super) fn visit_unless(
        &mut self,
        visitors: impl IntoIterator<Item = Visitor>,
        mut lost: impl FnMut(&str) -> bool,
    ) {
        for visitor in visitors {
            let at = start() + self.after;
            self.after += self.every;
            let key = Key::from(visitor.key.clone());
            let choice = self.sets.assign(key.clone(), &());
            let track = choice.track().unwrap().to_owned();
            let exposure = Exposure::new(choice, key.clone(), at).unwrap();
            if !lost(&track) {
                self.recorder.observe(&exposure);
            }
            let behaviour = if track == "control" { CONTROL } else { CHEAP };
            if let Some(spent) = visitor.spends(behaviour) {
                self.buy(&key, at + Duration::from_secs(1), spent);
            }
        }
        self.recorder.flush().wait().unwrap();
    }

    pub(super) fn buy(&self, key: &Key<'_>, at: SystemTime, spent: f64) {
        let purchase = Conversion::new(key, Goal::new("purchase").unwrap(), at);
        let purchase = purchase.value(spent).unwrap().once("first order");
        self.recorder.conversion(&purchase);
    }

    /// Adds no visitor until this time after the start.
    pub(super) fn skip_to(&mut self, after: Duration) {
        self.after = after;
    }

    /// Exposes units to a track of the set, whatever the assignment says.
    pub(super) fn expose(
        &self,
        track: &str,
        exposed: impl IntoIterator<Item = Unit>,
        at: Timestamp,
    ) {
        let mut batch = Batch::default();
        let writer = batch.writer(&WriterRow::new([7; 16], day(0)));
        let track = TrackName {
            phase: phase_of(&self.sets),
            track: track.into(),
            control: track == "control",
        };
        let track = batch.track(&track);
        let row = |unit| ExposureRow::new(track, unit, at, writer).coin(true);
        batch.exposures.extend(exposed.into_iter().map(row));
        self.store.write(&batch).unwrap();
    }

    /// Exposes so many units to the first track of another definition of the set.
    pub(super) fn expose_under(&self, set: &Set, count: u8, at: Timestamp) {
        let mut batch = Batch::default();
        let phase = phase_of(&self.sets);
        let writer = batch.writer(&WriterRow::new([7; 16], day(0)));
        let definition = DefinitionName {
            phase: phase.clone(),
            fingerprint: *set.fingerprint().as_bytes(),
        };
        let track = TrackName {
            track: set.tracks()[0].name().into(),
            control: set.tracks()[0].is_control(),
            phase: phase.clone(),
        };
        let (track, definition) = (batch.track(&track), batch.definition(&definition));
        let row = |n| {
            let unit = Unit::from_bytes([n; 16]);
            let row = ExposureRow::new(track, unit, at, writer);
            row.coin(true).definition(definition)
        };
        batch.exposures.extend((0..count).map(row));
        let phase = batch.phase(&phase);
        batch.definitions.push(definition_of(set, phase));
        self.store.write(&batch).unwrap();
    }

    /// Stores the set as it is when all of its units were erased.
    pub(super) fn visit_nobody(&self) {
        let mut batch = Batch::default();
        let set = self.sets.sets().next().unwrap();
        for track in set.tracks() {
            batch.track(&TrackName::of(set, track));
        }
        let phase = batch.phase(&PhaseName::of(set));
        batch.definitions.push(definition_of(set, phase));
        self.store.write(&batch).unwrap();
    }

    /// Stores that the set has another plan from a time on.
    pub(super) fn plan_from(&self, first_at: Timestamp, json: &str) {
        let mut batch = Batch::default();
        let row = PlanRow::new(batch.phase(&phase_of(&self.sets)), first_at, json.into());
        batch.plans.push(row);
        self.store.write(&batch).unwrap();
    }

    /// Reports thirty days after the start, when all windows are over.
    pub(super) fn report(&self) -> PhaseReport {
        only(report(&*self.store))
    }
}

pub(super) fn report(store: &dyn Store) -> Report {
    Reporter::new(store, day(30)).compute().unwrap()
}

/// The one phase that there is.
pub(super) fn only(report: Report) -> PhaseReport {
    assert!(report.unread.is_empty(), "{:?}", report.unread);
    let [phase] = report.phases.try_into().unwrap();
    phase
}
