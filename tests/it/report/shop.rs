use std::{
    sync::Arc,
    time::{Duration, SystemTime},
};

use tower_tracks::{
    Conversion, Exposure, Goal, Key, Metric, MultiTrackSet, Observe, Plan, SimpleTrackSet, Units,
    record::{
        Batch, DefinitionRow, Memory, PhaseName, PlanRow, Recorder, Store, Timestamp, TrackName,
    },
    report::{PhaseReport, Report, Reporter},
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
        .also(Metric::value("purchase"))
}

/// A set with one track beside control.
pub(super) fn pricing(plan: Plan) -> MultiTrackSet {
    let set = SimpleTrackSet::new("pricing").track("cheap", ()).plan(plan);
    set.build().unwrap()
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
    visited: u32,
}

impl Shop {
    pub(super) fn new(sets: MultiTrackSet) -> Self {
        let store = Arc::new(Memory::default());
        let recorder = Recorder::builder(units()).queue(200_000);
        let recorder = recorder.shared_store(store.clone()).start().unwrap();
        Self {
            store,
            recorder,
            sets,
            every: Duration::from_secs(60),
            visited: 0,
        }
    }

    /// Lets visitors in, of whom those in any track but control behave as if it were cheap.
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
            let at = start() + self.visited * self.every;
            self.visited += 1;
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

    /// Stores the set as it is when all of its units were erased.
    pub(super) fn visit_nobody(&self) {
        let mut batch = Batch::default();
        let set = self.sets.sets().next().unwrap();
        for track in set.tracks() {
            batch.track(&TrackName::of(set, track));
        }
        let row = DefinitionRow {
            phase: batch.phase(&PhaseName::of(set)),
            fingerprint: *set.fingerprint().as_bytes(),
            json: serde_json::to_string(set).unwrap().into(),
            first_at: day(0),
        };
        batch.definitions.push(row);
        self.store.write(&batch).unwrap();
    }

    /// Stores that the set has another plan from a time on.
    pub(super) fn plan_from(&self, first_at: Timestamp, json: &str) {
        let mut batch = Batch::default();
        let row = PlanRow {
            phase: batch.phase(&phase_of(&self.sets)),
            first_at,
            json: json.into(),
        };
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
